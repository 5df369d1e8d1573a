#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "model/model_card.hpp"
#include "model/scorer.hpp"

namespace emotion {

/// A model that is one dense layer on the normalised crop: logits = weights x + bias.
struct LinearModel {
    cv::Mat weights;          ///< CV_32FC1, outputs x (channels * height * width)
    std::vector<float> bias;  ///< of each output
};

/// The layer of an ONNX model as save_model() writes it, if it is nothing else; nullopt for any other model.
std::optional<LinearModel> read_linear_model(const std::string& onnx);

/// Weight times normalised pixel for a class, exact: CV_32FC1 of the crop's size, whose sum is the class's
/// logit without its bias (of a single output, which is the second class's, the first class has the
/// negative).
cv::Mat linear_contributions(const LinearModel& model, const ModelCard& card, const cv::Mat& crop,
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

/// The exact one where the weights of `card_path` are linear, otherwise that by occlusion. Throws Error if
/// the weights cannot be read.
std::unique_ptr<Explainer> make_explainer(Scorer& scorer, const std::filesystem::path& card_path);

}  // namespace emotion
