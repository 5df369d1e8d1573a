#pragma once

namespace CLI {
class App;
}

namespace emotion::apps {

// The commands of trainer: each adds itself, with its options, to the command line, and does its work when it
// is parsed. Results go to stdout, progress and warnings to stderr. All throw Error for what the data, cards
// and outputs lack, and ConfigError for what cannot be meant. Data is only read; --threads and --quiet change
// no result.

/// Makes a model card and its weights from folders of pictures, or measures recipes on them. The card is put
/// in place at the end; until then a network keeps itself in a checkpoint beside it.
void add_train(CLI::App& app);
/// Measures a model card on folders of pictures.
void add_evaluate(CLI::App& app);
/// Measures two cards on the same pictures and tests whether they differ.
void add_compare(CLI::App& app);
/// Looks for what is wrong with folders of pictures; changes nothing.
void add_check(CLI::App& app);
/// Cuts the faces out of one's own material as pictures to label; replaces no file.
void add_crop(CLI::App& app);
/// Says what a card holds and whether its weights are sound.
void add_inspect(CLI::App& app);

}  // namespace emotion::apps
