#include "training/evaluation/vote_text.hpp"

#include <algorithm>
#include <sstream>

#include "base/formatted.hpp"
#include "base/join.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

using Json = nlohmann::ordered_json;

std::optional<double> share_of(std::int64_t part, std::int64_t whole) {
    return ml::precision({part, 0, whole - part, 0});
}

/// What people say of a label's pictures, the most frequent first, without what is under 1 %.
std::string said_text(const VoteFigures::Label& label, const VoteFigures& figures) {
    std::vector<std::pair<double, std::string>> said;
    for (std::size_t k = 0; k < label.said.size(); ++k)
        if (label.said[k] >= 0.01) said.emplace_back(label.said[k], figures.majorities[k].name);
    std::stable_sort(said.begin(), said.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> texts;
    for (const auto& [share, name] : said) texts.push_back(name + " " + figure_text(share));
    return join(texts);
}

void write_label(const VoteFigures::Label& label, const VoteFigures& figures, std::ostream& text) {
    text << "  " << label.name << ": shown on " << label.shown << ", people who agree "
         << figure_text(label.agreement ? std::optional(label.agreement->mean) : std::nullopt);
    if (label.agreement)
        text << " (95 %: " << figure_text(label.agreement->interval.low) << " to "
             << figure_text(label.agreement->interval.high) << ")";
    text << '\n';
    if (label.shown > 0) text << "    people say: " << said_text(label, figures) << '\n';
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
                 << figure_text(share_of(of_class.labelled, of_class.pictures));
    text << '\n';
}

}  // namespace

Json to_json(const VoteFigures& figures) {
    Json labels = Json::object(), majorities = Json::object();
    for (const auto& label : figures.labels) {
        Json said = Json::object();
        for (std::size_t k = 0; k < label.said.size(); ++k) said[figures.majorities[k].name] = label.said[k];
        const auto& agreement = label.agreement;
        labels[label.name] = {
            {"shown", label.shown},
            {"agreement", figure_json(agreement ? std::optional(agreement->mean) : std::nullopt)},
            {"agreement_low", figure_json(agreement ? std::optional(agreement->interval.low) : std::nullopt)},
            {"agreement_high",
             figure_json(agreement ? std::optional(agreement->interval.high) : std::nullopt)},
            {"said", std::move(said)},
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
            {"pictures", of_class.pictures}, {"labelled", of_class.labelled}, {"shown", std::move(shown)}};
    }
    return {{"pictures", figures.pictures},
            {"without_majority", figures.without_majority},
            {"labels", std::move(labels)},
            {"majorities", std::move(majorities)},
            {"calm", figures.calm},
            {"calm_labelled", figure_json(figures.calm_rate())},
            {"cross_entropy", figure_json(figures.cross_entropy)},
            {"likeliest", figure_json(figures.likeliest)},
            {"likeliest_of_majority", figure_json(figures.likeliest_of_majority)}};
}

std::string to_text(const VoteFigures& figures) {
    std::ostringstream text;
    text << "By people's votes on " << figures.pictures << " of them (no majority on "
         << figures.without_majority << "):\n";
    for (const auto& label : figures.labels) write_label(label, figures, text);
    if (!figures.calm.empty()) write_calm(figures, text);
    text << "  all probabilities: cross-entropy " << figure_text(figures.cross_entropy)
         << "; the most likely class is the people's " << figure_text(figures.likeliest)
         << ", where there is a majority " << figure_text(figures.likeliest_of_majority) << '\n';
    return text.str();
}

}  // namespace emotion::training
