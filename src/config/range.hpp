#pragma once

#include <string>

namespace emotion::config {

/// The numbers that a setting may take: from `least` to `most`, both included unless excluded here.
struct Range {
    double least = 0.0, most = 0.0;
    bool least_excluded = false, most_excluded = false;

    /// False for NaN.
    bool contains(double value) const;
    /// As errors and documents show it: "[0, 10]", "(0, 1]".
    std::string text() const;
};

}  // namespace emotion::config
