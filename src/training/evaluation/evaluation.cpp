#include "training/evaluation/evaluation.hpp"

#include <algorithm>

namespace emotion::training {
namespace {

/// The classes of the forced choice, as indices into the card.
std::vector<int> forced_classes(const model::ModelCard& card) {
    std::vector<int> classes;
    for (const auto& shown : card.shown) classes.push_back(shown.class_index);
    const bool enough =
        classes.size() >= 2 && std::count(classes.begin(), classes.end(), card.class_index(card.positive));
    if (!enough) {
        classes.clear();
        for (std::size_t k = 0; k < card.classes.size(); ++k) classes.push_back(static_cast<int>(k));
    }
    std::sort(classes.begin(), classes.end());
    return classes;
}

template <typename Work>
void for_each_scored(const ScoredFolder& folder, const Work& work) {
    for (const auto& picture : folder.pictures)
        if (picture.outcome == ScoredPicture::Outcome::kScored) work(picture.probabilities);
}

ForcedFigures forced_figures(const model::ModelCard& card, const std::vector<ScoredFolder>& folders) {
    const auto classes = forced_classes(card);
    ForcedFigures figures;
    figures.positive = card.positive;
    for (const int k : classes) figures.classes.push_back(card.classes[static_cast<std::size_t>(k)]);
    const auto place_of = [&](const std::string& name) {
        return static_cast<int>(std::find(figures.classes.begin(), figures.classes.end(), name) -
                                figures.classes.begin());
    };
    const int positive = place_of(card.positive);

    auto& matrix = figures.matrix = ml::ConfusionMatrix(static_cast<int>(classes.size()));
    std::vector<double> positive_shares, truth_shares, confidences;
    std::vector<std::uint8_t> is_positive, is_right;
    for (const auto& folder : folders) {
        const int truth = place_of(folder.name);
        if (truth == static_cast<int>(classes.size())) continue;
        for_each_scored(folder, [&](const std::vector<float>& probabilities) {
            double sum = 0.0;
            int most_likely = positive;  // wins ties
            const auto probability = [&](int place) {
                return double{
                    probabilities[static_cast<std::size_t>(classes[static_cast<std::size_t>(place)])]};
            };
            for (int place = 0; place < static_cast<int>(classes.size()); ++place) {
                sum += probability(place);
                if (probability(place) > probability(most_likely)) most_likely = place;
            }
            // Relative to the total probability of these classes; equal if that is zero.
            const auto share = [&](int place) {
                return sum > 0.0 ? probability(place) / sum : 1.0 / static_cast<double>(classes.size());
            };
            matrix.add(truth, most_likely);
            positive_shares.push_back(share(positive));
            truth_shares.push_back(share(truth));
            confidences.push_back(share(most_likely));
            is_positive.push_back(truth == positive);
            is_right.push_back(truth == most_likely);
        });
    }
    figures.counts = matrix.against_rest(positive);
    figures.auc = ml::area_under_roc(positive_shares, is_positive);
    figures.log_loss = ml::log_loss(truth_shares);
    figures.ece = ml::calibration_error(confidences, is_right);
    return figures;
}

FolderFigures folder_figures(const model::ModelCard& card, const ScoredFolder& folder) {
    FolderFigures figures{folder.name, 0, 0, 0, std::vector<std::int64_t>(card.shown.size(), 0), 0};
    for (const auto& picture : folder.pictures) {
        figures.unreadable += picture.outcome == ScoredPicture::Outcome::kUnreadable;
        figures.no_face += picture.outcome == ScoredPicture::Outcome::kNoFace;
    }
    for_each_scored(folder, [&](const std::vector<float>& probabilities) {
        ++figures.samples;
        const auto label = model::shown_label(probabilities, card);
        if (!label) {
            ++figures.shown_nothing;
            return;
        }
        const auto shown =
            std::find_if(card.shown.begin(), card.shown.end(),
                         [&](const model::ShownClass& candidate) { return candidate.class_index == *label; });
        ++figures.shown[static_cast<std::size_t>(shown - card.shown.begin())];
    });
    return figures;
}

OpenFigures open_figures(const model::ModelCard& card, const std::vector<FolderFigures>& folders) {
    OpenFigures figures;
    std::int64_t labeled = 0, pictures = 0, other_labeled = 0, other_pictures = 0;
    for (std::size_t k = 0; k < card.shown.size(); ++k) {
        const auto& name = card.classes[static_cast<std::size_t>(card.shown[k].class_index)];
        ml::BinaryCounts counts;
        for (const auto& folder : folders) {
            (folder.name == name ? counts.tp : counts.fp) += folder.shown[k];
            (folder.name == name ? counts.fn : counts.tn) += folder.samples - folder.shown[k];
        }
        labeled += counts.tp + counts.fp;
        figures.labels.push_back({name, ml::precision(counts), ml::recall(counts), ml::f1_score(counts)});
    }
    for (const auto& folder : folders) {
        pictures += folder.samples;
        const bool belongs =
            std::any_of(figures.labels.begin(), figures.labels.end(),
                        [&](const OpenFigures::Label& label) { return label.name == folder.name; });
        if (belongs) continue;
        other_pictures += folder.samples;
        other_labeled += folder.samples - folder.shown_nothing;
    }
    figures.coverage = ml::proportion(labeled, pictures);
    figures.false_label_rate = ml::proportion(other_labeled, other_pictures);
    return figures;
}

using Figure = std::optional<double>;
using Interval = std::optional<ml::Interval>;

Interval accuracy_interval(const ForcedFigures& of) {
    std::int64_t right = 0;
    for (int k = 0; k < of.matrix.classes(); ++k) right += of.matrix.count(k, k);
    return ml::wilson_interval(right, of.matrix.total());
}

}  // namespace

const std::vector<NamedFigure>& named_figures() {
    using Of = const ForcedFigures&;
    static const std::vector<NamedFigure> figures{
        {"accuracy", "accuracy", [](Of of) -> Figure { return of.matrix.accuracy(); }, accuracy_interval},
        {"balanced_accuracy", "balanced accuracy",
         [](Of of) -> Figure { return of.matrix.balanced_accuracy(); }},
        {"precision", "precision", [](Of of) -> Figure { return ml::precision(of.counts); },
         [](Of of) -> Interval { return ml::wilson_interval(of.counts.tp, of.counts.tp + of.counts.fp); }},
        {"recall", "recall", [](Of of) -> Figure { return ml::recall(of.counts); },
         [](Of of) -> Interval { return ml::wilson_interval(of.counts.tp, of.counts.tp + of.counts.fn); }},
        {"f1", "F1", [](Of of) -> Figure { return ml::f1_score(of.counts); }},
        {"auc", "AUC", [](Of of) -> Figure { return of.auc; }},
        {"log_loss", "log loss", [](Of of) -> Figure { return of.log_loss; }},
        {"ece", "calibration error", [](Of of) -> Figure { return of.ece; }}};
    return figures;
}

Evaluation evaluate(const model::ModelCard& card, const std::vector<ScoredFolder>& folders) {
    Evaluation evaluation;
    for (const auto& folder : folders) {
        evaluation.per_class.push_back(folder_figures(card, folder));
        const auto& figures = evaluation.per_class.back();
        evaluation.samples += figures.samples;
        evaluation.skipped += figures.unreadable + figures.no_face;
    }
    evaluation.votes = vote_figures(card, folders);
    evaluation.forced = forced_figures(card, folders);
    evaluation.open = open_figures(card, evaluation.per_class);
    return evaluation;
}

}  // namespace emotion::training
