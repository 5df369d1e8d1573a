#include "training/report/report_metrics.hpp"

#include <utility>

#include "training/evaluation/evaluation_text.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::training {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const TrainingStep& step) {
    return {{"epoch", step.epoch},
            {"loss", step.loss},
            {"accuracy", figure_json(step.accuracy)},
            {"validation_loss", figure_json(step.validation_loss)},
            {"validation_accuracy", figure_json(step.validation_accuracy)}};
}

Json to_json(const ml::ConfusionMatrix& matrix) {
    Json rows = Json::array();
    for (int truth = 0; truth < matrix.classes(); ++truth) {
        rows.push_back(Json::array());
        for (int answer = 0; answer < matrix.classes(); ++answer)
            rows.back().push_back(matrix.count(truth, answer));
    }
    return rows;
}

Json to_json(const ClassCurve& curve) {
    Json roc = Json::array(), precision_recall = Json::array(), marks = Json::object();
    for (const auto& point : ml::roc_curve(curve.counts))
        roc.push_back({point.threshold, point.false_positive_rate, point.true_positive_rate});
    for (const auto& point : ml::precision_recall_curve(curve.counts))
        precision_recall.push_back({point.threshold, point.recall, point.precision});
    for (const auto& mark : curve.marks) marks[mark.name] = mark.threshold;
    return {{"area", figure_json(curve.area)},
            {"thresholds", std::move(marks)},
            {"roc: threshold, false positive rate, true positive rate", std::move(roc)},
            {"threshold, recall, precision", std::move(precision_recall)}};
}

Json to_json(const ReliabilityCurve& curve) {
    Json bins = Json::array();
    for (const auto& bin : curve.bins)
        bins.push_back(
            {{"low", bin.low},
             {"high", bin.high},
             {"samples", bin.samples},
             {"right", bin.right},
             {"mean_confidence",
              bin.samples ? Json(bin.confidence_sum / static_cast<double>(bin.samples)) : Json(nullptr)}});
    return {{"calibration_error", figure_json(curve.error)}, {"bins", std::move(bins)}};
}

}  // namespace

Json report_metrics(const Report& report, const ReportFigures& figures) {
    Json history = Json::array(), curves = Json::object(), facts = Json::object();
    for (const auto& step : report.history) history.push_back(to_json(step));
    for (const auto& curve : figures.curves) curves[curve.name] = to_json(curve);
    for (const auto& [name, value] : report.facts) facts[name] = value;
    Json reliability{{"as_it_is", to_json(figures.calibrated)}};
    if (figures.uncalibrated) reliability["before_calibration"] = to_json(*figures.uncalibrated);
    return {
        {"title", report.title},
        {"scored_on", report.scored_on},
        {"evaluation", to_json(report.evaluation)},
        {"confusion", {{"classes", report.card.classes}, {"truth_in_rows", to_json(figures.most_likely)}}},
        {"history", std::move(history)},
        {"curves", std::move(curves)},
        {"reliability", std::move(reliability)},
        {"facts", std::move(facts)}};
}

}  // namespace emotion::training
