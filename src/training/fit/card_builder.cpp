#include "training/fit/card_builder.hpp"

#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "base/formatted.hpp"
#include "ml/metrics/calibration.hpp"
#include "ml/metrics/metrics.hpp"
#include "model/model_files.hpp"
#include "model/scorer.hpp"
#include "training/evaluation/evaluation.hpp"
#include "training/evaluation/neutral_answers.hpp"
#include "training/fit/label_thresholds.hpp"

namespace emotion::training {
namespace {

std::string text_of(const std::optional<double>& figure) {
    return figure ? formatted("%.4f", *figure) : "undefined";
}

/// The held-out predictions, calibrated, as one folder per class.
std::vector<ScoredFolder> score_held_out(const HeldOutPredictions& answers, const model::ModelCard& card) {
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

/// With the losses that the model was trained with.
void calibrate(const HeldOutPredictions& answers, double shown_label, model::ModelCard& card) {
    const auto outputs = static_cast<int>(answers.logits.size() / answers.labels.size());
    std::vector<std::size_t> shown;
    for (const auto& one : card.shown) shown.push_back(static_cast<std::size_t>(one.class_index));
    const auto calibration = answers.targets.empty()
                                 ? ml::fit_calibration(answers.logits, outputs, answers.labels)
                                 : ml::fit_calibration(answers.logits, outputs, answers.targets,
                                                       {shown, answers.labels, shown_label});
    card.temperature = rounded(calibration.temperature);
    for (const double bias : calibration.bias) card.bias.push_back(rounded(bias));
}

/// Adds the agreement with votes.
void add_vote_scores(const VoteFigures& votes,
                     const std::function<void(const std::string&, const std::string&)>& add) {
    std::string agreement, correlation, calibration;
    for (const auto& label : votes.labels) {
        const std::string before = agreement.empty() ? "" : ", ";
        agreement += before + label.name + " " + text_of(label.mean_agreement());
        correlation += before + label.name + " " + text_of(label.correlation);
        calibration += before + label.name + " " + text_of(label.calibration_error);
    }
    add("people_agree", agreement);
    add("people_correlation", correlation);
    add("people_calibration_error", calibration);
    add("people_cross_entropy", text_of(votes.cross_entropy));
    add("calm_labelled", text_of(votes.calm_rate()));
}

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

}  // namespace

TrainedModel build_model(model::ModelCard draft, FittedModel fitted, const Recipe& recipe,
                         const Dataset& validation) {
    TrainedModel trained;
    auto& card = trained.card = std::move(draft);
    trained.graph = std::move(fitted.graph);
    trained.summary = fitted.summary;
    trained.warnings = std::move(fitted.warnings);
    const auto& held_out = fitted.held_out;
    if (!held_out.labels.empty()) {
        calibrate(held_out, recipe.network.plan.shown_label, card);
        trained.scored = score_held_out(held_out, card);
        trained.scored_on = held_out.split;
        choose_thresholds(recipe, trained.scored, card, trained.warnings);
        if (held_out.split != "validation") add_scores(held_out.split, card, trained.scored, card.provenance);
    }
    if (validation.size() > 0) {
        trained.scored = predictions_of(trained, validation);
        trained.scored_on = "validation";
        add_scores("validation", card, trained.scored, card.provenance);
    }
    card.neutral = neutral_answers(card, trained.scored);
    return trained;
}

std::vector<ScoredFolder> predictions_of(const TrainedModel& trained, const Dataset& data) {
    const auto& card = trained.card;
    return score_dataset(*model::make_scorer(card, model::onnx_bytes(trained.graph), card.name), data);
}

}  // namespace emotion::training
