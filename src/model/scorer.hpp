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

/// Says how likely each class of its card is for a face. Not thread-safe: one for each thread.
class Scorer {
  public:
    virtual ~Scorer() = default;
    virtual const ModelCard& card() const = 0;
    /// `crop` is what preprocess(frame, region, card().crop) gives; throws std::invalid_argument for another
    /// size or type. Probabilities in the card's order, adding up to 1.
    virtual std::vector<float> score(const cv::Mat& crop) = 0;
    /// The dense layer that the network is all of; null for any other.
    virtual const ml::Dense* linear_layer() const { return nullptr; }
};

/// Reads the card and its weights, checks the hash and replays the self-check. Throws Error, one line for
/// each kind of damage: no such file, wrong hash, unknown key, an operator that OpenCV cannot run (by name),
/// outputs that do not fit the classes, weights that are not finite, self-check failed.
std::unique_ptr<Scorer> load_scorer(const std::filesystem::path& card);

/// The same of weights in memory, whose hash is not looked at; `name` stands for their file in errors.
std::unique_ptr<Scorer> make_scorer(const ModelCard& card, const std::string& onnx, const std::string& name);

}  // namespace emotion::model
