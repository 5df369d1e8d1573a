#include "apps/trainer_trials.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "training/figure_text.hpp"
#include "training/recipe_values.hpp"

namespace emotion::apps {
namespace {

using Json = nlohmann::ordered_json;

/// A combination of values and what came of it.
struct Outcome {
    std::vector<std::string> values;
    std::string recipe_text;
    Recipe recipe;
    CrossValidation result;

    /// What the table is sorted by.
    double log_loss() const {
        const auto spread =
            spread_of(result.folds, {"", "", [](const ForcedFigures& of) { return of.log_loss; }});
        return spread ? spread->mean : std::numeric_limits<double>::infinity();
    }
};

std::vector<Outcome> candidates(const std::vector<Trial>& trials, const Recipe& loaded,
                                const std::string& text) {
    std::vector<Outcome> outcomes;
    const auto name = loaded.name + ".yaml";
    for (auto& values : combinations(trials)) {
        std::string changed = text;
        for (std::size_t i = 0; i < trials.size(); ++i)
            changed = with_recipe_value(changed, name, trials[i].key, values[i]);
        auto recipe = parse_recipe(changed, name);
        if (loaded.init) {  // what the card decides
            recipe.classes = loaded.classes;
            recipe.crop = loaded.crop;
            recipe.mirror = loaded.mirror;
        }
        if (recipe.crop != loaded.crop || recipe.classes != loaded.classes || recipe.others != loaded.others)
            throw ConfigError(
                "--try: crop, classes and others decide which pictures are loaded and cannot be tried");
        outcomes.push_back({std::move(values), std::move(changed), std::move(recipe), {}});
    }
    return outcomes;
}

std::string text_of(const std::optional<Spread>& spread, bool with_deviation) {
    if (!spread) return "-";
    return figure_text(spread->mean) + (with_deviation ? " +- " + figure_text(spread->deviation) : "");
}

void print(const std::vector<Trial>& trials, const std::vector<Outcome>& outcomes, std::ostream& out) {
    const auto cell = [&](const std::string& value, std::size_t width) {
        out << std::left << std::setw(static_cast<int>(width)) << value << "  ";
    };
    constexpr std::size_t kFigureWidth = 17;
    std::vector<std::size_t> widths;
    for (const auto& trial : trials) {
        widths.push_back(trial.key.size());
        for (const auto& value : trial.values) widths.back() = std::max(widths.back(), value.size());
        cell(trial.key, widths.back());
    }
    for (const auto& figure : named_figures()) cell(figure.key, kFigureWidth);
    out << '\n';
    for (const auto& outcome : outcomes) {
        for (std::size_t i = 0; i < trials.size(); ++i) cell(outcome.values[i], widths[i]);
        for (const auto& figure : named_figures())
            cell(text_of(spread_of(outcome.result.folds, figure), outcome.result.folds.size() > 1),
                 kFigureWidth);
        out << '\n';
    }
}

Json json_of(const std::vector<Trial>& trials, const std::vector<Outcome>& outcomes) {
    Json all = Json::array();
    for (const auto& outcome : outcomes) {
        Json values = Json::object(), figures = Json::object();
        for (std::size_t i = 0; i < trials.size(); ++i) values[trials[i].key] = outcome.values[i];
        for (const auto& figure : named_figures()) {
            const auto spread = spread_of(outcome.result.folds, figure);
            figures[figure.key] =
                spread ? Json{{"mean", spread->mean}, {"deviation", spread->deviation}} : Json(nullptr);
        }
        all.push_back({{"values", std::move(values)}, {"figures", std::move(figures)}});
    }
    return all;
}

}  // namespace

void run_folds(const TrainCommand& command, const Recipe& recipe, const TrialGround& ground) {
    const auto result =
        cross_validate([&](const Dataset& part) { return ground.train(recipe, part); }, ground.data,
                       command.folds, static_cast<std::uint64_t>(command.seed), ground.threads);
    if (!command.json.empty()) write_file(command.json, to_json(result, ground.data).dump(2) + "\n");
    std::cout << recipe.name << ", " << command.folds << " folds of " << ground.data.size() << " pictures\n"
              << to_text(result);
}

void run_search(const TrainCommand& command, const Recipe& recipe, const std::string& recipe_text,
                const TrialGround& ground) {
    std::vector<Trial> trials;
    for (const auto& text : command.trials) trials.push_back(parse_trial(text));
    if (command.folds == 0 && ground.validation.size() == 0)
        throw ConfigError("--try: the data has no validation folder to measure on; give --folds K");
    auto outcomes = candidates(trials, recipe, recipe_text);
    for (auto& outcome : outcomes) {
        const Training train = [&](const Dataset& part) { return ground.train(outcome.recipe, part); };
        if (command.folds > 0)
            outcome.result = cross_validate(train, ground.data, command.folds,
                                            static_cast<std::uint64_t>(command.seed), ground.threads);
        else
            outcome.result.folds.push_back(measure(train(ground.data), ground.validation));
    }
    std::stable_sort(outcomes.begin(), outcomes.end(),
                     [](const Outcome& a, const Outcome& b) { return a.log_loss() < b.log_loss(); });
    if (!command.json.empty()) write_file(command.json, json_of(trials, outcomes).dump(2) + "\n");
    std::cout << recipe.name << ", " << outcomes.size() << " recipes, least log loss first, on "
              << (command.folds > 0 ? std::to_string(command.folds) + " folds" : "the validation pictures")
              << '\n';
    print(trials, outcomes, std::cout);
    if (command.best.empty()) return;
    write_file(command.best, outcomes.front().recipe_text);
    std::cout << "wrote " << command.best.string() << '\n';
}

}  // namespace emotion::apps
