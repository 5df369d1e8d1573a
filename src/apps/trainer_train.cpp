#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/progress.hpp"
#include "apps/trainer_commands.hpp"
#include "apps/trainer_data.hpp"
#include "apps/trainer_report.hpp"
#include "apps/trainer_trials.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/program_files.hpp"
#include "model/model_files.hpp"
#include "training/data_check.hpp"
#include "training/figure_text.hpp"
#include "training/fine_tuning.hpp"
#include "training/training_run.hpp"

namespace emotion::apps {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Refuses what does not go together, and outputs that cannot be written, before the work and not after it.
void check_command(const TrainCommand& command) {
    if (command.recipe.empty() && command.init.empty())
        throw ConfigError("--recipe is required, such as config/recipes/logistic.yaml, or --init");
    if (!command.best.empty()) {
        if (command.trials.empty()) throw ConfigError("--best: expected --try beside it");
        const OutputFile best(command.best);
    }
    if (!command.json.empty()) const OutputFile json(command.json);
    if (command.folds > 0 || !command.trials.empty()) {
        if (!command.output.empty() || !command.report.empty())
            throw ConfigError("--folds and --try measure and make no card: leave out --output and --report");
        return;
    }
    if (command.output.empty()) throw ConfigError("--output is required: the card to write, NAME.yaml");
    if (command.output.extension() != ".yaml")
        throw ConfigError("--output " + command.output.string() +
                          ": expected a card's name, ending in .yaml");
    const OutputFile card(command.output);
}

constexpr std::size_t kProblemsShown = 5;

/// Those of `names` that are not among `others`.
std::vector<std::string> missing_from(const std::vector<std::string>& others,
                                      const std::vector<std::string>& names) {
    std::vector<std::string> missing;
    for (const auto& name : names)
        if (!std::count(others.begin(), others.end(), name)) missing.push_back(name);
    return missing;
}

void tell_problems(const Dataset& data, Progress& progress) {
    const auto shown = std::min(data.unreadable.size(), kProblemsShown);
    for (std::size_t i = 0; i < shown; ++i) progress.say("left out: " + data.unreadable[i]);
    if (data.unreadable.size() > shown)
        progress.say("left out: " + std::to_string(data.unreadable.size() - shown) +
                     " more that cannot be read; trainer check lists them");
}

/// `classes` in this order; empty: as the recipe chooses from the folders.
Dataset load(const std::filesystem::path& folder, const Recipe& recipe, std::vector<std::string> classes,
             const Exclusions& exclusions, ThreadPool& threads, Progress& progress) {
    const auto folders = list_pictures(folder, exclusions, progress);
    const auto chosen = choose_classes(folders, recipe);
    if (classes.empty()) {
        classes = names_of(chosen);
    } else {
        const auto unlearned = missing_from(classes, names_of(chosen));
        if (!unlearned.empty())
            progress.say(folder.string() + ": not used, for training has no such class: " + join(unlearned));
        const auto unmeasured = missing_from(names_of(chosen), classes);
        if (!unmeasured.empty())
            throw Error(folder.string() + ": has no folder for " + join(unmeasured) +
                        ", which training learns; add pictures of it, or take it out of training too");
    }
    auto data = load_dataset(chosen, classes, recipe.crop, threads);
    const auto ignored = missing_from(names_of(chosen), names_of(folders));
    if (recipe.others == OtherFolders::kIgnored && !ignored.empty())
        progress.say("ignored, for the recipe does not list them: " + join(ignored));
    tell_problems(data, progress);
    progress.say(folder.string() + ": " + data.counts_text());
    return data;
}

/// Shows how far the training is and logs its epochs, one JSON object a line.
class TrainingWatch {
  public:
    /// Without a log file for an empty path; goes on with one that is there if `resumed`.
    TrainingWatch(Progress& progress, const std::filesystem::path& log, bool resumed) : progress_(progress) {
        if (log.empty()) return;
        log_.open(log, resumed ? std::ios::app : std::ios::trunc);
        if (!log_) throw Error(log.string() + ": cannot be written: " + std::strerror(errno));
    }

    void within_epoch(const std::string& stage, std::int64_t done, std::int64_t all) {
        if (stage != stage_) progress_.start(stage_ = stage, all, "pictures");
        progress_.update(done);
        slow_epochs_ = true;
    }

    void after_epoch(const TrainingStep& step) {
        const double seconds = seconds_since(last_epoch_);
        last_epoch_ = Clock::now();
        log(step, seconds);
        if (slow_epochs_) {
            if (seconds_since(told_) < kSecondsBetweenLines && step.epoch < step.epochs) return;
            told_ = Clock::now();
            progress_.say(step.stage + ": epoch " + std::to_string(step.epoch) + " of " +
                          std::to_string(step.epochs) + ", " + figures(step) + ", " + duration_text(seconds) +
                          ", at most " + duration_text(seconds * (step.epochs - step.epoch)) + " left");
            return;
        }
        if (step.stage != stage_) progress_.start(stage_ = step.stage, step.epochs, "epochs");
        progress_.update(step.epoch, figures(step));
    }

  private:
    static constexpr double kSecondsBetweenLines = 2.0;

    static std::string figures(const TrainingStep& step) {
        std::ostringstream text;
        text.precision(4);
        text << "loss " << step.loss;
        if (step.accuracy) text << ", accuracy " << *step.accuracy;
        if (step.validation_loss) text << ", validation loss " << *step.validation_loss;
        if (step.validation_accuracy) text << ", validation accuracy " << *step.validation_accuracy;
        return text.str();
    }

    void log(const TrainingStep& step, double seconds) {
        if (!log_.is_open()) return;
        log_ << nlohmann::ordered_json{{"stage", step.stage},
                                       {"epoch", step.epoch},
                                       {"epochs", step.epochs},
                                       {"loss", step.loss},
                                       {"accuracy", figure_json(step.accuracy)},
                                       {"validation_loss", figure_json(step.validation_loss)},
                                       {"validation_accuracy", figure_json(step.validation_accuracy)},
                                       {"epochs_per_second", seconds > 0.0 ? 1.0 / seconds : 0.0},
                                       {"seconds", seconds_since(begun_)}}
                    .dump()
             << std::endl;
        if (!log_) throw Error("the log of the epochs can no longer be written; is the disk full?");
    }

    Progress& progress_;
    std::ofstream log_;
    std::string stage_;
    bool slow_epochs_ = false;  ///< pictures are told within an epoch
    const Clock::time_point begun_ = Clock::now();
    Clock::time_point last_epoch_ = begun_, told_ = begun_;
};

}  // namespace

void run_train(const TrainCommand& command) {
    check_command(command);
    const auto recipe_file =
        command.recipe.empty() ? find_program_file("config/recipes/fine-tune.yaml") : command.recipe;
    auto recipe = read_recipe(recipe_file);
    auto search = plan_search(command.trials, recipe, recipe_file);
    std::optional<InitialModel> initial;
    if (!command.init.empty()) initial = load_initial_model(command.init);
    if (initial.has_value() != recipe.init.has_value())
        throw ConfigError(recipe_file.string() +
                          (initial ? ": trains anew, expected a recipe with init beside --init"
                                   : ": goes on from a network, expected --init CARD"));
    Progress progress(Progress::style_of_stderr(command.quiet));
    std::optional<TrainingReport> report;
    if (!command.report.empty()) report.emplace(command.report);
    ThreadPool threads(command.threads);

    const auto started = Clock::now();
    const auto exclusions = read_exclusions(command.exclude, command.data);
    const auto training_folder = find_split(command.data, "", "train");
    if (initial) {
        recipe.classes = names_of(list_class_folders(training_folder));
        recipe.crop = initial->card.crop;
        recipe.mirror = initial->card.mirror;
    }
    const auto data = load(training_folder, recipe, {}, exclusions, threads, progress);
    Dataset validation;
    if (training_folder != command.data && std::filesystem::is_directory(command.data / "validation"))
        validation = load(command.data / "validation", recipe, data.classes, exclusions, threads, progress);
    const double seconds_loading = seconds_since(started);
    if (const auto doubts = check_datasets(data, validation, threads); !doubts.empty())
        progress.say("the data hold " + join(doubts) + "; trainer check --data " + command.data.string() +
                     " lists them");

    TrainingWatch watch(progress, command.log_json, command.resume);
    TrainingHooks hooks;
    hooks.after_epoch = [&](const TrainingStep& step) { watch.after_epoch(step); };
    hooks.on_progress = [&](const std::string& stage, std::int64_t done, std::int64_t all) {
        watch.within_epoch(stage, done, all);
    };
    if (report) report->listen(hooks);
    const auto seed = static_cast<std::uint64_t>(command.seed);
    const auto train_on = [&](const Recipe& by, const Dataset& pictures, const Dataset& held_out) {
        return initial ? fine_tune(*initial, by, pictures, held_out, seed, threads, hooks)
                       : train(by, pictures, held_out, seed, threads, hooks);
    };
    if (command.folds > 0 || !command.trials.empty()) {
        const TrialGround ground{data, validation, threads, [&](const Recipe& by, const Dataset& pictures) {
                                     auto trained = train_on(by, pictures, {});
                                     progress.finish();
                                     return trained;
                                 }};
        if (command.trials.empty())
            run_folds(command, recipe, ground);
        else
            run_search(command, recipe, std::move(search), ground);
        return;
    }
    hooks.checkpoint = command.output.string() + ".checkpoint";
    hooks.resume = command.resume;
    const auto trained = train_on(recipe, data, validation);
    progress.finish();
    save_model(command.output, trained.card, trained.graph);
    std::filesystem::remove(hooks.checkpoint);
    if (report)
        report->write(trained, recipe, read_file(recipe_file), data, validation, seed,
                      seconds_since(started));

    const auto& summary = trained.summary;
    const nlohmann::ordered_json result{{"recipe", recipe.name},
                                        {"samples", data.size()},
                                        {"skipped", data.unreadable.size()},
                                        {"final_loss", summary.final_loss},
                                        {"final_loss_true", summary.final_loss_true},
                                        {"epochs", summary.epochs},
                                        {"seconds", summary.seconds},
                                        {"seconds_loading", seconds_loading}};
    if (!command.json.empty()) write_file(command.json, result.dump(2) + "\n");

    for (const auto& note : trained.notes) progress.say("note: " + note);
    std::cout << "trained " << recipe.name << " on " << data.size() << " pictures: loss "
              << summary.final_loss << " after " << summary.epochs << " epochs, " << summary.seconds
              << " s\n";
    for (const auto& [key, value] : trained.card.provenance)
        if (key.starts_with("scores.")) std::cout << key << ": " << value << '\n';
    std::cout << "wrote " << command.output.string() << '\n';
}

}  // namespace emotion::apps
