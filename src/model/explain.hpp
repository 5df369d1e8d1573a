#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "ml/layers/dense.hpp"
#include "model/model_card.hpp"
#include "model/scorer.hpp"

namespace emotion::model {

/// The single dense layer of an ONNX model written by save_model(); nullopt for any other model.
std::optional<ml::Dense> read_linear_layer(const std::string& onnx);

/// The exact contributions of the pixels to a class: weight times normalized pixel, CV_32FC1 of the crop's
/// size. They sum to the class's logit without its bias (with a single output, that of the second class, the
/// first class has the negative). Throws std::invalid_argument for a crop that does not fit `layer` or an
/// invalid class.
cv::Mat linear_contributions(const ml::Dense& layer, const ModelCard& card, const cv::Mat& crop,
                             int class_index);

/// Explains which parts of a face a score is based on. Not thread-safe.
class Explainer {
  public:
    virtual ~Explainer() = default;
    /// How much each part of `crop` supports the class (positive) or contradicts it: CV_32FC1 of the crop's
    /// size, in arbitrary units. Called for successive crops of a face; takes about `budget` and may need
    /// several calls to cover all parts.
    virtual const cv::Mat& explain(const cv::Mat& crop, int class_index,
                                   std::chrono::steady_clock::duration budget) = 0;
};

/// Covers the crop part by part with its mean color and measures how much that lowers the probability (Zeiler
/// and Fergus, "Visualizing and understanding convolutional networks", 2014). Works for any model; `scorer`
/// must outlive it.
std::unique_ptr<Explainer> make_occlusion_explainer(Scorer& scorer);

/// The exact explanation where the network is linear, otherwise by occlusion; `scorer` must outlive it.
std::unique_ptr<Explainer> make_explainer(Scorer& scorer);

}  // namespace emotion::model
