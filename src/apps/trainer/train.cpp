#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/common/progress.hpp"
#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "apps/trainer/report.hpp"
#include "apps/trainer/resume_hint.hpp"
#include "apps/trainer/shared_options.hpp"
#include "apps/trainer/train_checks.hpp"
#include "apps/trainer/train_command.hpp"
#include "apps/trainer/trials.hpp"
#include "apps/trainer/watch.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/program_files.hpp"
#include "base/seconds.hpp"
#include "model/model_files.hpp"
#include "training/check/dataset_check.hpp"
#include "training/data/split_names.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/fit/fine_tuning.hpp"
#include "training/fit/training_run.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Whether a training by this recipe writes a checkpoint.
bool keeps_checkpoint(const training::Recipe& recipe) {
    return recipe.family == training::Family::kNetwork &&
           !(recipe.init && recipe.init->trained == training::InitRecipe::Trained::kLast);
}

/// The inputs of a training except for its pictures. Each file is read once, because it may change during the
/// training.
struct Preparation {
    training::Recipe recipe;
    Search search;
    std::optional<training::InitialModel> initial;
    fs::path training_place, validation_place;  ///< folders or tables; the latter empty: none
    training::DataPart learned;
    /// Of folders that are not used although their names mean a part, and of --resume without effect.
    std::vector<std::string> warnings;
};

/// Locates the parts of the data.
void find_places(const TrainCommand& command, Preparation& prepared) {
    prepared.training_place =
        training::is_table(command.data) ? command.data : training::find_split(command.data, "", "train");
    prepared.validation_place = command.validation;
    if (command.validation.empty() && prepared.training_place != command.data &&
        fs::is_directory(command.data / "validation"))
        prepared.validation_place = command.data / "validation";
    else if (command.validation.empty() && prepared.training_place != command.data)
        prepared.warnings = training::misnamed_splits_text(command.data, {"train"});
}

Preparation prepare(const TrainCommand& command) {
    const auto recipe_file =
        command.recipe.empty() ? find_program_file("config/recipes/fine-tune.yaml") : command.recipe;
    Preparation prepared;
    auto& recipe = prepared.recipe;
    recipe = training::read_recipe(recipe_file);
    prepared.search = plan_search(command.trials, recipe, recipe_file.string());
    auto& initial = prepared.initial;
    if (!command.init.empty()) initial = training::load_initial_model(command.init);
    if (initial.has_value() != recipe.init.has_value())
        throw ConfigError(recipe_file.string() +
                          (initial ? ": trains from random weights, expected a recipe with init for --init"
                                   : ": continues from a network, expected --init CARD"));
    check_outputs(command, recipe, recipe_file);
    check_best(command.best, prepared.search, recipe_file);
    const auto note =
        command.is_measuring() ? std::string() : check_checkpoint(command, keeps_checkpoint(recipe));
    find_places(command, prepared);
    if (!note.empty()) prepared.warnings.push_back(note);
    auto& learned = prepared.learned;
    learned = training::list_part(prepared.training_place, recipe.votes);
    for (const auto& more : command.more) training::add_pictures(more, learned, recipe.votes);
    const bool by_votes = !command.votes.empty() || !learned.tables.empty();
    if (by_votes && initial)
        throw ConfigError("--init goes on with the labels of folders: leave out tables of votes");
    if (!command.is_measuring())
        check_card(command, recipe, initial ? training::tuned_name(initial->card) : recipe.name,
                   initial ? std::vector<std::string>()
                           : training::names_of(choose_classes(learned, recipe, by_votes)));
    if (!initial) return prepared;
    const auto classes = training::names_of(learned.folders);
    const auto adopt = [&](training::Recipe& one) {
        one.classes = classes;
        one.crop = initial->card.crop;
        one.mirror = initial->card.mirror;
    };
    adopt(recipe);
    for (auto& candidate : prepared.search.candidates) adopt(candidate.recipe);
    return prepared;
}

struct Pictures {
    training::Dataset data, validation;
    double seconds_loading = 0.0;
};

/// "; trainer check --data DATA lists them", if that sees all pictures of the training.
std::string check_advice(const TrainCommand& command) {
    if (!command.more.empty() || !command.validation.empty()) return "";
    return "; trainer check --data " + command.data.string() +
           (training::is_table(command.data) ? " --recipe " + command.recipe.string() : "") + " lists them";
}

/// Throws ConfigError for a table of votes on none of the pictures.
void require_matches(const std::vector<training::VoteTable>& votes, const training::DataPart& learned,
                     const std::optional<training::DataPart>& held_out) {
    if (votes.empty()) return;
    std::set<fs::path> pictures;
    for (const auto* part : {&learned, held_out ? &*held_out : nullptr}) {
        if (!part) continue;
        for (const auto& folder : part->folders)
            for (const auto& file : folder.files) pictures.insert(plain_path(file));
        for (const auto& table : part->tables)
            for (const auto& row : table.rows) pictures.insert(row.picture);
    }
    for (const auto& table : votes)
        if (std::none_of(table.rows.begin(), table.rows.end(),
                         [&](const auto& row) { return pictures.count(row.picture) > 0; }))
            throw ConfigError(table.file.string() +
                              ": names none of the pictures; its paths are relative to its own folder");
}

Pictures load(const TrainCommand& command, Preparation& prepared, ThreadPool& threads, Progress& progress) {
    const auto started = Clock::now();
    auto& learned = prepared.learned;
    const auto& rules = prepared.recipe.votes;
    const auto exclusions = read_exclusions(command.exclude, base_of(command.data), progress);
    exclude(exclusions, learned, progress);
    auto votes = training::read_votes(command.votes, rules);
    std::optional<training::DataPart> held_out;
    if (!prepared.validation_place.empty()) {
        held_out = training::list_part(prepared.validation_place, rules);
        exclude(exclusions, *held_out, progress);
        if (!command.more.empty()) training::hold_out_missing(learned, *held_out);
    }
    require_matches(votes, learned, held_out);
    Pictures pictures;
    auto& [data, validation, seconds_loading] = pictures;
    const PictureLoader loader(prepared.recipe, std::move(votes), threads, progress);
    data = loader.load(learned);
    if (held_out) validation = loader.load(*held_out, data.classes);
    seconds_loading = seconds_since(started);
    if (const auto doubts = training::check_datasets(data, validation, threads); !doubts.empty())
        progress.say("the data contain " + join(doubts) + check_advice(command));
    if (const auto imbalance = training::imbalance_text(data.classes, data.counts());
        !imbalance.empty() && !prepared.recipe.class_weights.balanced &&
        prepared.recipe.class_weights.weights.empty())
        progress.say("note: " + imbalance);
    return pictures;
}

/// The card is written first, because it is the main result.
void write_results(const TrainCommand& command, const training::Recipe& recipe, const Pictures& pictures,
                   const training::TrainedModel& trained) {
    model::save_model(command.output, trained.card, trained.graph);
    const auto& summary = trained.summary;
    const nlohmann::ordered_json result{{"recipe", recipe.name},
                                        {"samples", pictures.data.size()},
                                        {"skipped", pictures.data.unreadable.size()},
                                        {"epochs", summary.epochs},
                                        {"kept_epoch", summary.kept_epoch},
                                        {"loss", summary.loss},
                                        {"exact_loss", summary.exact_loss},
                                        {"validation_loss", training::figure_json(summary.validation_loss)},
                                        {"seconds", summary.seconds},
                                        {"seconds_loading", pictures.seconds_loading}};
    if (!command.json.empty()) write_file(command.json, training::json_text(result));

    std::cout << "trained " << recipe.name << " on " << pictures.data.size() << " pictures in "
              << summary.seconds << " s: training loss " << summary.loss;
    if (summary.validation_loss) std::cout << " and validation loss " << *summary.validation_loss;
    std::cout << " of " << summary.kept_epoch_text() << '\n';
    for (const auto& note : trained.warnings) std::cout << "note: " << note << '\n';
    for (const auto& [key, value] : trained.card.provenance)
        if (key.starts_with("scores.")) std::cout << key << ": " << value << '\n';
    std::cout << "wrote " << command.output.string() << '\n';
}

void run_train(const TrainCommand& command) {
    check_command(command);
    auto prepared = prepare(command);
    const auto& recipe = prepared.recipe;
    Progress progress(Progress::style_of_stderr(command.quiet));
    for (const auto& warning : prepared.warnings) progress.say(warning);
    std::optional<TrainingReport> report;
    if (!command.report.empty()) report.emplace(command.report, static_cast<std::uint64_t>(command.seed));
    TrainingWatch watch(progress, command.log_json);
    ThreadPool threads(command.threads);

    const auto started = Clock::now();
    const auto pictures = load(command, prepared, threads, progress);
    training::TrainingContext context{static_cast<std::uint64_t>(command.seed), threads, {&watch}};
    if (report) context.observers.push_back(&*report);
    watch.start();
    const auto train_on = [&](const training::Recipe& by, const training::Dataset& data,
                              const training::Dataset& held_out) {
        auto trained = prepared.initial ? training::fine_tune(*prepared.initial, by, data, held_out, context)
                                        : training::train(by, data, held_out, context);
        progress.finish();
        return trained;
    };
    if (command.is_measuring()) {
        const TrialContext trial_context{pictures.data, pictures.validation, threads, progress,
                                         [&](const training::Recipe& by, const training::Dataset& data) {
                                             return train_on(by, data, {});
                                         }};
        if (command.trials.empty())
            run_folds(command, recipe, trial_context);
        else
            run_search(command, recipe, std::move(prepared.search), trial_context);
        return;
    }
    std::optional<ResumeHint> hint;
    if (keeps_checkpoint(recipe)) hint.emplace(context.checkpoint = command.checkpoint_file());
    context.resume = command.resume;
    const auto trained = train_on(recipe, pictures.data, pictures.validation);
    write_results(command, recipe, pictures, trained);
    if (report) report->write(trained, recipe, pictures.data, pictures.validation, seconds_since(started));
    // Last, so that after a failure --resume can repeat the steps before.
    std::error_code ignored;
    if (!context.checkpoint.empty()) fs::remove(context.checkpoint, ignored);
}

void add_data_options(CLI::App& command, TrainCommand& options) {
    add_folder(command, "--data", options.data,
               "Folder with one folder of pictures per class, or with train/ and validation/ that hold\n"
               "such folders; or a table of votes (.csv), one picture and its votes per row")
        ->required();
    add_folder(command, "--validation", options.validation,
               "Validation set: a folder of class folders or a table; default: DATA/validation, or a\n"
               "tenth of the pictures if there is none");
    add_votes(command, options.votes);
    command
        .add_option("--more", options.more,
                    "More pictures to train on: a table, a folder of class folders, or CLASS=DIR, a folder\n"
                    "of pictures of one class; may be repeated; default: none")
        ->type_name("WHAT")
        ->allow_extra_args(false);
}

}  // namespace

void add_train(CLI::App& app) {
    auto& command =
        *app.add_subcommand("train", "Make a model card and its weights from folders of pictures");
    const auto options = std::make_shared<TrainCommand>();
    add_data_options(command, *options);
    add_file(command, "--recipe", options->recipe,
             "How to train, such as config/recipes/logistic.yaml; default: with --init the program's\n"
             "own config/recipes/fine-tune.yaml, required otherwise");
    add_card(command, "--output", options->output,
             "The card to write, NAME.yaml, with NAME.onnx beside it; required except with --folds or\n"
             "--try; default: none");
    add_card(command, "--init", options->init,
             "Continue from this card's network with new pictures of some or all of its classes;\n"
             "default: train from random weights");
    add_number(command, "--folds", options->folds, {2, 100},
               "Cross-validate instead of making a card: train N times, each time measuring on another\n"
               "part of the pictures; duplicates stay together; default: make a card");
    command
        .add_option("--try", options->trials,
                    "Measure the recipe with each of the values instead of making a card, as in\n"
                    "--try l2=1e2,1e3; uses folds with --folds, otherwise validation/; several --try are\n"
                    "combined; default: make a card")
        ->type_name("KEY=VALUES")
        ->allow_extra_args(false);
    add_file(command, "--best", options->best, "Write the best recipe of --try to this file; default: none");
    add_file(command, "--json", options->json,
             "Write losses, epochs and durations to this file; with --folds or --try, the figures;\n"
             "default: none");
    add_file(command, "--log-json", options->log_json,
             "Write the figures of each epoch to this file as it ends, one JSON object per line;\n"
             "default: none");
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_report(command, options->report);
    add_threads(command, options->threads);
    add_number(command, "--seed", options->seed, {0, kMaxSeed},
               "Random seed; the same seed and pictures give the same card; default: 1");
    command.add_flag("--resume", options->resume,
                     "Resume an interrupted training from OUTPUT.checkpoint (networks only); refused if\n"
                     "there is none but OUTPUT is finished;\n"
                     "default: start over, which is refused if there is a checkpoint");
    command.callback([options] { run_train(*options); });
}

}  // namespace emotion::apps
