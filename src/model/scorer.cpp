#include "model/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <sstream>

#include <opencv2/core.hpp>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"
#include "ml/layers/dense.hpp"
#include "model/explain.hpp"
#include "model/network_runner.hpp"
#include "model/self_check.hpp"

namespace emotion::model {
namespace {

class CardScorer : public Scorer {
  public:
    CardScorer(const ModelCard& card, const std::string& onnx, const std::string& name)
        : card_(card),
          name_(name),
          runner_(make_runner(onnx, name, check_onnx(onnx, name, card.crop), card.crop)),
          planes_(card.crop.values()),
          linear_layer_(read_linear_layer(onnx)) {
        check_outputs();
    }

    const ModelCard& card() const override { return card_; }
    const ml::Dense* linear_layer() const override { return linear_layer_ ? &*linear_layer_ : nullptr; }

    std::vector<float> score(const cv::Mat& crop) override {
        const auto plain = outputs(crop);
        if (!card_.mirror) return to_probabilities(plain, card_);
        std::vector<float> mean(plain.begin(), plain.end());
        cv::flip(crop, mirrored_, 1);
        const auto mirrored = outputs(mirrored_);
        for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = 0.5f * mean[i] + 0.5f * mirrored[i];
        return to_probabilities(mean, card_);
    }

  private:
    /// The network's raw outputs, valid until the next call.
    std::span<const float> outputs(const cv::Mat& crop) {
        faces::normalize(crop, card_.crop, planes_);
        const auto answer = runner_->run(planes_);
        if (!std::all_of(answer.begin(), answer.end(), [](float value) { return std::isfinite(value); }))
            throw Error(name_ + ": answers with a number that is not finite");
        return answer;
    }

    /// Checks the outputs for the synthetic crops against those in the card.
    void check_outputs() {
        bool all_add_up = true;
        for (const auto& pattern : self_check_patterns()) {
            const auto answer = outputs(self_check_crop(pattern, card_.crop));
            if (!fits_outputs(answer.size(), card_))
                throw Error(name_ + ": has " + counted(answer.size(), "output") + ", expected " +
                            std::to_string(card_.classes.size()) +
                            ", one for each name in classes of its card");
            const auto [min, max] = std::minmax_element(answer.begin(), answer.end());
            const bool probabilities = *min >= -1e-3f && *max <= 1 + 1e-3f;
            if (card_.activation == Activation::kNone && !probabilities)
                throw Error(name_ +
                            ": its outputs are not probabilities, expected softmax or sigmoid for "
                            "output.activation in its card");
            const double sum = std::accumulate(answer.begin(), answer.end(), 0.0);
            all_add_up = all_add_up && probabilities && answer.size() > 1 && std::abs(sum - 1) <= 1e-3;
        }
        // A second softmax confines every class to between 1/(1 + e(K-1)) and e/(e + K-1), so no label would
        // be shown.
        if (card_.activation != Activation::kNone && all_add_up)
            throw Error(name_ +
                        ": its outputs are probabilities already, expected none for output.activation in "
                        "its card");
    }

    const ModelCard card_;
    const std::string name_;
    const std::unique_ptr<NetworkRunner> runner_;
    std::vector<float> planes_;  ///< (channels, height, width)
    const std::optional<ml::Dense> linear_layer_;
    cv::Mat mirrored_;
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
                            "; the weights do not belong to this card, or are computed wrongly here");
    }
}

}  // namespace

std::unique_ptr<Scorer> make_scorer(const ModelCard& card, const std::string& onnx, const std::string& name) {
    return std::make_unique<CardScorer>(card, onnx, name);
}

std::unique_ptr<Scorer> load_scorer(const std::filesystem::path& card_path) {
    const auto card = read_card(card_path);
    const auto weights_path = card_path.parent_path() / card.weights_file;
    const auto onnx = read_file(weights_path, kMaxFileBytes, "the weights of " + card_path.string());
    if (const auto hash = sha256(onnx); hash != card.weights_sha256)
        throw Error(weights_path.string() + ": has the SHA-256 " + hash + ", expected " +
                    card.weights_sha256 + " as in " + card_path.string() +
                    "; take both files from the same place, or write " + hash +
                    " into weights.sha256 if the weights are meant to be these");
    auto scorer = make_scorer(card, onnx, weights_path.string());
    replay_self_check(*scorer, card_path.string());
    return scorer;
}

}  // namespace emotion::model
