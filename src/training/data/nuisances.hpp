#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "training/data/dataset.hpp"

namespace emotion::training {

/// What makes faces harder to read without changing what they show.
struct Nuisance {
    std::string name;
    cv::Mat (*apply)(const cv::Mat& crop);  ///< a new picture of the crop's size and type
};

/// Darker, brighter, blurred, tilted either way by 15 degrees, half in shadow, glasses drawn on.
const std::vector<Nuisance>& nuisances();

/// Every crop of `data` under a nuisance.
Dataset disturb(const Dataset& data, const Nuisance& nuisance);

}  // namespace emotion::training
