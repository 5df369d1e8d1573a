#include "training/report/report.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "media/pictures/picture.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/report/report_figures.hpp"
#include "training/report/report_html.hpp"
#include "training/report/report_metrics.hpp"
#include "training/report/report_pictures.hpp"
#include "training/report/report_plots.hpp"

namespace emotion::training {
namespace {

/// All files except the pictures (PNG), whose names depend on the model.
constexpr const char* kFiles[] = {
    "report.html",   "metrics.json",        "agreement.svg",        "loss.svg",        "accuracy.svg",
    "confusion.svg", "confusion-shown.svg", "precision-recall.svg", "reliability.svg", "roc.svg"};

constexpr std::size_t kMistakes = 24;
constexpr std::size_t kActivationCrops = 60;  // per class
constexpr int kFaceSide = 96;                 // of listed faces, in pixels

std::string percent(double share) {
    return figure_text(100.0 * share, 1);
}

/// "74.3 % (72.0 to 76.6)".
std::string share_of(std::int64_t part, std::int64_t whole) {
    const auto interval = ml::wilson_interval(part, whole);
    if (!interval) return "-";
    return percent(static_cast<double>(part) / static_cast<double>(whole)) + " % (" + percent(interval->low) +
           " to " + percent(interval->high) + ")";
}

/// Writes each plot and picture next to the page that embeds it.
class Writer {
  public:
    Writer(const std::filesystem::path& folder, const Report& report)
        : folder_(folder),
          report_(report),
          figures_(report_figures(report.card, report.scored, kMistakes)),
          page_(report.title, "Figures measured on " + report.scored_on + ".") {}

    void write() {
        add_tiles();
        add_history();
        add_votes();
        add_confusion();
        add_thresholds();
        add_calibration();
        add_classes();
        add_pictures();
        add_mistakes();
        add_facts();
        write("metrics.json", json_text(report_metrics(report_, figures_)));
        write("report.html", page_.text());
    }

  private:
    void write(const std::string& name, const std::string& content) const {
        if (std::find(std::begin(kFiles), std::end(kFiles), name) == std::end(kFiles))
            throw std::logic_error(name + " is missing in the list of a report's files");
        write_file(folder_ / name, content);
    }
    HtmlPage::Figure plot(const std::string& name, std::string svg, const std::string& caption) const {
        write(name + ".svg", svg);
        return {"image/svg+xml", std::move(svg), caption};
    }
    HtmlPage::Figure picture(const CaptionedPicture& one) const {
        auto bytes = media::picture_bytes(one.picture, ".png");
        // The name of a class is a folder's and thus a valid file name.
        write_file(folder_ / (one.file + ".png"), bytes);
        return {"image/png", std::move(bytes), one.caption};
    }

    void add_tiles() {
        const auto& forced = report_.evaluation.forced;
        std::vector<HtmlPage::Tile> tiles;
        for (const auto& figure : named_figures()) {
            const auto interval = figure.interval ? figure.interval(forced) : std::nullopt;
            tiles.push_back(
                {figure.name, figure_text(figure.of(forced), 3),
                 interval ? percent(interval->low) + " to " + percent(interval->high) + " %" : ""});
        }
        page_.tiles(tiles);
        page_.list({"These figures: the more likely of " + join(forced.classes, " or ") +
                        ", on pictures of these classes only; precision, recall and F1 of " +
                        forced.positive + ". Below: 95 % intervals (Wilson).",
                    std::to_string(report_.evaluation.samples) + " pictures scored, " +
                        std::to_string(report_.evaluation.skipped) + " left out."});
    }

    void add_history() {
        if (report_.history.empty()) return;
        page_.section("Learning");
        std::vector<HtmlPage::Figure> figures{
            plot("loss", loss_plot(report_.history), "Loss after each epoch")};
        const bool has_accuracy =
            std::any_of(report_.history.begin(), report_.history.end(),
                        [](const TrainingStep& step) { return step.accuracy.has_value(); });
        if (has_accuracy)
            figures.push_back(plot("accuracy", accuracy_plot(report_.history),
                                   "Accuracy after each epoch, before calibration"));
        page_.figures(figures);
    }

    void add_confusion() {
        const auto& forced = report_.evaluation.forced;
        page_.section("Confusion matrix",
                      "Rows are the true classes; the shares of each row add up to 100 %.");
        std::vector<HtmlPage::Figure> figures;
        if (forced.classes.size() == 2 && report_.card.classes.size() > 2)
            figures.push_back(plot("confusion-shown", confusion_plot(forced.matrix, forced.classes),
                                   "The more likely of the two, on pictures of these classes only"));
        figures.push_back(plot("confusion", confusion_plot(figures_.most_likely, report_.card.classes),
                               report_.card.classes.size() == 2 ? "The more likely of the two"
                                                                : "The most likely of all classes"));
        page_.figures(figures);
    }

    void add_thresholds() {
        page_.section("Thresholds", report_.card.classes.size() == 2
                                        ? "The points mark the choice of the more likely class and the "
                                          "threshold from which the label is shown."
                                        : "Each class against all others. The points mark the thresholds "
                                          "from which a label is shown.");
        page_.figures(
            {plot("roc", roc_plot(figures_.curves), "ROC curve"),
             plot("precision-recall", precision_recall_plot(figures_.curves), "Precision-recall curve")});
    }

    void add_votes() {
        if (!report_.evaluation.votes) return;
        const auto& votes = *report_.evaluation.votes;
        page_.section("Agreement with people",
                      "Of " + std::to_string(votes.pictures) +
                          " pictures, the votes of several people are known. On the dashed line, the share "
                          "of people who agree equals the probability.");
        std::vector<std::vector<std::string>> rows;
        for (const auto& label : votes.labels)
            rows.push_back({label.name, std::to_string(label.shown), figure_text(label.mean_agreement(), 3),
                            figure_text(ml::precision(label.by_majority), 3),
                            figure_text(ml::recall(label.by_majority), 3), figure_text(label.correlation, 3),
                            figure_text(label.calibration_error, 3)});
        page_.table({"Label", "Shown", "People agree", "Right by majority", "Found by majority",
                     "Correlation", "Calibration error"},
                    rows);
        page_.list({"Of " + std::to_string(votes.calm_pictures) + " calm faces " +
                        figure_text(votes.calm_rate(), 3) + " get a label.",
                    "The most likely class is the people's on " + figure_text(votes.most_likely, 3) +
                        " of the pictures; cross-entropy of all probabilities against the votes " +
                        figure_text(votes.cross_entropy, 3) + "."});
        page_.figures(
            {plot("agreement", agreement_plot(votes), "Share of people who agree by probability, 15 bins")});
    }

    void add_calibration() {
        page_.section("Calibration of the probabilities",
                      "On the dashed line, the model is right as often as its probability says; bars are 95 "
                      "% intervals.");
        page_.figures({plot("reliability", reliability_plot(figures_), "Reliability, 15 bins")});
    }

    void add_classes() {
        page_.section("Class by class",
                      "Found: share of the class's pictures on which it was the most likely. Right: share of "
                      "its pictures among those on which it was the most likely. Shown: share of its "
                      "pictures that get its label. Shown rightly: share of its pictures among those with "
                      "its label. 95 % intervals (Wilson) in brackets.");
        std::vector<std::vector<std::string>> rows;
        for (const auto& one : figures_.classes)
            rows.push_back({one.name, std::to_string(one.pictures), share_of(one.found, one.pictures),
                            share_of(one.found, one.predicted),
                            one.is_shown ? share_of(one.labeled_correctly, one.pictures) : "never",
                            one.is_shown ? share_of(one.labeled_correctly, one.labeled) : "-"});
        page_.table({"Class", "Pictures", "Found", "Right", "Shown", "Shown rightly"}, rows);
        const bool has_others =
            std::any_of(report_.scored.begin(), report_.scored.end(),
                        [&](const ScoredFolder& folder) { return !report_.card.find_class(folder.name); });
        if (has_others)
            page_.list({"Of pictures of other classes " +
                        figure_text(report_.evaluation.open.false_label_rate, 3) + " got a label."});
    }

    void add_pictures() {
        if (!report_.graph) return;
        const auto weights = weight_pictures(report_.card, *report_.graph);
        const auto activations = activation_pictures(report_.card, *report_.graph, crops_by_class());
        if (weights.empty() && activations.empty()) return;
        page_.section("What the model looks at");
        std::vector<HtmlPage::Figure> large, small;
        for (const auto& one : weights) large.push_back(picture(one));
        page_.figures(large);
        if (activations.empty()) return;
        page_.section("Where the model sees each class",
                      "Drawn over the mean face of up to " + std::to_string(kActivationCrops) +
                          " pictures: red speaks for the class, blue against it.");
        for (const auto& one : activations) small.push_back(picture(one));
        page_.figures(small, true);
    }

    std::vector<std::vector<cv::Mat>> crops_by_class() const {
        std::vector<std::vector<cv::Mat>> crops;
        for (const auto& name : report_.card.classes) {
            crops.emplace_back();
            for (const auto& folder : report_.scored) {
                if (folder.name != name) continue;
                for (const auto& one : folder.pictures) {
                    if (crops.back().size() == kActivationCrops) break;
                    if (one.outcome != ScoredPicture::Outcome::kScored) continue;
                    const cv::Mat found = report_.picture(one.name);
                    const auto& crop = report_.card.crop;
                    if (found.size() == cv::Size(crop.width, crop.height) &&
                        found.channels() == crop.channels())
                        crops.back().push_back(found);
                }
            }
        }
        return crops;
    }

    void add_mistakes() {
        if (figures_.mistakes.empty()) return;
        page_.section(
            "Worst mistakes",
            "The wrong answers with the highest probability. Check whether the label is the mistake.");
        std::vector<HtmlPage::Figure> faces;
        for (const auto& mistake : figures_.mistakes) {
            const cv::Mat found = report_.picture(mistake.picture);
            if (found.empty()) continue;
            const double scale = static_cast<double>(kFaceSide) / std::max(found.cols, found.rows);
            cv::Mat face;
            cv::resize(found, face, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
            faces.push_back({"image/png", media::picture_bytes(face, ".png"), describe(mistake)});
        }
        page_.figures(faces, true);
    }

    std::string describe(const Mistake& mistake) const {
        const auto& classes = report_.card.classes;
        const auto probability = [&](int k) {
            return classes[static_cast<std::size_t>(k)] + " " +
                   figure_text(mistake.probabilities[static_cast<std::size_t>(k)], 2);
        };
        const auto truth = report_.card.find_class(mistake.truth);
        return mistake.picture + ": " + probability(mistake.most_likely) +
               (truth ? ", " + probability(*truth) : "");
    }

    void add_facts() {
        page_.section("How the model was made");
        std::vector<std::vector<std::string>> rows;
        for (const auto& [name, value] : report_.facts) rows.push_back({name, value});
        page_.table({}, rows);
        if (!report_.notes.empty()) page_.list(report_.notes);
        if (report_.recipe.empty()) return;
        page_.section("Recipe");
        page_.preformatted(report_.recipe);
    }

    const std::filesystem::path& folder_;
    const Report& report_;
    ReportFigures figures_;
    HtmlPage page_;
};

}  // namespace

void prepare_report(const std::filesystem::path& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw Error(folder.string() + ": cannot be created: " + failed.message());
    const OutputFile writable(folder / "report.html");
}

std::vector<std::filesystem::path> report_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const char* name : kFiles) files.push_back(folder / name);
    return files;
}

void write_report(const std::filesystem::path& folder, const Report& report) {
    Writer(folder, report).write();
}

}  // namespace emotion::training
