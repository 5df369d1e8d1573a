#pragma once

#include <string>

namespace emotion::config {

/// The values a numeric setting may take, with both ends included unless excluded here.
struct Range {
    double min = 0.0, max = 0.0;
    bool min_excluded = false, max_excluded = false;

    /// False for NaN.
    bool contains(double value) const;
    /// As errors and documentation show it: "[0, 10]", "(0, 1]".
    std::string text() const;
};

}  // namespace emotion::config
