#pragma once

#include <opencv2/core.hpp>

namespace emotion::test {

/// CV_8UC3 from integer arithmetic, identical on every machine: smooth gradients, an edge and a disc, so that
/// cropping, gray conversion and resizing all have visible effects.
inline cv::Mat made_up_picture(int width, int height) {
    cv::Mat picture(height, width, CV_8UC3);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const int dx = 2 * x - width, dy = 2 * y - height;
            const bool in_disc = 9 * (dx * dx + dy * dy) < 4 * width * width;
            picture.at<cv::Vec3b>(y, x) = cv::Vec3b(
                static_cast<unsigned char>(255 * x / width), static_cast<unsigned char>(255 * y / height),
                static_cast<unsigned char>(in_disc ? 230 : (x / 3 + y / 5) % 2 * 90));
        }
    return picture;
}

/// Equal size, type and bytes.
inline bool same_bytes(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

}  // namespace emotion::test
