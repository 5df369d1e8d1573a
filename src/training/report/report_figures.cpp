#include "training/report/report_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace emotion::training {
namespace {

int most_likely_of(const std::vector<float>& probabilities) {
    return static_cast<int>(std::max_element(probabilities.begin(), probabilities.end()) -
                            probabilities.begin());
}

/// A scored picture with the card's index of its class; -1 if the card lacks that class.
struct Answer {
    const ScoredPicture* picture;
    const std::string* folder;
    int truth;
};

std::vector<Answer> predictions_of(const model::ModelCard& card, const std::vector<ScoredFolder>& folders) {
    std::vector<Answer> answers;
    for (const auto& folder : folders) {
        const int truth = card.find_class(folder.name).value_or(-1);
        for (const auto& picture : folder.pictures)
            if (picture.outcome == ScoredPicture::Outcome::kScored)
                answers.push_back({&picture, &folder.name, truth});
    }
    return answers;
}

ClassCurve curve_of(const model::ModelCard& card, const std::vector<Answer>& answers, int of_class) {
    const auto shown =
        std::find_if(card.shown.begin(), card.shown.end(),
                     [&](const model::ShownClass& candidate) { return candidate.class_index == of_class; });
    const auto is_shown = shown != card.shown.end();
    std::vector<double> scores;
    std::vector<std::uint8_t> positive;
    for (const auto& answer : answers) {
        if (answer.truth < 0) continue;
        scores.push_back(model::evidence_for(is_shown ? *shown : model::ShownClass{of_class},
                                             answer.picture->probabilities));
        positive.push_back(answer.truth == of_class);
    }
    ClassCurve curve;
    curve.name = card.classes[static_cast<std::size_t>(of_class)];
    curve.counts = ml::threshold_curve(scores, positive);
    curve.area = ml::area_under_roc(scores, positive);
    if (card.classes.size() == 2) curve.marks.push_back({"the likelier", 0.5});
    if (is_shown) curve.marks.push_back({"shown", shown->min_probability});
    return curve;
}

std::vector<ClassCurve> curves_of(const model::ModelCard& card, const std::vector<Answer>& answers) {
    std::vector<int> classes;
    if (card.classes.size() == 2)
        classes = {card.class_index(card.positive)};  // the other class's curve is equivalent
    else
        for (const auto& shown : card.shown) classes.push_back(shown.class_index);
    std::vector<ClassCurve> curves;
    for (const int k : classes) curves.push_back(curve_of(card, answers, k));
    return curves;
}

/// nullopt if `probabilities_of` gives none for some picture.
template <typename ProbabilitiesOf>
std::optional<ReliabilityCurve> reliability(const std::vector<Answer>& answers,
                                            const ProbabilitiesOf& probabilities_of) {
    std::vector<double> confidence;
    std::vector<std::uint8_t> right;
    for (const auto& answer : answers) {
        if (answer.truth < 0) continue;
        const std::optional<std::vector<float>> probabilities =
            probabilities_of(answer.picture->probabilities);
        if (!probabilities) return std::nullopt;
        const int most_likely = most_likely_of(*probabilities);
        confidence.push_back((*probabilities)[static_cast<std::size_t>(most_likely)]);
        right.push_back(most_likely == answer.truth);
    }
    return ReliabilityCurve{ml::reliability_bins(confidence, right),
                            ml::calibration_error(confidence, right)};
}

std::vector<ClassFigures> classes_of(const model::ModelCard& card, const std::vector<Answer>& answers) {
    std::vector<ClassFigures> classes;
    for (const auto& name : card.classes) classes.push_back({.name = name});
    for (const auto& shown : card.shown) classes[static_cast<std::size_t>(shown.class_index)].is_shown = true;
    for (const auto& answer : answers) {
        if (answer.truth < 0) continue;
        auto& truth = classes[static_cast<std::size_t>(answer.truth)];
        const int most_likely = most_likely_of(answer.picture->probabilities);
        ++truth.pictures;
        truth.found += most_likely == answer.truth;
        ++classes[static_cast<std::size_t>(most_likely)].predicted;
        const auto label = model::shown_label(answer.picture->probabilities, card);
        if (!label) continue;
        ++classes[static_cast<std::size_t>(*label)].labeled;
        truth.labeled_correctly += *label == answer.truth;
    }
    return classes;
}

std::vector<Mistake> mistakes_of(const model::ModelCard& card, const std::vector<Answer>& answers,
                                 std::size_t most) {
    struct Candidate {
        double confidence;
        const Answer* answer;
    };
    std::vector<Candidate> candidates;
    for (const auto& answer : answers) {
        const auto& probabilities = answer.picture->probabilities;
        const int most_likely = most_likely_of(probabilities);
        if (most_likely == answer.truth || (answer.truth < 0 && !model::shown_label(probabilities, card)))
            continue;
        const double of_truth =
            answer.truth < 0 ? 0.0 : probabilities[static_cast<std::size_t>(answer.truth)];
        candidates.push_back({probabilities[static_cast<std::size_t>(most_likely)] - of_truth, &answer});
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.confidence > b.confidence; });
    candidates.resize(std::min(candidates.size(), most));
    std::vector<Mistake> mistakes;
    for (const auto& [confidence, answer] : candidates)
        mistakes.push_back({answer->picture->name, *answer->folder,
                            most_likely_of(answer->picture->probabilities), answer->picture->probabilities});
    return mistakes;
}

}  // namespace

std::optional<std::vector<float>> without_calibration(const std::vector<float>& probabilities,
                                                      const model::ModelCard& card) {
    const bool has_bias =
        std::any_of(card.bias.begin(), card.bias.end(), [](double bias) { return bias != 0.0; });
    if (card.temperature == 1.0 && !has_bias) return std::nullopt;
    if (card.activation == model::Activation::kSigmoid && card.classes.size() > 2) return std::nullopt;
    // Softmax discards only a common offset, so logarithms of probabilities serve as logits.
    std::vector<double> logits;
    for (std::size_t k = 0; k < probabilities.size(); ++k)
        logits.push_back(card.temperature * (std::log(std::max(probabilities[k], 1e-30f)) -
                                             (card.bias.empty() ? 0.0 : card.bias[k])));
    return model::softmax(std::move(logits));
}

ReportFigures report_figures(const model::ModelCard& card, const std::vector<ScoredFolder>& folders,
                             std::size_t mistakes) {
    const auto answers = predictions_of(card, folders);
    ReportFigures figures{ml::ConfusionMatrix(static_cast<int>(card.classes.size())), {}, {}, {}, {}, {}};
    for (const auto& answer : answers)
        if (answer.truth >= 0)
            figures.most_likely.add(answer.truth, most_likely_of(answer.picture->probabilities));
    figures.curves = curves_of(card, answers);
    figures.calibrated =
        *reliability(answers, [](const std::vector<float>& same) { return std::optional(same); });
    figures.uncalibrated = reliability(answers, [&](const std::vector<float>& probabilities) {
        return without_calibration(probabilities, card);
    });
    figures.classes = classes_of(card, answers);
    figures.mistakes = mistakes_of(card, answers, mistakes);
    return figures;
}

}  // namespace emotion::training
