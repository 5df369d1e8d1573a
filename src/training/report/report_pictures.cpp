#include "training/report/report_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include <opencv2/core.hpp>
#include <opencv2/dnn/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "ml/network/graph.hpp"
#include "model/model_files.hpp"
#include "model/onnx_check.hpp"

namespace emotion::training {
namespace {

constexpr int kLongSide = 400;  // of enlarged pictures, in pixels

/// Blue below 0, white at 0, red above, saturated at `max`.
cv::Vec3b diverging(float value, float max) {
    const float share = std::clamp(value / max, -1.0f, 1.0f), rest = 1.0f - std::abs(share);
    const auto mix = [&](float end) {
        return static_cast<std::uint8_t>(255.0f * rest + end * (1.0f - rest));
    };
    return share < 0 ? cv::Vec3b(mix(178), mix(98), mix(20)) : cv::Vec3b(mix(33), mix(24), mix(178));
}

/// The 99th percentile of the absolute values, so that a few outliers do not wash out the rest.
float robust_max(std::vector<float> values) {
    for (auto& value : values) value = std::abs(value);
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 99 / 100);
    std::nth_element(values.begin(), place, values.end());
    return std::max(*place, 1e-12f);
}

cv::Mat enlarged(const cv::Mat& picture) {
    const int times = std::max(1, kLongSide / std::max(picture.cols, picture.rows));
    cv::Mat large;
    cv::resize(picture, large, {}, times, times, cv::INTER_NEAREST);
    return large;
}

/// The single dense layer of a linear model on a gray crop.
const ml::Dense* linear_model(const ml::Graph& graph) {
    if (graph.nodes.size() != 1 || graph.input.channels != 1) return nullptr;
    return std::get_if<ml::Dense>(&graph.nodes[0].layer);
}

CaptionedPicture linear_weights(const model::ModelCard& card, const ml::Graph& graph, const ml::Dense& dense,
                                int output) {
    const auto pixels = static_cast<std::size_t>(graph.input.height) * graph.input.width;
    const auto first = dense.weights.begin() + static_cast<std::ptrdiff_t>(output * pixels);
    const std::vector<float> weights(first, first + static_cast<std::ptrdiff_t>(pixels));
    const float max = robust_max(weights);
    cv::Mat picture(graph.input.height, graph.input.width, CV_8UC3);
    std::transform(weights.begin(), weights.end(), picture.begin<cv::Vec3b>(),
                   [&](float weight) { return diverging(weight, max); });
    const auto& name = card.classes[static_cast<std::size_t>(dense.outputs == 1 ? 1 : output)];
    const std::string against = dense.outputs == 1 ? card.classes[0] : "the others";
    return {"weights-" + std::to_string(output),
            "Weight of each pixel: where it is red, light speaks for " + name + ", where it is blue, for " +
                against,
            enlarged(picture)};
}

CaptionedPicture filters(const ml::Convolution& convolution) {
    const int side = convolution.kernel,
              channels = static_cast<int>(convolution.weights.size()) / (convolution.channels * side * side);
    const int columns = std::min(8, convolution.channels);
    const int rows = (convolution.channels + columns - 1) / columns;
    cv::Mat picture(rows * (side + 1) + 1, columns * (side + 1) + 1, CV_8UC3, cv::Scalar::all(128));
    for (int filter = 0; filter < convolution.channels; ++filter) {
        std::vector<float> mean(static_cast<std::size_t>(side * side), 0.0f);  // over input channels
        for (int channel = 0; channel < channels; ++channel)
            for (std::size_t tap = 0; tap < mean.size(); ++tap)
                mean[tap] +=
                    convolution
                        .weights[(static_cast<std::size_t>(filter) * channels + channel) * mean.size() +
                                 tap] /
                    static_cast<float>(channels);
        const float max = std::abs(*std::max_element(
            mean.begin(), mean.end(), [](float a, float b) { return std::abs(a) < std::abs(b); }));
        cv::Mat place = picture(
            cv::Rect{filter % columns * (side + 1) + 1, filter / columns * (side + 1) + 1, side, side});
        std::transform(mean.begin(), mean.end(), place.begin<cv::Vec3b>(),
                       [&](float weight) { return diverging(weight, std::max(max, 1e-12f)); });
    }
    return {
        "filters",
        "The " + std::to_string(convolution.channels) + " filters of the first layer, each to its own scale",
        enlarged(picture)};
}

/// The graph up to the input of global average pooling, and the dense layer after it.
struct MappedGraph {
    ml::Graph maps;
    ml::Dense dense;
};

std::optional<MappedGraph> split_at_pooling(const ml::Graph& graph) {
    const auto size = graph.nodes.size();
    if (size < 3 || !std::holds_alternative<ml::GlobalAveragePool>(graph.nodes[size - 2].layer) ||
        !std::holds_alternative<ml::Dense>(graph.nodes[size - 1].layer))
        return std::nullopt;
    MappedGraph split{graph, std::get<ml::Dense>(graph.nodes.back().layer)};
    if (ml::inputs_of(graph, static_cast<int>(size) - 2)[0] != static_cast<int>(size) - 3)
        return std::nullopt;
    split.maps.nodes.resize(size - 2);
    return split;
}

/// Class activation maps, (classes) x (rows, columns), before averaging.
class ActivationMaps {
  public:
    ActivationMaps(const MappedGraph& graph, const faces::CropSpec& spec)
        : dense_(graph.dense), height_(graph.maps.input.height), width_(graph.maps.input.width) {
        const auto onnx =
            model::for_opencv(model::onnx_bytes(graph.maps), model::InputLayout::kChannelsFirst, spec);
        net_ = cv::dnn::readNetFromONNX(onnx.data(), onnx.size());
        net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        channels_ = graph.maps.input.channels;
    }

    cv::Mat of(const cv::Mat& crop, const faces::CropSpec& spec, int output) {
        cv::Mat input(std::vector<int>{1, channels_, height_, width_}, CV_32F);
        faces::normalize(crop, spec, {input.ptr<float>(), input.total()});
        net_.setInput(input);
        const cv::Mat maps = net_.forward();
        const auto places = static_cast<int>(maps.total()) / dense_.inputs();
        // Square crops give square maps; otherwise the maps have the aspect ratio of the crop.
        const int rows = std::max(
            1, static_cast<int>(std::lround(std::sqrt(static_cast<double>(places) * height_ / width_))));
        const cv::Mat features(dense_.inputs(), places, CV_32F, maps.data);
        const cv::Mat weights(1, dense_.inputs(), CV_32F,
                              const_cast<float*>(dense_.weights.data()) +
                                  static_cast<std::ptrdiff_t>(output) * dense_.inputs());
        const cv::Mat activation = weights * features;
        return places % rows == 0 ? activation.reshape(1, rows).clone() : activation.clone();
    }

  private:
    const ml::Dense& dense_;
    int channels_ = 1, height_, width_;
    cv::dnn::Net net_;
};

CaptionedPicture activation_picture(const std::string& name, const cv::Mat& mean_face, const cv::Mat& map) {
    cv::Mat face, heat;
    const cv::Size size(4 * mean_face.cols, 4 * mean_face.rows);
    cv::resize(mean_face, face, size, 0, 0, cv::INTER_CUBIC);
    cv::resize(map, heat, size, 0, 0, cv::INTER_CUBIC);
    double max = 0.0;
    cv::minMaxLoc(cv::abs(heat), nullptr, &max);
    cv::Mat picture(size, CV_8UC3);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const float value = heat.at<float>(y, x), gray = face.at<float>(y, x);
            const auto color = diverging(value, static_cast<float>(std::max(max, 1e-12)));
            for (int channel = 0; channel < 3; ++channel)
                picture.at<cv::Vec3b>(y, x)[channel] =
                    cv::saturate_cast<std::uint8_t>(gray * static_cast<float>(color[channel]) / 255.0f);
        }
    return {"activation-" + name, name, picture};
}

}  // namespace

std::vector<CaptionedPicture> weight_pictures(const model::ModelCard& card, const ml::Graph& graph) {
    std::vector<CaptionedPicture> pictures;
    if (const auto* dense = linear_model(graph)) {
        for (int output = 0; output < dense->outputs; ++output)
            pictures.push_back(linear_weights(card, graph, *dense, output));
    } else if (!graph.nodes.empty()) {
        if (const auto* first = std::get_if<ml::Convolution>(&graph.nodes[0].layer);
            first && first->kernel > 1)
            pictures.push_back(filters(*first));
    }
    return pictures;
}

std::vector<CaptionedPicture> activation_pictures(const model::ModelCard& card, const ml::Graph& graph,
                                                  const std::vector<std::vector<cv::Mat>>& crops) {
    const auto split = split_at_pooling(graph);
    if (!split || split->dense.outputs != static_cast<int>(card.classes.size())) return {};
    ActivationMaps maps(*split, card.crop);
    std::vector<CaptionedPicture> pictures;
    for (std::size_t k = 0; k < crops.size(); ++k) {
        if (crops[k].empty()) continue;
        cv::Mat mean_face = cv::Mat::zeros(graph.input.height, graph.input.width, CV_32F), mean_map;
        for (const auto& crop : crops[k]) {
            cv::Mat gray;
            media::to_gray(crop).convertTo(gray, CV_32F);
            mean_face += gray / static_cast<double>(crops[k].size());
            const cv::Mat map = maps.of(crop, card.crop, static_cast<int>(k));
            if (mean_map.empty()) mean_map = cv::Mat::zeros(map.size(), CV_32F);
            mean_map += map / static_cast<double>(crops[k].size());
        }
        pictures.push_back(activation_picture(card.classes[k], mean_face, mean_map));
    }
    return pictures;
}

}  // namespace emotion::training
