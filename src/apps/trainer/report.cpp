#include "apps/trainer/report.hpp"

#include <map>
#include <set>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/formatted.hpp"
#include "base/version.hpp"
#include "media/pictures/picture.hpp"
#include "model/model_files.hpp"
#include "training/fit/card_builder.hpp"

namespace emotion::apps {
namespace {

std::string seconds_text(double seconds) {
    return seconds < 120 ? formatted("%.1f s", seconds) : formatted("%.1f min", seconds / 60);
}

std::string pictures_text(const training::Dataset& data) {
    const auto unreadable = data.unreadable.size();
    return data.counts_text() + (unreadable ? "; " + std::to_string(unreadable) + " unreadable" : "");
}

std::map<std::string, std::size_t> places_of(const training::Dataset& data) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < data.size(); ++i) places[data.names[i]] = i;
    return places;
}

/// A phrase for the evaluated pictures.
std::string scored_on_text(const training::TrainedModel& trained) {
    if (trained.scored_on == "validation") return "the validation pictures";
    if (trained.scored_on == "folds")
        return "the training pictures, each answered by a model that had not seen it (cross-validation)";
    if (trained.scored_on == "held_out") return "a tenth of the pictures, held out of the training";
    return "the training pictures themselves; expect lower figures elsewhere";
}

void add_versions(std::vector<std::pair<std::string, std::string>>& facts) {
    facts.emplace_back("trainer", kVersion);
    facts.emplace_back("OpenCV", CV_VERSION);
}

}  // namespace

TrainingReport::TrainingReport(const std::filesystem::path& folder, std::uint64_t seed)
    : folder_(folder), seed_(seed) {
    training::prepare_report(folder);
}

void TrainingReport::on_epoch(const training::TrainingStep& step) {
    if (step.stage == "training") history_.push_back(step);
}

void TrainingReport::write(const training::TrainedModel& trained, const training::Recipe& recipe,
                           const training::Dataset& data, const training::Dataset& validation,
                           double seconds) const {
    training::Report report;
    report.title = "Training of " + trained.card.name;
    report.card = trained.card;
    report.graph = trained.graph;
    report.history = history_;
    report.scored_on = scored_on_text(trained);
    report.scored = trained.scored;
    if (report.scored.empty()) report.scored = training::predictions_of(trained, data);
    report.evaluation = training::evaluate(report.card, report.scored);
    report.recipe = recipe.text;
    report.notes = trained.warnings;

    auto& facts = report.facts;
    const std::set<std::string> shown_below{"trainer", "recipe", "seed", "epochs"};
    facts = {{"Model", trained.card.description}, {"Recipe", recipe.name + ", SHA-256 " + recipe.sha256}};
    for (const auto& [key, value] : trained.card.provenance)
        if (key.find('.') == std::string::npos && !shown_below.contains(key)) facts.emplace_back(key, value);
    facts.emplace_back("Training pictures", pictures_text(data));
    facts.emplace_back("Training data's SHA-256", data.sha256());
    if (validation.size() > 0) {
        facts.emplace_back("Validation pictures", pictures_text(validation));
        facts.emplace_back("Validation data's SHA-256", validation.sha256());
    }
    facts.emplace_back("Seed", std::to_string(seed_));
    const auto& summary = trained.summary;
    facts.emplace_back("Epochs", std::to_string(summary.epochs));
    facts.emplace_back("Training loss of " + summary.kept_epoch_text(), std::to_string(summary.exact_loss));
    if (summary.validation_loss)
        facts.emplace_back("Validation loss of " + summary.kept_epoch_text(),
                           std::to_string(*summary.validation_loss));
    add_versions(facts);
    facts.emplace_back("Duration", seconds_text(seconds));

    const auto among_data = places_of(data), among_validation = places_of(validation);
    const bool on_validation = trained.scored_on == "validation";
    report.picture = [&](const std::string& name) {
        const auto& places = on_validation ? among_validation : among_data;
        const auto found = places.find(name);
        return found == places.end() ? cv::Mat() : (on_validation ? validation : data).crop_at(found->second);
    };
    training::write_report(folder_, report);
}

void write_evaluation_report(const std::filesystem::path& folder, const std::filesystem::path& card_path,
                             const EvaluatedPictures& evaluated, double seconds) {
    const bool detected = evaluated.detected;
    training::Report report;
    report.card = model::read_card(card_path);
    report.title = "Evaluation of " + report.card.name;
    report.scored_on = "the pictures given";
    report.scored = evaluated.scored;
    report.evaluation = evaluated.evaluation;
    try {
        report.graph = model::read_graph(read_file(card_path.parent_path() / report.card.weights_file),
                                         report.card.weights_file);
    } catch (const Error&) {
        report.notes.push_back("The network was not made by this trainer, so its weights are not shown.");
    }
    report.facts = {{"Model", report.card.description}, {"Weights' SHA-256", report.card.weights_sha256}};
    report.facts.insert(report.facts.end(), report.card.provenance.begin(), report.card.provenance.end());
    std::string pictures;
    std::map<std::string, const std::filesystem::path*> files;
    for (const auto& one : evaluated.folders) {
        pictures += (pictures.empty() ? "" : ", ") + std::to_string(one.files.size()) + " " + one.name;
        for (const auto& file : one.files) files[one.name_of(file)] = &file;
    }
    report.facts.emplace_back("Pictures evaluated", pictures + (detected ? "; faces found first" : ""));
    add_versions(report.facts);
    report.facts.emplace_back("Duration", seconds_text(seconds));
    report.picture = [&](const std::string& name) {
        const auto found = files.find(name);
        if (found == files.end()) return cv::Mat();
        const cv::Mat picture = media::read_picture(found->second->string());
        if (detected) return picture;
        return faces::preprocess(picture, cv::Rect2f(cv::Point2f(), cv::Size2f(picture.size())),
                                 report.card.crop);
    };
    training::write_report(folder, report);
}

}  // namespace emotion::apps
