#include <iostream>
#include <memory>
#include <optional>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "apps/trainer/shared_options.hpp"
#include "base/files.hpp"
#include "training/evaluation/comparison.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/evaluation/vote_figures.hpp"

namespace emotion::apps {
namespace {

/// The options of trainer compare.
struct CompareCommand {
    std::filesystem::path a, b;  ///< two cards with the same shown classes
    MeasuredData measured;
    std::filesystem::path json;  ///< empty: none
    bool detect = false;
    bool quiet = false;
    int threads = 0;
};

void run_compare(const CompareCommand& command) {
    auto inputs = inputs_of(command.measured);
    add_card(inputs, "the card A", command.a);
    add_card(inputs, "the card B", command.b);
    check_outputs({{"--json", command.json}}, inputs);
    if (!command.json.empty()) const OutputFile writable(command.json);
    auto card_a = model::read_card(command.a), card_b = model::read_card(command.b);
    card_a.name = command.a.string();  // models trained by one recipe have the same name
    card_b.name = command.b.string();
    training::classes_in_common(card_a, card_b);  // checked before hours of scoring
    const auto detection = command.detect ? std::optional(default_detection()) : std::nullopt;
    Progress progress(Progress::style_of_stderr(command.quiet));
    ThreadPool threads(command.threads);
    const auto [folder, folders, tables, rules] = list_measured(card_a, command.measured, progress);
    for (const auto* card : {&card_a, &card_b}) check_folder_names(*card, folder, folders, progress);
    auto by_a =
        training::score_folders(command.a, folders, detection, threads, show_stage(progress, "A is scoring"));
    auto by_b =
        training::score_folders(command.b, folders, detection, threads, show_stage(progress, "B is scoring"));
    training::add_votes(card_a, folders, tables, by_a, rules);
    training::add_votes(card_b, folders, tables, by_b, rules);
    const auto comparison = training::compare(card_a, by_a, card_b, by_b);
    if (!command.json.empty()) write_file(command.json, training::json_text(training::to_json(comparison)));
    std::cout << "on " << folder.string() << (command.detect ? ", faces found first" : "") << '\n'
              << training::to_text(comparison);
}

}  // namespace

void add_compare(CLI::App& app) {
    auto& command = *app.add_subcommand(
        "compare", "Compare two model cards on the same pictures and test whether they differ");
    const auto options = std::make_shared<CompareCommand>();
    command.add_option("A", options->a, "A card")->required()->type_name("");
    command.add_option("B", options->b, "Another card that shows the same classes")
        ->required()
        ->type_name("");
    add_measured_data(command, options->measured.data, options->measured.split);
    add_votes(command, options->measured.votes);
    add_recipe_of_votes(command, options->measured.recipe);
    add_file(command, "--json", options->json,
             "Write the figures, and the pictures on which they differ, to this file; default: none");
    add_detect(command, options->detect);
    add_exclude(command, options->measured.exclude);
    add_quiet(command, options->quiet);
    add_threads(command, options->threads);
    command.callback([options] { run_compare(*options); });
}

}  // namespace emotion::apps
