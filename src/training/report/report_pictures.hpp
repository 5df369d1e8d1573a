#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "ml/network/graph.hpp"
#include "model/model_card.hpp"

namespace emotion::training {

struct CaptionedPicture {
    std::string file;  ///< without folder and extension
    std::string caption;
    cv::Mat picture;  ///< CV_8UC3
};

/// Visualizations of what a model has learned: the weights of a linear model by pixel, or the filters of a
/// network's first layer. Empty for other models.
std::vector<CaptionedPicture> weight_pictures(const model::ModelCard& card, const ml::Graph& graph);

/// Class activation maps of a network that ends in global average pooling and a dense layer, averaged over
/// crops of each class and laid over their mean (Zhou et al., "Learning deep features for discriminative
/// localization", CVPR 2016). `crops` contains crops per class of the card; empty classes are skipped. Empty
/// for other models.
std::vector<CaptionedPicture> activation_pictures(const model::ModelCard& card, const ml::Graph& graph,
                                                  const std::vector<std::vector<cv::Mat>>& crops);

}  // namespace emotion::training
