#include "training/evaluation/evaluation_text.hpp"

#include <algorithm>
#include <sstream>

#include "base/display_width.hpp"
#include "base/join.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/evaluation/vote_text.hpp"

namespace emotion::training {
namespace {

using Json = nlohmann::ordered_json;

std::string with_interval(const NamedFigure& figure, const ForcedFigures& forced) {
    const auto interval = figure.interval ? figure.interval(forced) : std::nullopt;
    const auto text = figure_text(figure.of(forced));
    if (!interval) return text;
    return text + "  (95 %: " + figure_text(interval->low) + " to " + figure_text(interval->high) + ")";
}

void write_forced(const ForcedFigures& forced, std::ostream& text) {
    const auto& [tp, tn, fp, fn] = forced.counts;
    text << "The more likely of " << join(forced.classes, " or ") << ", on pictures of these classes only ("
         << forced.positive << " is positive):\n";
    const auto line = [&](const char* name, const std::string& value) {
        text << "  " << left_aligned(name, kFigureNameWidth) << value << '\n';
    };
    line("tp tn fp fn",
         std::to_string(tp) + " " + std::to_string(tn) + " " + std::to_string(fp) + " " + std::to_string(fn));
    for (const auto& figure : named_figures()) line(figure.name, with_interval(figure, forced));
}

void write_open(const OpenFigures& open, std::ostream& text) {
    text << "The label shown, if any, on every picture:\n";
    for (const auto& label : open.labels)
        text << "  " << label.name << ": precision " << figure_text(label.precision) << ", recall "
             << figure_text(label.recall) << ", F1 " << figure_text(label.f1) << '\n';
    text << "  of all pictures " << figure_text(open.coverage) << " get a label, of those of other classes "
         << figure_text(open.false_label_rate) << '\n';
}

void write_folders(const Evaluation& evaluation, std::ostream& text) {
    std::size_t width = 6;
    for (const auto& folder : evaluation.per_class) width = std::max(width, display_width(folder.name));
    std::vector<std::string> headings{"samples", "unreadable", "no face"};
    for (const auto& label : evaluation.open.labels) headings.push_back("-> " + label.name);
    headings.push_back("-> nothing");
    const auto line = [&](const std::string& name, const std::vector<std::string>& cells) {
        text << "  " << left_aligned(name, width);
        for (std::size_t k = 0; k < cells.size(); ++k)
            text << "  " << right_aligned(cells[k], std::max<std::size_t>(7, display_width(headings[k])));
        text << '\n';
    };
    line("folder", headings);
    for (const auto& folder : evaluation.per_class) {
        std::vector<std::string> cells;
        for (const auto count : {folder.samples, folder.unreadable, folder.no_face})
            cells.push_back(std::to_string(count));
        for (const auto count : folder.shown) cells.push_back(std::to_string(count));
        cells.push_back(std::to_string(folder.shown_nothing));
        line(folder.name, cells);
    }
}

}  // namespace

Json to_json(const Evaluation& evaluation) {
    const auto& forced = evaluation.forced;
    Json open = Json::object();
    for (const auto& label : evaluation.open.labels)
        open[label.name] = {{"precision", figure_json(label.precision)},
                            {"recall", figure_json(label.recall)},
                            {"f1", figure_json(label.f1)}};
    open["coverage"] = figure_json(evaluation.open.coverage);
    open["false_label_rate"] = figure_json(evaluation.open.false_label_rate);

    Json per_class = Json::object();
    for (const auto& folder : evaluation.per_class) {
        Json shown = Json::object();
        for (std::size_t k = 0; k < folder.shown.size(); ++k)
            shown[evaluation.open.labels[k].name] = folder.shown[k];
        shown["none"] = folder.shown_nothing;
        per_class[folder.name] = {{"samples", folder.samples},
                                  {"unreadable", folder.unreadable},
                                  {"no_face", folder.no_face},
                                  {"shown", std::move(shown)}};
    }
    Json nuisances = Json::object();
    for (const auto& [name, perturbed] : evaluation.nuisances)
        nuisances[name] = {{"accuracy", figure_json(perturbed.matrix.accuracy())},
                           {"f1", figure_json(ml::f1_score(perturbed.counts))}};

    Json figures = {{"positive", forced.positive},
                    {"tp", forced.counts.tp},
                    {"tn", forced.counts.tn},
                    {"fp", forced.counts.fp},
                    {"fn", forced.counts.fn}};
    for (const auto& figure : named_figures()) figures[figure.key] = figure_json(figure.of(forced));

    Json all = {{"samples", evaluation.samples},
                {"skipped", evaluation.skipped},
                {"forced", std::move(figures)},
                {"open", std::move(open)},
                {"per_class", std::move(per_class)}};
    if (evaluation.votes) all["votes"] = to_json(*evaluation.votes);
    if (!nuisances.empty()) all["nuisances"] = std::move(nuisances);
    return all;
}

std::string to_text(const Evaluation& evaluation) {
    std::ostringstream text;
    text << evaluation.samples << " pictures scored, " << evaluation.skipped << " left out\n\n";
    if (evaluation.votes) text << to_text(*evaluation.votes) << '\n';
    write_folders(evaluation, text);
    text << '\n';
    write_forced(evaluation.forced, text);
    text << '\n';
    write_open(evaluation.open, text);
    if (!evaluation.nuisances.empty()) text << "\nThe same choice on harder pictures:\n";
    for (const auto& [name, perturbed] : evaluation.nuisances)
        text << "  " << left_aligned(name, 15) << "accuracy " << figure_text(perturbed.matrix.accuracy())
             << ", F1 " << figure_text(ml::f1_score(perturbed.counts)) << '\n';
    return text.str();
}

}  // namespace emotion::training
