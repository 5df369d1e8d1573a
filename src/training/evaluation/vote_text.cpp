#include "training/evaluation/vote_text.hpp"

#include <algorithm>
#include <sstream>

#include "base/formatted.hpp"
#include "base/join.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

using Json = nlohmann::ordered_json;

/// The votes on a label's pictures, most frequent first, omitting those under 1 %.
std::string vote_shares_text(const VoteFigures::Label& label, const VoteFigures& figures) {
    std::vector<std::pair<double, std::string>> vote_shares;
    for (std::size_t k = 0; k < label.vote_shares.size(); ++k)
        if (label.vote_shares[k] >= 0.01)
            vote_shares.emplace_back(label.vote_shares[k], figures.majorities[k].name);
    std::stable_sort(vote_shares.begin(), vote_shares.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> texts;
    for (const auto& [share, name] : vote_shares) texts.push_back(name + " " + figure_text(share));
    return join(texts);
}

void write_label(const VoteFigures::Label& label, const VoteFigures& figures, std::ostream& text) {
    text << "  " << label.name << ": shown on " << label.shown << ", people who agree "
         << figure_text(label.mean_agreement());
    if (label.agreement)
        text << " (95 %: " << figure_text(label.agreement->interval.low) << " to "
             << figure_text(label.agreement->interval.high) << ")";
    text << '\n';
    if (label.shown > 0) text << "    people say: " << vote_shares_text(label, figures) << '\n';
    const auto& counts = label.by_majority;
    text << "    by majority (" << counts.tp + counts.fn << "): precision "
         << figure_text(ml::precision(counts)) << ", recall " << figure_text(ml::recall(counts)) << ", F1 "
         << figure_text(ml::f1_score(counts))
         << "; found at 1, 2, 5 % of calm and otherwise labeled: " << figure_text(label.found[0]) << ", "
         << figure_text(label.found[1]) << ", " << figure_text(label.found[2]) << '\n';
    text << "    its probability and the share of people: correlation " << figure_text(label.correlation)
         << ", calibration error " << figure_text(label.calibration_error) << '\n';
}

void write_calm(const VoteFigures& figures, std::ostream& text) {
    text << "  calm (most say " << join(figures.calm) << "): " << figure_text(figures.calm_rate()) << " of "
         << figures.calm_pictures << " get a label;";
    for (const auto& of_class : figures.majorities)
        if (std::count(figures.calm.begin(), figures.calm.end(), of_class.name))
            text << ' ' << of_class.name << ' '
                 << figure_text(ml::proportion(of_class.labeled, of_class.pictures));
    text << '\n';
}

}  // namespace

Json to_json(const VoteFigures& figures) {
    Json labels = Json::object(), majorities = Json::object();
    for (const auto& label : figures.labels) {
        Json vote_shares = Json::object();
        for (std::size_t k = 0; k < label.vote_shares.size(); ++k)
            vote_shares[figures.majorities[k].name] = label.vote_shares[k];
        const auto& agreement = label.agreement;
        labels[label.name] = {
            {"shown", label.shown},
            {"agreement", figure_json(label.mean_agreement())},
            {"agreement_low", figure_json(agreement ? std::optional(agreement->interval.low) : std::nullopt)},
            {"agreement_high",
             figure_json(agreement ? std::optional(agreement->interval.high) : std::nullopt)},
            {"said", std::move(vote_shares)},
            {"majority", label.by_majority.tp + label.by_majority.fn},
            {"precision", figure_json(ml::precision(label.by_majority))},
            {"recall", figure_json(ml::recall(label.by_majority))},
            {"f1", figure_json(ml::f1_score(label.by_majority))},
            {"found_at_1_percent", figure_json(label.found[0])},
            {"found_at_2_percent", figure_json(label.found[1])},
            {"found_at_5_percent", figure_json(label.found[2])},
            {"correlation", figure_json(label.correlation)},
            {"calibration_error", figure_json(label.calibration_error)}};
    }
    for (const auto& of_class : figures.majorities) {
        Json shown = Json::object();
        for (std::size_t k = 0; k < of_class.shown.size(); ++k)
            shown[figures.labels[k].name] = of_class.shown[k];
        majorities[of_class.name] = {
            {"pictures", of_class.pictures}, {"labelled", of_class.labeled}, {"shown", std::move(shown)}};
    }
    return {{"pictures", figures.pictures},
            {"without_majority", figures.without_majority},
            {"labels", std::move(labels)},
            {"majorities", std::move(majorities)},
            {"calm", figures.calm},
            {"calm_labelled", figure_json(figures.calm_rate())},
            {"cross_entropy", figure_json(figures.cross_entropy)},
            {"likeliest", figure_json(figures.most_likely)},
            {"likeliest_of_majority", figure_json(figures.most_likely_of_majority)}};
}

std::string to_text(const VoteFigures& figures) {
    std::ostringstream text;
    text << "By people's votes on " << figures.pictures << " of them (no majority on "
         << figures.without_majority << "):\n";
    for (const auto& label : figures.labels) write_label(label, figures, text);
    if (!figures.calm.empty()) write_calm(figures, text);
    text << "  all probabilities: cross-entropy " << figure_text(figures.cross_entropy)
         << "; the most likely class is the people's " << figure_text(figures.most_likely)
         << ", where there is a majority " << figure_text(figures.most_likely_of_majority) << '\n';
    return text.str();
}

}  // namespace emotion::training
