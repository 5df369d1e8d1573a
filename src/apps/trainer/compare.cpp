#include <iostream>
#include <optional>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "base/files.hpp"
#include "training/evaluation/comparison.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::apps {

void run_compare(const CompareCommand& command) {
    std::vector<NamedFile> inputs{{"the list of --exclude", command.exclude}};
    add_card(inputs, "the card A", command.a);
    add_card(inputs, "the card B", command.b);
    check_outputs({{"--json", command.json}}, inputs);
    if (!command.json.empty()) const OutputFile writable(command.json);
    auto card_a = model::read_card(command.a), card_b = model::read_card(command.b);
    card_a.name = command.a.string();  // two trainings by one recipe bear the same name
    card_b.name = command.b.string();
    training::classes_in_common(card_a, card_b);  // before hours of scoring
    const auto folder = training::find_split(command.data, command.split, "validation");
    const auto detection = command.detect ? std::optional(usual_detection()) : std::nullopt;
    Progress progress(Progress::style_of_stderr(command.quiet));
    ThreadPool threads(command.threads);
    const auto folders =
        list_pictures(folder, read_exclusions(command.exclude, command.data, progress), progress);
    for (const auto* card : {&card_a, &card_b}) check_folder_names(*card, folder, folders, progress);
    const auto by_a =
        training::score_folders(command.a, folders, detection, threads, show_stage(progress, "A is scoring"));
    const auto by_b =
        training::score_folders(command.b, folders, detection, threads, show_stage(progress, "B is scoring"));
    const auto comparison = training::compare(card_a, by_a, card_b, by_b);
    if (!command.json.empty()) write_file(command.json, training::json_text(training::to_json(comparison)));
    std::cout << "on " << folder.string() << (command.detect ? ", faces found first" : "") << '\n'
              << training::to_text(comparison);
}

}  // namespace emotion::apps
