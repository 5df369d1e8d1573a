#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "model/model_card.hpp"

namespace emotion::ml {
struct Dense;
}

namespace emotion::model {

/// Computes class probabilities of faces with a model. Not thread-safe.
class Scorer {
  public:
    virtual ~Scorer() = default;
    virtual const ModelCard& card() const = 0;
    /// `crop` comes from preprocess(frame, region, card().crop); throws std::invalid_argument for another
    /// size or type. Returns probabilities in the card's order, which sum to 1.
    virtual std::vector<float> score(const cv::Mat& crop) = 0;
    /// The dense layer if the network consists of only that; null otherwise.
    virtual const ml::Dense* linear_layer() const { return nullptr; }
};

/// Loads a card and its weights, verifies the hash and runs the self-check. Throws a one-line Error for each
/// kind of damage: missing file, wrong hash, unknown key, an operator that OpenCV cannot run (by name),
/// outputs that do not fit the classes, weights that are not finite, failed self-check.
std::unique_ptr<Scorer> load_scorer(const std::filesystem::path& card);

/// The same for weights in memory, without a hash check; `name` stands for the file in errors.
std::unique_ptr<Scorer> make_scorer(const ModelCard& card, const std::string& onnx, const std::string& name);

}  // namespace emotion::model
