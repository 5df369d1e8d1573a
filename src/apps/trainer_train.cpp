#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>

#include <nlohmann/json.hpp>

#include "apps/trainer_commands.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "model/model_files.hpp"
#include "training/training_run.hpp"

namespace emotion::apps {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Refuses outputs that cannot be written before the work and not after it.
void check_outputs(const TrainCommand& command) {
    if (command.output.extension() != ".yaml")
        throw ConfigError("--output " + command.output.string() +
                          ": expected a card's name, ending in .yaml");
    const OutputFile card(command.output);
    if (!command.json.empty()) const OutputFile json(command.json);
}

/// Says what of the data is not used.
void tell_omissions(const std::vector<ClassFolder>& folders, const Recipe& recipe, const Dataset& data) {
    std::string ignored;
    for (const auto& folder : folders)
        if (recipe.others == OtherFolders::kIgnored &&
            !std::count(data.classes.begin(), data.classes.end(), folder.name))
            ignored += (ignored.empty() ? "" : ", ") + folder.name;
    if (!ignored.empty()) std::cerr << "ignored, for the recipe does not list them: " << ignored << '\n';
    for (const auto& problem : data.unreadable) std::cerr << "left out: " << problem << '\n';
}

/// `classes` in this order; empty: as the recipe chooses from the folders.
Dataset load(const std::filesystem::path& folder, const Recipe& recipe, std::vector<std::string> classes,
             ThreadPool& threads) {
    const auto folders = list_class_folders(folder);
    const auto chosen = choose_classes(folders, recipe);
    if (classes.empty())
        for (const auto& found : chosen) classes.push_back(found.name);
    auto data = load_dataset(chosen, classes, recipe.crop, threads);
    tell_omissions(folders, recipe, data);
    std::cerr << folder.string() << ':';
    const auto counts = data.counts();
    for (std::size_t k = 0; k < counts.size(); ++k) std::cerr << ' ' << counts[k] << ' ' << data.classes[k];
    std::cerr << '\n';
    return data;
}

/// A line on stderr now and then.
class Progress {
  public:
    void operator()(const TrainingStep& step) {
        if (!step.validation_loss && seconds_since(told_) < 2.0) return;
        told_ = Clock::now();
        std::cerr << step.stage << ": epoch " << step.epoch << " of at most " << step.epochs << ", loss "
                  << step.loss;
        if (step.validation_loss)
            std::cerr << ", validation loss " << *step.validation_loss << ", accuracy "
                      << *step.validation_accuracy;
        std::cerr << '\n';
    }
    void operator()(const std::string& stage, std::int64_t done, std::int64_t all) {
        if (seconds_since(told_) < 10.0) return;
        told_ = Clock::now();
        std::cerr << stage << ": " << done << " of " << all << " pictures\n";
    }

  private:
    Clock::time_point told_ = Clock::now();
};

}  // namespace

void run_train(const TrainCommand& command) {
    const auto recipe = read_recipe(command.recipe);
    check_outputs(command);
    ThreadPool threads(command.threads);

    const auto started = Clock::now();
    const auto training_folder = find_split(command.data, "", "train");
    const auto data = load(training_folder, recipe, {}, threads);
    Dataset validation;
    if (training_folder != command.data && std::filesystem::is_directory(command.data / "validation"))
        validation = load(command.data / "validation", recipe, data.classes, threads);
    const double seconds_loading = seconds_since(started);

    Progress progress;
    TrainingHooks hooks;
    hooks.after_epoch = [&](const TrainingStep& step) { progress(step); };
    hooks.on_progress = [&](const std::string& stage, std::int64_t done, std::int64_t all) {
        progress(stage, done, all);
    };
    hooks.checkpoint = command.output.string() + ".checkpoint";
    hooks.resume = command.resume;
    const auto trained =
        train(recipe, data, validation, static_cast<std::uint64_t>(command.seed), threads, hooks);
    save_model(command.output, trained.card, trained.graph);
    std::filesystem::remove(hooks.checkpoint);

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

    for (const auto& note : trained.notes) std::cerr << "note: " << note << '\n';
    std::cout << "trained " << recipe.name << " on " << data.size() << " pictures: loss "
              << summary.final_loss << " after " << summary.epochs << " epochs, " << summary.seconds
              << " s\n";
    for (const auto& [key, value] : trained.card.provenance)
        if (key.starts_with("scores.")) std::cout << key << ": " << value << '\n';
    std::cout << "wrote " << command.output.string() << '\n';
}

}  // namespace emotion::apps
