#include "model/network_runner.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn/dnn.hpp>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "media/quiet_stderr.hpp"
#include "ml/network/predictor.hpp"
#include "model/model_files.hpp"

namespace emotion::model {
namespace {

/// The text after the last occurrence of `mark`; all of it if there is none.
std::string after_last(const std::string& text, const std::string& mark) {
    const auto found = text.rfind(mark);
    return found == std::string::npos ? text : text.substr(found + mark.size());
}

/// Reduces OpenCV's message about a network it cannot run to one line. The messages nest over several lines:
/// "... Node [Conv@ai.onnx]:(onnx_node!name) parse error: ... error: (-215:Assertion failed) reason in
/// function 'getMemoryShapes'
/// > ".
std::string explain(const std::string& message) {
    const auto opencv = std::string("OpenCV ") + CV_VERSION;
    std::string op;
    if (message.find("Node [") != std::string::npos) op = after_last(message, "Node [");
    op = one_line(op.substr(0, op.find('@')));
    std::istringstream lines(after_last(message, "error: "));
    std::string reason;
    for (std::string line; std::getline(lines, line);)
        reason += " " + line.substr(std::min(line.find_first_not_of("> "), line.size()));
    const std::string remedy = "; an older opset or a simplifier often helps, see assets/docs/model-cards.md";
    if (reason.find("Can't create layer") != std::string::npos)
        return "its operator " + op + " is not one that " + opencv + " can run" + remedy;
    return opencv + " cannot run " + (op.empty() ? "it" : "its operator " + op) + ":" +
           one_line(reason.substr(0, reason.find(" in function")), 300) + remedy;
}

class NativeRunner : public NetworkRunner {
  public:
    explicit NativeRunner(const ml::Graph& graph) : predictor_(graph) {}

    std::span<const float> run(std::span<const float> planes) override { return predictor_.predict(planes); }

  private:
    ml::Predictor predictor_;
};

class DnnRunner : public NetworkRunner {
  public:
    DnnRunner(const std::string& onnx, const std::string& name, InputLayout layout,
              const faces::CropSpec& crop)
        : name_(name), layout_(layout) {
        const auto shape = layout == InputLayout::kChannelsFirst
                               ? cv::dnn::MatShape{1, crop.channels(), crop.height, crop.width}
                               : cv::dnn::MatShape{1, crop.height, crop.width, crop.channels()};
        input_.create(shape, CV_32F);
        const media::QuietStderr quiet;
        guarded([&] {
            const auto readable = for_opencv(onnx, layout, crop);
            net_ = cv::dnn::readNetFromONNX(readable.data(), readable.size());
            net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
            check_memory(shape);
        });
    }

    std::span<const float> run(std::span<const float> planes) override {
        if (layout_ == InputLayout::kChannelsFirst)
            std::copy(planes.begin(), planes.end(), input_.ptr<float>());
        else
            interleave(planes);
        guarded([&] {
            net_.setInput(input_);
            output_ = net_.forward();
        });
        if (output_.type() != CV_32F || !output_.isContinuous())
            throw Error(name_ + ": its outputs are not floats");
        return {output_.ptr<float>(), output_.total()};
    }

  private:
    /// Rethrows OpenCV's exceptions as one-line Errors.
    template <typename Action>
    void guarded(const Action& action) const {
        try {
            action();
        } catch (const Error&) {
            throw;
        } catch (const std::exception& error) {
            throw Error(name_ + ": " + explain(error.what()));
        }
    }

    void interleave(std::span<const float> planes) {
        const std::size_t channels = static_cast<std::size_t>(input_.size[3]);
        const std::size_t pixels = planes.size() / channels;
        auto* interleaved = input_.ptr<float>();
        for (std::size_t pixel = 0; pixel < pixels; ++pixel)
            for (std::size_t channel = 0; channel < channels; ++channel)
                *interleaved++ = planes[channel * pixels + pixel];
    }

    /// Must run before the layers' outputs are allocated. OpenCV's own sum of them can overflow.
    void check_memory(const cv::dnn::MatShape& input) const {
        constexpr double kMaxFloats = 1 << 28;
        std::vector<int> ids;
        std::vector<std::vector<cv::dnn::MatShape>> inputs, outputs;
        net_.getLayersShapes(input, ids, inputs, outputs);
        double floats = 0.0;
        for (const auto& layer : outputs)
            for (const auto& shape : layer)
                floats += std::accumulate(shape.begin(), shape.end(), 1.0, std::multiplies<>());
        if (floats > kMaxFloats) throw Error(name_ + ": needs more than 1 GiB of memory to run");
    }

    std::string name_;
    InputLayout layout_;
    cv::dnn::Net net_;
    cv::Mat input_;  ///< in the network's layout
    cv::Mat output_;
};

}  // namespace

std::unique_ptr<NetworkRunner> make_native_runner(const std::string& onnx, const std::string& name) try {
    return std::make_unique<NativeRunner>(read_graph(onnx, name));
} catch (const Error&) {  // the trainer does not write such models
    return nullptr;
} catch (const std::invalid_argument&) {  // not one of the trainer's models
    return nullptr;
}

std::unique_ptr<NetworkRunner> make_dnn_runner(const std::string& onnx, const std::string& name,
                                               InputLayout layout, const faces::CropSpec& crop) {
    return std::make_unique<DnnRunner>(onnx, name, layout, crop);
}

std::unique_ptr<NetworkRunner> make_runner(const std::string& onnx, const std::string& name,
                                           InputLayout layout, const faces::CropSpec& crop) {
    auto own = layout == InputLayout::kChannelsFirst ? make_native_runner(onnx, name) : nullptr;
    return own ? std::move(own) : make_dnn_runner(onnx, name, layout, crop);
}

}  // namespace emotion::model
