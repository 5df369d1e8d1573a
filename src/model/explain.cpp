#include "model/explain.hpp"

#include <stdexcept>
#include <variant>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "ml/network/graph.hpp"
#include "model/model_files.hpp"

namespace emotion::model {
namespace {

class LinearExplainer : public Explainer {
  public:
    LinearExplainer(const ml::Dense& layer, const ModelCard& card) : layer_(layer), card_(card) {}

    const cv::Mat& explain(const cv::Mat& crop, int class_index,
                           std::chrono::steady_clock::duration) override {
        heat_ = linear_contributions(layer_, card_, crop, class_index);
        return heat_;
    }

  private:
    const ml::Dense& layer_;
    const ModelCard& card_;
    cv::Mat heat_;
};

class OcclusionExplainer : public Explainer {
  public:
    explicit OcclusionExplainer(Scorer& scorer) : scorer_(scorer) {}

    const cv::Mat& explain(const cv::Mat& crop, int class_index,
                           std::chrono::steady_clock::duration budget) override {
        const auto limit = std::chrono::steady_clock::now() + budget;
        if (class_index != class_index_) cells_.setTo(0.0f);
        class_index_ = class_index;
        const auto place = static_cast<std::size_t>(class_index);
        const float whole = scorer_.score(crop).at(place);
        const auto mean = cv::mean(crop);
        for (int cell = 0; cell < kCells * kCells; ++cell) {
            cv::Mat hidden = crop.clone();
            hidden(part(next_ % kCells, next_ / kCells, crop.size())).setTo(mean);
            cells_.at<float>(next_ / kCells, next_ % kCells) = whole - scorer_.score(hidden).at(place);
            next_ = (next_ + 1) % (kCells * kCells);
            if (std::chrono::steady_clock::now() >= limit) break;
        }
        cv::resize(cells_, heat_, crop.size(), 0, 0, cv::INTER_LINEAR);
        return heat_;
    }

  private:
    static constexpr int kCells = 8;

    /// A grid cell plus half of its neighbors, so that no facial feature falls between two parts.
    static cv::Rect part(int column, int row, cv::Size crop) {
        const double width = static_cast<double>(crop.width) / kCells;
        const double height = static_cast<double>(crop.height) / kCells;
        const cv::Rect2d wide((column - 0.5) * width, (row - 0.5) * height, 2 * width, 2 * height);
        return cv::Rect(wide) & cv::Rect({}, crop);
    }

    Scorer& scorer_;
    cv::Mat cells_ = cv::Mat::zeros(kCells, kCells, CV_32FC1);
    cv::Mat heat_;
    int class_index_ = -1, next_ = 0;
};

}  // namespace

std::optional<ml::Dense> read_linear_layer(const std::string& onnx) try {
    const auto graph = read_graph(onnx, "the model");
    const auto* layer = std::get_if<ml::Dense>(&graph.nodes.front().layer);
    return layer && graph.nodes.size() == 1 ? std::optional(*layer) : std::nullopt;
} catch (const Error&) {  // written by another tool
    return std::nullopt;
}

cv::Mat linear_contributions(const ml::Dense& layer, const ModelCard& card, const cv::Mat& crop,
                             int class_index) {
    const int channels = crop.channels(), pixels = static_cast<int>(crop.total());
    if (layer.inputs() != channels * pixels || class_index < 0 ||
        class_index >= static_cast<int>(card.classes.size()))
        throw std::invalid_argument("class " + std::to_string(class_index) + " on a crop of " +
                                    std::to_string(channels * pixels) + " values, expected " +
                                    std::to_string(layer.inputs()));
    cv::Mat values(channels * crop.rows, crop.cols, CV_32FC1);
    faces::normalize(crop, card.crop, {values.ptr<float>(), values.total()});

    const bool single = layer.outputs == 1;
    const cv::Mat all(layer.outputs, layer.inputs(), CV_32FC1, const_cast<float*>(layer.weights.data()));
    cv::Mat weights = all.row(single ? 0 : class_index).reshape(1, values.rows).clone();
    if (single && class_index == 0) weights *= -1.0;
    if (card.mirror) {
        cv::Mat flipped;
        cv::flip(weights, flipped, 1);
        weights = (weights + flipped) * 0.5;
    }
    const cv::Mat products = weights.mul(values);
    cv::Mat heat = cv::Mat::zeros(crop.size(), CV_32FC1);
    for (int channel = 0; channel < channels; ++channel)
        heat += products.rowRange(channel * crop.rows, (channel + 1) * crop.rows);
    return heat;
}

std::unique_ptr<Explainer> make_occlusion_explainer(Scorer& scorer) {
    return std::make_unique<OcclusionExplainer>(scorer);
}

std::unique_ptr<Explainer> make_explainer(Scorer& scorer) {
    if (const auto* layer = scorer.linear_layer())
        return std::make_unique<LinearExplainer>(*layer, scorer.card());
    return make_occlusion_explainer(scorer);
}

}  // namespace emotion::model
