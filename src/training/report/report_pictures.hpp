#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "ml/network/graph.hpp"
#include "model/model_card.hpp"

namespace emotion::training {

struct CaptionedPicture {
    std::string file;  ///< name without folder and ending
    std::string caption;
    cv::Mat picture;  ///< CV_8UC3
};

/// What a model has learned, as far as it can be looked at: for a linear model its weights pixel by pixel,
/// for a network the filters of its first layer. Empty for models of neither kind.
std::vector<CaptionedPicture> weight_pictures(const model::ModelCard& card, const ml::Graph& graph);

/// Where a network that ends in global average pooling and a dense layer sees a class, averaged over crops of
/// that class and laid over their mean (Zhou et al., "Learning deep features for discriminative
/// localization", CVPR 2016). `crops` holds some for each class of the card; classes without are left out.
/// Empty for other models.
std::vector<CaptionedPicture> activation_pictures(const model::ModelCard& card, const ml::Graph& graph,
                                                  const std::vector<std::vector<cv::Mat>>& crops);

}  // namespace emotion::training
