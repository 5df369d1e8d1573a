#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "apps/trainer/report.hpp"
#include "apps/trainer/shared_options.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/seconds.hpp"
#include "training/data/labeled_pictures.hpp"
#include "training/data/nuisances.hpp"
#include "training/evaluation/evaluation_text.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/evaluation/neutral_answers.hpp"
#include "training/evaluation/predictions.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/evaluation/vote_figures.hpp"

namespace emotion::apps {
namespace {

/// The options of trainer evaluate.
struct EvaluateCommand {
    std::filesystem::path model;  ///< the card
    MeasuredData measured;
    std::filesystem::path predictions;  ///< table of all predictions; empty: none
    std::filesystem::path json;         ///< empty: none
    std::filesystem::path report;       ///< folder; empty: none
    bool detect = false;                ///< detect the face first; otherwise each picture is a crop
    bool write_neutral = false;         ///< write the card's `neutral`
    bool nuisances = false;             ///< also with poor light, blur, tilt, shadow and glasses
    bool quiet = false;
    int threads = 0;
};

/// Evaluates the shown classes' pictures, as whole crops, under each nuisance.
std::vector<training::NuisanceFigures> measure_nuisances(const std::filesystem::path& model,
                                                         const std::vector<training::ClassFolder>& folders,
                                                         ThreadPool& threads) {
    const auto scorer = model::load_scorer(model);
    const auto& card = scorer->card();
    const auto data = training::load_dataset(folders, card.shown_names(), card.crop, threads);
    std::vector<training::NuisanceFigures> figures;
    for (const auto& nuisance : training::nuisances())
        figures.push_back(
            {nuisance.name,
             training::evaluate(card, training::score_dataset(*scorer, training::perturb(data, nuisance)))
                 .forced});
    return figures;
}

/// Whether the card's scores are from pictures not used for training.
bool has_scores_of_held_back(const model::ModelCard& card) {
    return std::any_of(card.provenance.begin(), card.provenance.end(), [](const auto& entry) {
        return entry.first.starts_with("scores.") && !entry.first.starts_with("scores.validation.");
    });
}

/// Writes the `neutral` of the card, as measured on these pictures.
void write_neutral(const std::filesystem::path& path, model::ModelCard card,
                   const std::vector<training::ScoredFolder>& scored) {
    card.neutral = training::neutral_answers(card, scored);
    if (card.neutral.empty())
        throw ConfigError(path.string() +
                          (card.find_class(model::kNeutral)
                               ? ": no picture of the data is neutral to most people, so nothing is written"
                               : ": has no class neutral, which --write-neutral is for"));
    write_file(path, model::card_text(card));
}

void check_outputs(const EvaluateCommand& command) {
    auto outputs = report_outputs(command.report);
    outputs.push_back({"--json", command.json});
    outputs.push_back({"--predictions", command.predictions});
    auto inputs = inputs_of(command.measured);
    add_card(inputs, "the card of --model", command.model);
    check_outputs(outputs, inputs);
}

void run_evaluate(const EvaluateCommand& command) {
    check_outputs(command);
    if (!command.json.empty()) const OutputFile writable(command.json);
    if (!command.predictions.empty()) const OutputFile writable(command.predictions);
    if (!command.report.empty()) training::prepare_report(command.report);
    const auto started = std::chrono::steady_clock::now();
    const auto card = model::read_card(command.model);
    const auto detection = command.detect ? std::optional(default_detection()) : std::nullopt;
    ThreadPool threads(command.threads);

    Progress progress(Progress::style_of_stderr(command.quiet));
    const auto [folder, folders, tables, rules] = list_measured(card, command.measured, progress);
    check_folder_names(card, folder, folders, progress);
    if (folder == command.measured.data && !training::is_table(folder) && has_scores_of_held_back(card))
        progress.say("note: there is no validation/ in it; if " + card.name +
                     " was trained on these pictures, its own scores (trainer inspect) are the honest ones");
    if (std::ranges::count(card.provenance, "init", &std::pair<std::string, std::string>::first) > 0 &&
        !has_scores_of_held_back(card))
        progress.say("note: " + card.name +
                     " was fine-tuned without held-back pictures; on those it has learned from it looks "
                     "better than it is");
    auto scored =
        training::score_folders(command.model, folders, detection, threads, show_stage(progress, "scoring"));
    training::add_votes(card, folders, tables, scored, rules);
    if (command.write_neutral) write_neutral(command.model, card, scored);
    auto evaluation = training::evaluate(card, scored);
    if (command.nuisances) evaluation.nuisances = measure_nuisances(command.model, folders, threads);
    if (!command.json.empty()) write_file(command.json, training::json_text(training::to_json(evaluation)));
    if (!command.predictions.empty())
        write_file(command.predictions, training::predictions_csv(card, scored));
    std::cout << card.name << " on " << folder.string() << (command.detect ? ", faces found first" : "")
              << '\n'
              << training::to_text(evaluation);
    if (!command.report.empty()) {
        write_evaluation_report(command.report, command.model, {folders, scored, evaluation, command.detect},
                                seconds_since(started));
    }
}

}  // namespace

void add_evaluate(CLI::App& app) {
    auto& command = *app.add_subcommand("evaluate", "Evaluate a model card on folders of pictures");
    const auto options = std::make_shared<EvaluateCommand>();
    add_card(command, "--model", options->model, "The card")->required();
    add_measured_data(command, options->measured.data, options->measured.split);
    add_votes(command, options->measured.votes);
    add_recipe_of_votes(command, options->measured.recipe);
    add_file(command, "--json", options->json, "Write the figures to this file; default: none");
    add_file(command, "--predictions", options->predictions,
             "Write one row (CSV) per picture to this file: truth, label shown, all probabilities;\n"
             "default: none");
    command.add_flag("--write-neutral", options->write_neutral,
                     "Write into the card (anew, without comments) what neutral faces are like to it, which\n"
                     "emotion-detector --neutral and the key n need; trainer train does so by itself");
    add_detect(command, options->detect);
    command.add_flag("--nuisances", options->nuisances,
                     "Also evaluate the shown classes darker, brighter, blurred, tilted, in shadow and with\n"
                     "glasses");
    add_exclude(command, options->measured.exclude);
    add_quiet(command, options->quiet);
    add_report(command, options->report);
    add_threads(command, options->threads);
    command.callback([options] { run_evaluate(*options); });
}

}  // namespace emotion::apps
