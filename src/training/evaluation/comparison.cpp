#include "training/evaluation/comparison.hpp"

#include <algorithm>
#include <iomanip>
#include <optional>
#include <sstream>
#include <utility>

#include "base/display_width.hpp"
#include "base/error.hpp"
#include "base/join.hpp"
#include "training/evaluation/evaluation_text.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

constexpr std::size_t kExamples = 10;
constexpr double kSignificant = 0.05;

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::count(names.begin(), names.end(), name) > 0;
}

/// A model's choice among some classes, and its share of their probability.
std::pair<std::string, float> choose(const model::ModelCard& card, const std::vector<std::string>& classes,
                                     const std::vector<float>& probabilities) {
    const auto probability = [&](const std::string& name) {
        return probabilities[static_cast<std::size_t>(card.class_index(name))];
    };
    std::string most_likely = holds(classes, card.positive) ? card.positive : classes.front();
    float sum = 0.0f;
    for (const auto& name : classes) {
        sum += probability(name);
        if (probability(name) > probability(most_likely)) most_likely = name;
    }
    const float share =
        sum > 0.0f ? probability(most_likely) / sum : 1.0f / static_cast<float>(classes.size());
    return {most_likely, share};
}

/// The name of the label shown; empty for none.
std::string label_of(const model::ModelCard& card, const std::vector<float>& probabilities) {
    const auto label = model::shown_label(probabilities, card);
    return label ? card.classes[static_cast<std::size_t>(*label)] : "";
}

nlohmann::ordered_json to_json(const PairedCounts& counts) {
    const auto test = counts.test();
    return {{"both_right", counts.both}, {"only_a_right", counts.only_a}, {"only_b_right", counts.only_b},
            {"neither", counts.neither}, {"p_value", test.p_value},       {"exact", test.exact}};
}

std::string verdict(const Comparison& comparison, const PairedCounts& counts) {
    const auto test = counts.test();
    std::ostringstream text;
    text << "both right " << counts.both << ", only A " << counts.only_a << ", only B " << counts.only_b
         << ", neither " << counts.neither << "\n  McNemar's test ("
         << (test.exact ? "exact" : "corrected chi-squared") << "): p = " << std::setprecision(2)
         << test.p_value << ", ";
    if (test.p_value >= kSignificant)
        text << "which may be due to chance";
    else
        text << (counts.only_a > counts.only_b ? "A (" + comparison.name_a : "B (" + comparison.name_b)
             << ") is right more often, which is unlikely to be due to chance";
    return text.str();
}

}  // namespace

void PairedCounts::add(bool a_right, bool b_right) {
    ++(a_right ? (b_right ? both : only_a) : (b_right ? only_b : neither));
}

std::vector<std::string> classes_in_common(const model::ModelCard& a, const model::ModelCard& b) {
    std::vector<std::string> classes;
    const auto shown_by_b = b.shown_names();
    for (const auto& name : a.shown_names())
        if (holds(shown_by_b, name)) classes.push_back(name);
    if (classes.size() < 2)
        throw ConfigError(a.name + " shows " + join(a.shown_names()) + ", " + b.name + " " +
                          join(shown_by_b) +
                          ", expected two classes in common, so that they can be compared");
    return classes;
}

Comparison compare(const model::ModelCard& card_a, const std::vector<ScoredFolder>& a,
                   const model::ModelCard& card_b, const std::vector<ScoredFolder>& b) {
    Comparison comparison;
    comparison.name_a = card_a.name;
    comparison.name_b = card_b.name;
    const auto& classes = comparison.classes = classes_in_common(card_a, card_b);

    for (std::size_t folder = 0; folder < a.size(); ++folder) {
        const auto& truth = a[folder].name;
        const bool compared = holds(classes, truth);
        for (std::size_t i = 0; i < a[folder].pictures.size(); ++i) {
            const auto &by_a = a[folder].pictures[i], &by_b = b[folder].pictures[i];
            if (by_a.outcome != ScoredPicture::Outcome::kScored || by_b.outcome != by_a.outcome) continue;
            const auto expected = compared ? truth : std::string();
            comparison.shown.add(label_of(card_a, by_a.probabilities) == expected,
                                 label_of(card_b, by_b.probabilities) == expected);
            if (!compared) continue;
            const auto [answer_a, share_a] = choose(card_a, classes, by_a.probabilities);
            const auto [answer_b, share_b] = choose(card_b, classes, by_b.probabilities);
            comparison.forced.add(answer_a == truth, answer_b == truth);
            if (answer_a != answer_b)
                comparison.differing.push_back({by_a.name, truth, answer_a, answer_b, share_a, share_b});
        }
    }
    std::stable_sort(comparison.differing.begin(), comparison.differing.end(),
                     [](const auto& x, const auto& y) {
                         return x.probability_a + x.probability_b > y.probability_a + y.probability_b;
                     });
    comparison.a = evaluate(card_a, a);
    comparison.b = evaluate(card_b, b);
    return comparison;
}

nlohmann::ordered_json to_json(const Comparison& comparison) {
    nlohmann::ordered_json json{
        {"classes", comparison.classes},      {"a", to_json(comparison.a)},
        {"b", to_json(comparison.b)},         {"forced", to_json(comparison.forced)},
        {"shown", to_json(comparison.shown)}, {"differing", nlohmann::ordered_json::array()}};
    json["a"]["model"] = comparison.name_a;
    json["b"]["model"] = comparison.name_b;
    for (const auto& picture : comparison.differing)
        json["differing"].push_back({{"picture", picture.name},
                                     {"truth", picture.truth},
                                     {"a", picture.answer_a},
                                     {"a_probability", picture.probability_a},
                                     {"b", picture.answer_b},
                                     {"b_probability", picture.probability_b}});
    return json;
}

std::string to_text(const Comparison& comparison) {
    std::ostringstream text;
    const bool with_votes = comparison.a.votes && comparison.b.votes;
    const auto votes_a = with_votes ? summary_of(*comparison.a.votes) : std::vector<VoteFigure>();
    const auto votes_b = with_votes ? summary_of(*comparison.b.votes) : std::vector<VoteFigure>();
    const auto width = name_width(votes_a, kFigureNameWidth);
    const auto line = [&](const std::string& name, const std::string& a, const std::string& b) {
        text << "  " << left_aligned(name, width) << left_aligned(a, 9) << b << '\n';
    };
    const auto row = [&](const std::string& name, const std::optional<double>& a,
                         const std::optional<double>& b) { line(name, figure_text(a), figure_text(b)); };
    text << "A: " << comparison.name_a << "\nB: " << comparison.name_b << '\n';
    line("", "A", "B");
    if (with_votes) {
        text << "by people's votes on " << comparison.a.votes->pictures << " pictures\n";
        for (const auto& figure : votes_a)
            for (const auto& other : votes_b)
                if (figure.key == other.key) row(figure.name, figure.value, other.value);
        text << "by label\n";
    }
    for (const auto& figure : named_figures())
        row(figure.name, figure.of(comparison.a.forced), figure.of(comparison.b.forced));
    row("false label rate", comparison.a.open.false_label_rate, comparison.b.open.false_label_rate);
    text << "The more likely of " << join(comparison.classes, " or ") << " on their "
         << comparison.forced.pictures() << " pictures:\n  " << verdict(comparison, comparison.forced)
         << "\nThe label shown, if any, on all " << comparison.shown.pictures() << " pictures:\n  "
         << verdict(comparison, comparison.shown) << '\n';
    if (comparison.differing.empty()) return text.str();
    text << "They differ on " << comparison.differing.size() << " pictures, most strongly on\n";
    for (std::size_t i = 0; i < std::min(kExamples, comparison.differing.size()); ++i) {
        const auto& picture = comparison.differing[i];
        text << "  " << picture.name << ": A " << picture.answer_a << " " << std::fixed
             << std::setprecision(2) << picture.probability_a << ", B " << picture.answer_b << " "
             << picture.probability_b << '\n';
    }
    return text.str();
}

}  // namespace emotion::training
