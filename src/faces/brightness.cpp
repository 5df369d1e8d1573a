#include "faces/brightness.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace emotion::faces {
namespace {

constexpr int kLevels = 256;
/// This many samples estimate the range well enough.
constexpr double kSampledPixels = 6'000.0;
/// From this gain on, noise of a level or two gets as large as facial features.
constexpr double kSmoothedFromGain = 5.0;
constexpr double kSmoothingSigmaPx = 1.5;
/// A part of a picture is flat if its range is this small without these shares of its darkest and brightest
/// pixels.
constexpr double kPartOutlierShare = 0.02;
constexpr int kFlatSpan = 60;

}  // namespace

BrightnessRange brightness_range(const cv::Mat& gray, double darkest_share, double brightest_share) {
    const int step = std::max(1, cvFloor(std::sqrt(static_cast<double>(gray.total()) / kSampledPixels)));
    std::array<int, kLevels> histogram{};
    int pixels = 0;
    for (int y = 0; y < gray.rows; y += step) {
        const auto* row = gray.ptr(y);
        for (int x = 0; x < gray.cols; x += step) ++histogram[row[x]];
        pixels += (gray.cols + step - 1) / step;
    }
    BrightnessRange range{0, kLevels - 1};
    for (int below = histogram[0]; range.darkest < kLevels - 1 && below <= darkest_share * pixels;)
        below += histogram[static_cast<std::size_t>(++range.darkest)];
    for (int above = histogram[kLevels - 1]; range.brightest > 0 && above <= brightest_share * pixels;)
        above += histogram[static_cast<std::size_t>(--range.brightest)];
    return range;
}

cv::Mat stretched(const cv::Mat& gray, const BrightnessRange& range) {
    const double gain = (kLevels - 1.0) / std::max(1, range.span());
    cv::Mat picture;
    gray.convertTo(picture, CV_8U, gain, -gain * range.darkest);
    return picture;
}

cv::Mat in_full_contrast(const cv::Mat& gray, int full_contrast) {
    const auto range = brightness_range(gray, kOutlierShare, kOutlierShare);
    if (range.span() >= full_contrast) return gray;
    auto picture = stretched(gray, range);
    if ((kLevels - 1.0) / std::max(1, range.span()) >= kSmoothedFromGain)
        cv::GaussianBlur(picture, picture, {}, kSmoothingSigmaPx);
    return picture;
}

cv::Mat stretched_if_flat(const cv::Mat& gray) {
    const auto range = brightness_range(gray, kPartOutlierShare, kPartOutlierShare);
    return range.span() < kFlatSpan ? stretched(gray, range) : gray;
}

}  // namespace emotion::faces
