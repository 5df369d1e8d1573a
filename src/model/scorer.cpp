#include "model/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <span>
#include <sstream>

#include <opencv2/core.hpp>
#include <opencv2/dnn/dnn.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/one_line.hpp"
#include "base/sha256.hpp"
#include "model/onnx_check.hpp"
#include "model/self_check.hpp"
#include "vision/quiet_stderr.hpp"

namespace emotion {
namespace {

/// What follows the last `mark` in a text; all of it if there is none.
std::string after_last(const std::string& text, const std::string& mark) {
    const auto found = text.rfind(mark);
    return found == std::string::npos ? text : text.substr(found + mark.size());
}

/// What OpenCV says of a network that it cannot run, brought down to one line. Its messages nest, over
/// several lines: "... Node [Conv@ai.onnx]:(onnx_node!name) parse error: ... error: (-215:Assertion failed)
/// reason in function 'getMemoryShapes'\n> ".
std::string explain(const std::string& message) {
    const auto opencv = std::string("OpenCV ") + CV_VERSION;
    std::string op;
    if (message.find("Node [") != std::string::npos) op = after_last(message, "Node [");
    op = one_line(op.substr(0, op.find('@')));
    std::istringstream lines(after_last(message, "error: "));
    std::string reason;
    for (std::string line; std::getline(lines, line);)
        reason += " " + line.substr(std::min(line.find_first_not_of("> "), line.size()));
    if (reason.find("Can't create layer") != std::string::npos)
        return "its operator " + op + " is none that " + opencv + " can run";
    return opencv + " cannot run " + (op.empty() ? "it" : "its operator " + op) + ":" + one_line(reason, 300);
}

/// Runs the network of a card by OpenCV's dnn module.
class DnnScorer : public Scorer {
  public:
    DnnScorer(const ModelCard& card, const std::string& onnx, const std::string& name)
        : card_(card), name_(name), layout_(check_onnx(onnx, name, card.crop)) {
        const int channels = card.crop.color == CropColor::kGray ? 1 : 3;
        const cv::dnn::MatShape first{1, channels, card.crop.height, card.crop.width};
        const cv::dnn::MatShape last{1, card.crop.height, card.crop.width, channels};
        planes_.create(first, CV_32F);
        input_ = layout_ == InputLayout::kChannelsFirst ? planes_ : cv::Mat(last, CV_32F);

        const QuietStderr quiet;
        guarded([&] {
            net_ = cv::dnn::readNetFromONNX(onnx.data(), onnx.size());
            net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
            check_memory(layout_ == InputLayout::kChannelsFirst ? first : last);
        });
        check_outputs();
    }

    const ModelCard& card() const override { return card_; }

    std::vector<float> score(const cv::Mat& crop) override {
        const auto plain = outputs(crop);
        if (!card_.mirror) return to_probabilities(plain, card_);
        std::vector<float> mean(plain.begin(), plain.end());
        cv::flip(crop, mirrored_, 1);
        const auto mirrored = outputs(mirrored_);
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = (mean[i] + mirrored[i]) / 2;
        return to_probabilities(mean, card_);
    }

  private:
    /// OpenCV's exceptions as an Error of one line.
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

    /// The network's raw outputs; they stay until the next call.
    std::span<const float> outputs(const cv::Mat& crop) {
        normalise(crop, card_.crop, {planes_.ptr<float>(), planes_.total()});
        if (layout_ == InputLayout::kChannelsLast) interleave();
        guarded([&] {
            net_.setInput(input_);
            output_ = net_.forward();
        });
        if (output_.type() != CV_32F || !output_.isContinuous())
            throw Error(name_ + ": answers with other numbers than floats");
        return {output_.ptr<float>(), output_.total()};
    }

    void interleave() {
        std::vector<cv::Mat> planes;
        for (int channel = 0; channel < planes_.size[1]; ++channel)
            planes.emplace_back(card_.crop.height, card_.crop.width, CV_32F, planes_.ptr<float>(0, channel));
        cv::Mat pixels(card_.crop.height, card_.crop.width, CV_32FC(planes_.size[1]), input_.data);
        cv::merge(planes, pixels);
    }

    /// Before anything is allocated for the layers' outputs. OpenCV's own sum of them can overflow.
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

    /// Whether the network answers the made-up crops as its card promises.
    void check_outputs() {
        for (const auto& pattern : self_check_patterns()) {
            const auto answer = outputs(self_check_crop(pattern, card_.crop));
            if (!fits_outputs(answer.size(), card_))
                throw Error(name_ + ": has " + std::to_string(answer.size()) + " outputs, its card " +
                            std::to_string(card_.classes.size()) + " classes");
            if (!std::all_of(answer.begin(), answer.end(), [](float value) { return std::isfinite(value); }))
                throw Error(name_ + ": answers with a number that is not finite");
            const auto [least, most] = std::minmax_element(answer.begin(), answer.end());
            if (card_.activation == Activation::kNone && (*least < -1e-3f || *most > 1 + 1e-3f))
                throw Error(name_ +
                            ": its outputs are no probabilities, expected softmax or sigmoid for "
                            "output.activation in its card");
        }
    }

    ModelCard card_;
    std::string name_;
    InputLayout layout_;
    cv::dnn::Net net_;
    cv::Mat planes_;  ///< (1, channels, height, width)
    cv::Mat input_;   ///< the same, in the network's layout
    cv::Mat mirrored_;
    cv::Mat output_;
};

std::string list(const std::vector<double>& probabilities) {
    std::ostringstream text;
    for (const double probability : probabilities) text << (text.tellp() > 0 ? ", " : "") << probability;
    return "[" + text.str() + "]";
}

void replay_self_check(Scorer& scorer, const std::string& card_path) {
    for (const auto& check : scorer.card().self_check) {
        const auto answer = scorer.score(self_check_crop(check.pattern, scorer.card().crop));
        for (std::size_t i = 0; i < answer.size(); ++i)
            if (!(std::abs(answer[i] - check.probabilities[i]) <= kSelfCheckTolerance))
                throw Error(card_path + ": self-check failed: " + check.pattern + " scores " +
                            list({answer.begin(), answer.end()}) + ", expected " + list(check.probabilities) +
                            "; the weights do not belong to this card, or OpenCV " + CV_VERSION +
                            " computes them wrongly");
    }
}

}  // namespace

std::unique_ptr<Scorer> make_scorer(const ModelCard& card, const std::string& onnx, const std::string& name) {
    return std::make_unique<DnnScorer>(card, onnx, name);
}

std::unique_ptr<Scorer> load_scorer(const std::filesystem::path& card_path) {
    const auto card = read_card(card_path);
    const auto weights_path = card_path.parent_path() / card.weights_file;
    const auto onnx = read_file(weights_path);
    if (const auto hash = sha256(onnx); hash != card.weights_sha256)
        throw Error(weights_path.string() + ": has the SHA-256 " + hash + ", expected " +
                    card.weights_sha256 + " as in " + card_path.string() +
                    "; take both files from the same place");
    auto scorer = make_scorer(card, onnx, weights_path.string());
    replay_self_check(*scorer, card_path.string());
    return scorer;
}

}  // namespace emotion
