#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "training/data/dataset.hpp"

namespace emotion::training {

/// A change that makes faces harder to recognize but keeps their label.
struct Nuisance {
    std::string name;
    cv::Mat (*apply)(const cv::Mat& crop);  ///< returns a new picture of the crop's size and type
};

/// Darker, brighter, blurred, tilted by 15 degrees in both directions, half in shadow, with glasses.
const std::vector<Nuisance>& nuisances();

/// The data with a nuisance applied to every crop.
Dataset perturb(const Dataset& data, const Nuisance& nuisance);

}  // namespace emotion::training
