#include "training/fit/training_run.hpp"

#include <algorithm>
#include <cmath>

#include "base/formatted.hpp"
#include "base/version.hpp"
#include "ml/metrics/calibration.hpp"
#include "model/model_files.hpp"
#include "model/scorer.hpp"
#include "training/evaluation/evaluation.hpp"
#include "training/fit/label_thresholds.hpp"
#include "training/fit/logistic_fit.hpp"
#include "training/fit/network_fit.hpp"

namespace emotion::training {
namespace {

FittedModel fit(const Recipe& recipe, const Dataset& data, const Dataset& validation, std::uint64_t seed,
                ThreadPool& threads, const TrainingHooks& hooks) {
    switch (recipe.family) {
        case Family::kLogistic:
            return fit_logistic(recipe, data, validation, seed, threads, hooks);
        case Family::kNetwork:
            return fit_network(recipe, data, validation, seed, threads, hooks);
    }
    throw std::invalid_argument("train: a family that is not known");
}

std::string text_of(const std::optional<double>& figure) {
    return figure ? formatted("%.4f", *figure) : "undefined";
}

/// The held-out answers, calibrated, as one folder for each class.
std::vector<ScoredFolder> score_held_out(const HeldOutAnswers& answers, const model::ModelCard& card) {
    std::vector<ScoredFolder> folders;
    for (const auto& name : card.classes) folders.push_back({name, {}});
    const auto outputs = answers.logits.size() / answers.labels.size();
    for (std::size_t i = 0; i < answers.labels.size(); ++i)
        folders[static_cast<std::size_t>(answers.labels[i])].pictures.push_back(
            {answers.names[i], ScoredPicture::Outcome::kScored,
             model::to_probabilities(std::span(answers.logits).subspan(i * outputs, outputs), card),
             answers.votes.empty() ? std::vector<float>() : answers.votes[i]});
    return folders;
}

void calibrate(const HeldOutAnswers& answers, model::ModelCard& card) {
    const auto outputs = static_cast<int>(answers.logits.size() / answers.labels.size());
    const auto calibration = answers.targets.empty()
                                 ? ml::fit_calibration(answers.logits, outputs, answers.labels)
                                 : ml::fit_calibration(answers.logits, outputs, answers.targets);
    card.temperature = rounded(calibration.temperature);
    for (const double bias : calibration.bias) card.bias.push_back(rounded(bias));
}

/// What a card tells of its agreement with people.
void add_vote_scores(const VoteFigures& votes,
                     const std::function<void(const std::string&, const std::string&)>& add) {
    std::string agreement, correlation, calibration;
    for (const auto& label : votes.labels) {
        const std::string before = agreement.empty() ? "" : ", ";
        const auto mean = label.agreement ? std::optional(label.agreement->mean) : std::nullopt;
        agreement += before + label.name + " " + text_of(mean);
        correlation += before + label.name + " " + text_of(label.correlation);
        calibration += before + label.name + " " + text_of(label.calibration_error);
    }
    add("people_agree", agreement);
    add("people_correlation", correlation);
    add("people_calibration_error", calibration);
    add("people_cross_entropy", text_of(votes.cross_entropy));
    add("calm_labelled", text_of(votes.calm_rate()));
}

}  // namespace

void add_scores(const std::string& split, const model::ModelCard& card,
                const std::vector<ScoredFolder>& folders, model::Provenance& provenance) {
    const auto evaluation = evaluate(card, folders);
    const auto add = [&](const std::string& name, const std::string& value) {
        provenance.emplace_back("scores." + split + "." + name, value);
    };
    add("pictures", std::to_string(evaluation.samples));
    add("accuracy", text_of(evaluation.forced.matrix.accuracy()));
    add("precision", text_of(ml::precision(evaluation.forced.counts)));
    add("recall", text_of(ml::recall(evaluation.forced.counts)));
    add("f1", text_of(ml::f1_score(evaluation.forced.counts)));
    add("calibration_error", text_of(evaluation.forced.ece));
    std::string precision, recall;
    for (const auto& label : evaluation.open.labels) {
        const std::string before = precision.empty() ? "" : ", ";
        precision += before + label.name + " " + text_of(label.precision);
        recall += before + label.name + " " + text_of(label.recall);
    }
    add("shown_precision", precision);
    add("shown_recall", recall);
    if (evaluation.votes) add_vote_scores(*evaluation.votes, add);
}

TrainedModel train(const Recipe& recipe, const Dataset& data, const Dataset& validation, std::uint64_t seed,
                   ThreadPool& threads, const TrainingHooks& hooks) {
    auto fitted = fit(recipe, data, validation, seed, threads, hooks);
    TrainedModel trained;
    trained.notes = std::move(fitted.notes);
    auto& card = trained.card;
    card.name = recipe.name;
    card.description = recipe.description;
    card.classes = data.classes;
    card.crop = data.crop;
    card.activation = fitted.activation;
    card.positive = recipe.positive;
    card.mirror = recipe.mirror;
    for (std::size_t k = 0; k < recipe.shown.size(); ++k) {
        card.shown.push_back({card.class_index(recipe.shown[k]), recipe.show_from});
        for (const auto& [other, shares] : recipe.show_less)
            if (other != recipe.shown[k] && shares[k] > 0.0)
                card.shown[k].less[card.class_index(other)] = shares[k];
    }

    auto& provenance = card.provenance;
    provenance = {{"trainer", kVersion}, {"recipe", recipe.name}, {"seed", std::to_string(seed)}};
    provenance.insert(provenance.end(), fitted.provenance.begin(), fitted.provenance.end());
    if (!recipe.data_source.empty()) provenance.emplace_back("data.source", recipe.data_source);
    if (!recipe.data_terms.empty()) provenance.emplace_back("data.terms", recipe.data_terms);
    provenance.emplace_back("data.pictures", data.counts_text());
    provenance.emplace_back("data.sha256", data.sha256());

    if (!fitted.held_out.labels.empty()) {
        calibrate(fitted.held_out, card);
        auto answers = score_held_out(fitted.held_out, card);
        choose_thresholds(recipe, answers, card, trained.notes);
        if (fitted.held_out.split != "validation")
            add_scores(fitted.held_out.split, card, answers, provenance);
        trained.scored = std::move(answers);
        trained.scored_on = fitted.held_out.split;
    }
    if (validation.size() > 0) {
        const auto scorer = model::make_scorer(card, model::onnx_bytes(fitted.graph), recipe.name);
        trained.scored = score_dataset(*scorer, validation);
        trained.scored_on = "validation";
        add_scores("validation", card, trained.scored, provenance);
    }
    trained.graph = std::move(fitted.graph);
    trained.summary = fitted.summary;
    return trained;
}

}  // namespace emotion::training
