#include "model/explain.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <onnx/onnx_pb.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/files.hpp"

namespace emotion {
namespace {

const onnx::TensorProto* find_tensor(const onnx::GraphProto& graph, const std::string& name) {
    for (const auto& tensor : graph.initializer())
        if (tensor.name() == name && tensor.data_type() == onnx::TensorProto::FLOAT && tensor.has_raw_data())
            return &tensor;
    return nullptr;
}

/// Its numbers, if there are as many.
std::optional<cv::Mat> read_tensor(const onnx::TensorProto& tensor, int rows, int columns) {
    cv::Mat values(rows, columns, CV_32FC1);
    const auto bytes = values.total() * sizeof(float);
    if (tensor.raw_data().size() != bytes) return std::nullopt;
    std::memcpy(values.data, tensor.raw_data().data(), bytes);
    return values;
}

class LinearExplainer : public Explainer {
  public:
    LinearExplainer(LinearModel model, ModelCard card) : model_(std::move(model)), card_(std::move(card)) {}

    const cv::Mat& explain(const cv::Mat& crop, int class_index,
                           std::chrono::steady_clock::duration) override {
        heat_ = linear_contributions(model_, card_, crop, class_index);
        return heat_;
    }

  private:
    const LinearModel model_;
    const ModelCard card_;
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
        for (int looked_at = 0; looked_at < kCells * kCells; ++looked_at) {
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

    /// A cell and half of its neighbours, so that no part of a face slips between two.
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

std::optional<LinearModel> read_linear_model(const std::string& bytes) {
    onnx::ModelProto onnx;
    if (!onnx.ParseFromString(bytes)) return std::nullopt;
    const auto& graph = onnx.graph();
    const bool flattened = graph.node_size() == 2 && graph.node(0).op_type() == "Flatten";
    if (!flattened || graph.node(1).op_type() != "Gemm" || graph.node(1).input_size() != 3)
        return std::nullopt;
    const auto& dense = graph.node(1);
    const bool plain =
        std::all_of(dense.attribute().begin(), dense.attribute().end(),
                    [](const auto& attribute) { return attribute.name() == "transB" && attribute.i() == 1; });
    const auto* weights = find_tensor(graph, dense.input(1));
    const auto* bias = find_tensor(graph, dense.input(2));
    if (!plain || dense.attribute_size() != 1 || !weights || !bias || weights->dims_size() != 2 ||
        bias->dims_size() != 1 || bias->dims(0) != weights->dims(0))
        return std::nullopt;
    const auto outputs = static_cast<int>(weights->dims(0)), inputs = static_cast<int>(weights->dims(1));
    const auto matrix = read_tensor(*weights, outputs, inputs);
    const auto row = read_tensor(*bias, 1, outputs);
    if (!matrix || !row) return std::nullopt;
    return LinearModel{*matrix, {row->begin<float>(), row->end<float>()}};
}

cv::Mat linear_contributions(const LinearModel& model, const ModelCard& card, const cv::Mat& crop,
                             int class_index) {
    const int channels = crop.channels(), pixels = static_cast<int>(crop.total());
    if (model.weights.cols != channels * pixels || class_index < 0 ||
        class_index >= static_cast<int>(card.classes.size()))
        throw std::invalid_argument("class " + std::to_string(class_index) + " on a crop of " +
                                    std::to_string(channels * pixels) + " values, expected " +
                                    std::to_string(model.weights.cols));
    cv::Mat values(channels * crop.rows, crop.cols, CV_32FC1);
    normalise(crop, card.crop, {values.ptr<float>(), values.total()});

    const bool single = model.weights.rows == 1;
    cv::Mat weights = model.weights.row(single ? 0 : class_index).reshape(1, values.rows).clone();
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

std::unique_ptr<Explainer> make_explainer(Scorer& scorer, const std::filesystem::path& card_path) {
    const auto& card = scorer.card();
    if (auto linear = read_linear_model(read_file(card_path.parent_path() / card.weights_file)))
        return std::make_unique<LinearExplainer>(std::move(*linear), card);
    return make_occlusion_explainer(scorer);
}

}  // namespace emotion
