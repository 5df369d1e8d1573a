#pragma once

namespace CLI {
class App;
}

namespace emotion::apps {

// The commands of trainer: each adds itself and its options to the command line, and runs when parsed.
// Results go to stdout, progress and warnings to stderr. All throw Error for problems with data, cards and
// outputs, and ConfigError for invalid options. Input data is never modified; --threads and --quiet do not
// affect results.

/// Trains a model card and its weights on folders of pictures, or evaluates recipes on them. The card is
/// moved into place at the end; until then the state of a network is kept in a checkpoint next to it.
void add_train(CLI::App& app);
/// Evaluates a model card on folders of pictures.
void add_evaluate(CLI::App& app);
/// Evaluates two cards on the same pictures and tests the significance of their difference.
void add_compare(CLI::App& app);
/// Checks folders or tables of pictures for problems without changing anything.
void add_check(CLI::App& app);
/// Extracts faces from videos and pictures as training data to be labeled; overwrites no file.
void add_crop(CLI::App& app);
/// Prints a card and verifies its weights.
void add_inspect(CLI::App& app);

/// Parses the command line and runs its command; returns the exit code. Throws ConfigError for wrong usage.
int run_trainer(int argc, char** argv);

}  // namespace emotion::apps
