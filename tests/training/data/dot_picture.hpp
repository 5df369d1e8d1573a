#pragma once

#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

namespace emotion::test {

/// The position of a bright dot relative to the center of a picture.
struct DotPlace {
    double radius = 0.0;     ///< in pixels
    double angle_deg = 0.0;  ///< clockwise from the right
};

/// A black square picture with a bright dot `radius` pixels to the right of its center.
inline cv::Mat dot_picture(double radius, int side = 51) {
    cv::Mat picture(side, side, CV_8UC1, cv::Scalar(0));
    const int middle = (side - 1) / 2;
    cv::circle(picture, {middle + static_cast<int>(radius), middle}, 3, cv::Scalar(255), cv::FILLED);
    return picture;
}

inline DotPlace place_of_dot(const cv::Mat& picture) {
    const auto moments = cv::moments(picture);
    const double right = moments.m10 / moments.m00 - (picture.cols - 1) / 2.0;
    const double down = moments.m01 / moments.m00 - (picture.rows - 1) / 2.0;
    return {std::hypot(right, down), std::atan2(down, right) * 180.0 / std::numbers::pi};
}

}  // namespace emotion::test
