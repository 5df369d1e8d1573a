#include "media/pixel_aspect.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace emotion::media {

Rational visible_aspect(Rational stored) {
    constexpr double kMinAspect = 1.02, kMaxAspect = 8.0;
    if (stored.num <= 0 || stored.den <= 0) return {1, 1};
    const double value = stored.value(), stretch = std::max(value, 1.0 / value);
    return stretch < kMinAspect || stretch > kMaxAspect ? Rational{1, 1} : stored;
}

cv::Size seen_size(cv::Size stored, Rational aspect) {
    const double value = aspect.value();
    return value >= 1.0 ? cv::Size(static_cast<int>(std::lround(stored.width * value)), stored.height)
                        : cv::Size(stored.width, static_cast<int>(std::lround(stored.height / value)));
}

cv::Mat stretched(const cv::Mat& stored, cv::Size seen) {
    if (stored.empty() || stored.size() == seen) return stored;
    cv::Mat picture;
    cv::resize(stored, picture, seen, 0.0, 0.0, cv::INTER_LINEAR);
    return picture;
}

}  // namespace emotion::media
