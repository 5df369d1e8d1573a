#include "apps/trainer/trials.hpp"

#include <algorithm>
#include <iostream>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

#include "apps/common/overlaps.hpp"
#include "base/display_width.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/one_line.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::apps {
namespace {

using Json = nlohmann::ordered_json;

/// A candidate and its result.
struct Outcome {
    Candidate candidate;
    training::CrossValidation result;  ///< no folds if the candidate could not be trained
    std::string problem;               ///< the reason in that case

    /// The sort key of the table.
    double log_loss() const {
        const auto spread = training::spread_of(
            result.folds, {"", "", [](const training::ForcedFigures& of) { return of.log_loss; }});
        return spread ? spread->mean : std::numeric_limits<double>::infinity();
    }
};

std::string text_of(const std::optional<training::Spread>& spread, bool with_deviation) {
    if (!spread) return "-";
    return training::figure_text(spread->mean) +
           (with_deviation ? " +- " + training::figure_text(spread->deviation) : "");
}

void print(const std::vector<training::Trial>& trials, const std::vector<Outcome>& outcomes,
           std::ostream& out) {
    const auto cell = [&](const std::string& value, std::size_t width) {
        out << left_aligned(value, width) << "  ";
    };
    constexpr std::size_t kFigureWidth = 17;
    std::vector<std::size_t> widths;
    for (const auto& trial : trials) {
        widths.push_back(display_width(trial.key));
        for (const auto& value : trial.values) widths.back() = std::max(widths.back(), display_width(value));
        cell(trial.key, widths.back());
    }
    for (const auto& figure : training::named_figures()) cell(figure.key, kFigureWidth);
    out << '\n';
    for (const auto& outcome : outcomes) {
        for (std::size_t i = 0; i < trials.size(); ++i) cell(outcome.candidate.values[i], widths[i]);
        for (const auto& figure : training::named_figures())
            cell(text_of(training::spread_of(outcome.result.folds, figure), outcome.result.folds.size() > 1),
                 kFigureWidth);
        out << '\n';
    }
}

Json json_of(const std::vector<training::Trial>& trials, const std::vector<Outcome>& outcomes) {
    Json all = Json::array();
    for (const auto& outcome : outcomes) {
        Json values = Json::object();
        for (std::size_t i = 0; i < trials.size(); ++i) values[trials[i].key] = outcome.candidate.values[i];
        all.push_back(
            {{"values", std::move(values)}, {"figures", training::spreads_json(outcome.result.folds)}});
        if (!outcome.problem.empty()) all.back()["problem"] = outcome.problem;
    }
    return all;
}

/// Evaluates one candidate. If it cannot be trained, that is reported and the others are still tried.
Outcome try_out(Candidate candidate, const std::vector<training::Trial>& trials, const TrainCommand& command,
                const TrialContext& context) {
    Outcome outcome{std::move(candidate), {}, {}};
    const training::Training train = [&](const training::Dataset& part) {
        return context.train(outcome.candidate.recipe, part);
    };
    try {
        if (command.folds > 0)
            outcome.result =
                training::cross_validate(train, context.data, command.folds,
                                         static_cast<std::uint64_t>(command.seed), context.threads);
        else
            outcome.result.folds.push_back(training::measure(train(context.data), context.validation));
    } catch (const Error& error) {
        outcome.problem = error.what();
        std::string values;
        for (std::size_t i = 0; i < trials.size(); ++i)
            values += trials[i].key + " = " + outcome.candidate.values[i] + ": ";
        context.progress.finish();
        std::cerr << "trainer: " << values << outcome.problem << '\n';
    }
    return outcome;
}

/// A recipe with a value for each trial's key. Errors also name the values, because the recipe's own text may
/// be right.
training::Recipe changed_recipe(std::string text, const std::string& file,
                                const std::vector<training::Trial>& trials,
                                const std::vector<std::string>& values) {
    std::string tried;
    try {
        for (std::size_t i = 0; i < values.size(); ++i) {
            tried += (tried.empty() ? "" : ", ") + trials[i].key + "=" + values[i];
            text = training::with_recipe_value(text, file, trials[i].key, values[i]);
        }
        return training::parse_recipe(text, file);
    } catch (const ConfigError& error) {
        throw ConfigError("--try " + one_line(tried) + ": gives no valid recipe: " + error.what());
    }
}

/// The cards that training by a recipe reads.
std::vector<std::string> cards_of(const training::Recipe& recipe) {
    std::vector<std::string> cards{recipe.network.start.empty() ? "" : identity(recipe.network.start)};
    for (const auto& teacher : recipe.network.distillation.teachers) cards.push_back(identity(teacher));
    return cards;
}

}  // namespace

void run_folds(const TrainCommand& command, const training::Recipe& recipe, const TrialContext& context) {
    const auto result = training::cross_validate(
        [&](const training::Dataset& part) { return context.train(recipe, part); }, context.data,
        command.folds, static_cast<std::uint64_t>(command.seed), context.threads);
    if (!command.json.empty())
        write_file(command.json, training::json_text(training::to_json(result, context.data)));
    std::cout << recipe.name << ", " << command.folds << " folds of " << context.data.size() << " pictures\n"
              << training::to_text(result);
}

Search plan_search(const std::vector<std::string>& trials, const training::Recipe& recipe,
                   const std::string& file) {
    Search search;
    if (trials.empty()) return search;
    std::set<std::string> tried;
    for (const auto& text : trials) {
        search.trials.push_back(training::parse_trial(text));
        const auto& key = search.trials.back().key;
        if (!tried.insert(training::recipe_value_path(recipe.text, file, key)).second)
            throw ConfigError("--try " + one_line(text) + ": " + one_line(key) +
                              " is given twice, expected all its values together, as in l2=1e2,1e3");
    }
    for (auto& values : training::combinations(search.trials)) {
        auto changed = changed_recipe(recipe.text, file, search.trials, values);
        if (changed.crop != recipe.crop || changed.classes != recipe.classes ||
            changed.others != recipe.others || changed.votes != recipe.votes)
            throw ConfigError(
                "--try: crop, classes, others and votes decide which pictures are loaded and cannot be "
                "tried");
        search.candidates.push_back({std::move(values), std::move(changed)});
    }
    return search;
}

void check_best(const std::filesystem::path& best, const Search& search,
                const std::filesystem::path& recipe_file) {
    if (best.empty()) return;
    for (const auto& candidate : search.candidates) {
        const auto moved = training::parse_recipe(candidate.recipe.text, best.string());
        if (cards_of(moved) != cards_of(candidate.recipe))
            throw ConfigError("--best " + best.string() + ": the cards that " + recipe_file.string() +
                              " names relative to its folder would not be found from there; expected a file "
                              "in the recipe's folder, or absolute paths in the recipe");
    }
}

void run_search(const TrainCommand& command, const training::Recipe& recipe, Search search,
                const TrialContext& context) {
    if (command.folds == 0 && context.validation.size() == 0)
        throw ConfigError("--try: the data has no validation folder to measure on; give --folds K");
    std::vector<Outcome> outcomes;
    for (auto& candidate : search.candidates) {
        outcomes.push_back(try_out(std::move(candidate), search.trials, command, context));
        std::stable_sort(outcomes.begin(), outcomes.end(),
                         [](const Outcome& a, const Outcome& b) { return a.log_loss() < b.log_loss(); });
        // Written after each candidate, because the next may take hours and be interrupted.
        if (!command.json.empty())
            write_file(command.json, training::json_text(json_of(search.trials, outcomes)));
    }
    if (outcomes.front().result.folds.empty())
        throw Error("none of the recipes could be trained: " + outcomes.front().problem);
    std::cout << recipe.name << ", " << outcomes.size() << " recipes, lowest log loss first, on "
              << (command.folds > 0 ? std::to_string(command.folds) + " folds" : "the validation pictures")
              << '\n';
    print(search.trials, outcomes, std::cout);
    if (command.best.empty()) return;
    write_file(command.best, outcomes.front().candidate.recipe.text);
    std::cout << "wrote " << command.best.string() << '\n';
}

}  // namespace emotion::apps
