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

/// The dense layer that an ONNX model as save_model() writes it is all of; nullopt for any other model.
std::optional<ml::Dense> read_linear_layer(const std::string& onnx);

/// Weight times normalised pixel for a class, exact: CV_32FC1 of the crop's size, whose sum is the class's
/// logit without its bias (of a single output, which is the second class's, the first class has the
/// negative). Throws std::invalid_argument for a crop that does not fill `layer` or a class that is none.
cv::Mat linear_contributions(const ml::Dense& layer, const ModelCard& card, const cv::Mat& crop,
                             int class_index);

/// Tells where in a face its score comes from. Not thread-safe.
class Explainer {
  public:
    virtual ~Explainer() = default;
    /// How much each part of `crop` speaks for the class (positive) or against it: CV_32FC1 of the crop's
    /// size, in no certain unit. Called for one crop after the other of a face; takes about `budget` and may
    /// need several calls until all parts are looked at.
    virtual const cv::Mat& explain(const cv::Mat& crop, int class_index,
                                   std::chrono::steady_clock::duration budget) = 0;
};

/// Hides one part of the crop after the other behind its mean colour and takes how far that lowers the
/// probability (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014). Any model
/// will do; `scorer` must outlive it.
std::unique_ptr<Explainer> make_occlusion_explainer(Scorer& scorer);

/// The exact one where the network is linear, otherwise that by occlusion; `scorer` must outlive it.
std::unique_ptr<Explainer> make_explainer(Scorer& scorer);

}  // namespace emotion::model
