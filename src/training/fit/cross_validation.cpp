#include "training/fit/cross_validation.hpp"

#include <cmath>
#include <sstream>

#include "base/display_width.hpp"
#include "training/data/folds.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/fit/card_builder.hpp"

namespace emotion::training {
namespace {

constexpr std::size_t kFoldWidth = 8;

/// The vote metrics of each fold; empty if one has none.
std::vector<std::vector<VoteFigure>> vote_summaries(const std::vector<FoldResult>& folds) {
    std::vector<std::vector<VoteFigure>> summaries;
    for (const auto& fold : folds) {
        if (!fold.votes) return {};
        summaries.push_back(summary_of(*fold.votes));
    }
    return summaries;
}

}  // namespace

FoldResult measure(const TrainedModel& trained, const Dataset& unseen) {
    auto evaluation = evaluate(trained.card, predictions_of(trained, unseen));
    return {std::move(evaluation.forced), trained.summary, trained.card.provenance,
            std::move(evaluation.votes)};
}

CrossValidation cross_validate(const Training& train, const Dataset& data, int folds, std::uint64_t seed,
                               ThreadPool& threads) {
    CrossValidation result;
    result.fold_of = assign_folds(data, folds, seed, duplicates_in(data, threads));
    for (int fold = 0; fold < folds; ++fold)
        result.folds.push_back(measure(train(data_without_fold(data, result.fold_of, fold)),
                                       fold_of_data(data, result.fold_of, fold)));
    return result;
}

std::optional<Spread> spread_of(const std::vector<FoldResult>& folds, const NamedFigure& figure) {
    if (folds.empty()) return std::nullopt;
    Spread spread;
    const auto n = static_cast<double>(folds.size());
    double squares = 0.0;
    for (const auto& fold : folds) {
        const auto value = figure.of(fold.figures);
        if (!value) return std::nullopt;
        spread.mean += *value / n;
    }
    for (const auto& fold : folds) squares += std::pow(*figure.of(fold.figures) - spread.mean, 2);
    if (folds.size() > 1) spread.deviation = std::sqrt(squares / (n - 1));
    return spread;
}

nlohmann::ordered_json spreads_json(const std::vector<FoldResult>& folds) {
    nlohmann::ordered_json spreads = nlohmann::ordered_json::object();
    for (const auto& figure : named_figures()) {
        const auto spread = spread_of(folds, figure);
        if (spread)
            spreads[figure.key] = {{"mean", spread->mean}, {"deviation", spread->deviation}};
        else
            spreads[figure.key] = nullptr;
    }
    return spreads;
}

std::string to_text(const CrossValidation& result) {
    std::ostringstream text;
    const auto votes = vote_summaries(result.folds);
    const auto width = votes.empty() ? kFigureNameWidth : name_width(votes.front(), kFigureNameWidth);
    const auto cell = [&](const std::string& value) { text << right_aligned(value, kFoldWidth); };
    text << left_aligned("fold", width);
    for (std::size_t k = 0; k < result.folds.size(); ++k) cell(std::to_string(k + 1));
    text << "  mean\n";
    for (const auto& figure : named_figures()) {
        text << left_aligned(figure.name, width);
        for (const auto& fold : result.folds) cell(figure_text(figure.of(fold.figures)));
        const auto spread = spread_of(result.folds, figure);
        text << "  "
             << (spread ? figure_text(spread->mean) + " +- " + figure_text(spread->deviation)
                        : std::string("-"))
             << '\n';
    }
    if (votes.empty()) return text.str();
    text << "by people's votes\n";
    for (std::size_t row = 0; row < votes.front().size(); ++row) {
        text << left_aligned(votes.front()[row].name, width);
        for (const auto& summary : votes) cell(figure_text(summary[row].value));
        text << '\n';
    }
    return text.str();
}

nlohmann::ordered_json to_json(const CrossValidation& result, const Dataset& data) {
    using Json = nlohmann::ordered_json;
    Json folds = Json::array(), fold_of = Json::object();
    for (const auto& fold : result.folds) {
        Json figures = Json::object(), chosen = Json::object();
        for (const auto& figure : named_figures()) figures[figure.key] = figure_json(figure.of(fold.figures));
        if (fold.votes)
            for (const auto& figure : summary_of(*fold.votes))
                figures["votes"][figure.key] = figure_json(figure.value);
        for (const auto& [key, value] : fold.provenance)
            if (key.find('.') == std::string::npos) chosen[key] = value;
        figures["epochs"] = fold.summary.epochs;
        figures["seconds"] = fold.summary.seconds;
        figures["chosen"] = std::move(chosen);
        folds.push_back(std::move(figures));
    }
    for (std::size_t i = 0; i < data.size(); ++i) fold_of[data.names[i]] = result.fold_of[i];
    return {{"folds", std::move(folds)},
            {"summary", spreads_json(result.folds)},
            {"fold_of", std::move(fold_of)}};
}

}  // namespace emotion::training
