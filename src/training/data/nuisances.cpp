#include "training/data/nuisances.hpp"

#include <cstring>

#include <opencv2/imgproc.hpp>

namespace emotion::training {
namespace {

cv::Mat with_light(const cv::Mat& crop, double factor) {
    cv::Mat lit;
    crop.convertTo(lit, -1, factor);
    return lit;
}

cv::Mat darker(const cv::Mat& crop) {
    return with_light(crop, 0.4);
}

cv::Mat brighter(const cv::Mat& crop) {
    return with_light(crop, 1.6);
}

/// Defocus blur with a sigma of 3 % of the side.
cv::Mat blurred(const cv::Mat& crop) {
    cv::Mat soft;
    cv::GaussianBlur(crop, soft, cv::Size(), 0.03 * crop.cols, 0.03 * crop.cols, cv::BORDER_REPLICATE);
    return soft;
}

cv::Mat tilted(const cv::Mat& crop, double degrees) {
    const cv::Point2f middle(static_cast<float>(crop.cols - 1) / 2, static_cast<float>(crop.rows - 1) / 2);
    cv::Mat turned;
    cv::warpAffine(crop, turned, cv::getRotationMatrix2D(middle, degrees, 1.0), crop.size(), cv::INTER_LINEAR,
                   cv::BORDER_REPLICATE);
    return turned;
}

cv::Mat tilted_left(const cv::Mat& crop) {
    return tilted(crop, 15);
}

cv::Mat tilted_right(const cv::Mat& crop) {
    return tilted(crop, -15);
}

cv::Mat half_in_shadow(const cv::Mat& crop) {
    cv::Mat shaded = crop.clone();
    cv::Mat half = shaded.colRange(crop.cols / 2, crop.cols);
    half.convertTo(half, -1, 0.35);
    return shaded;
}

/// Dark frames at the eyes, which in a face box are about 0.38 down and 0.3 and 0.7 across (measured on
/// FER-2013).
cv::Mat with_glasses(const cv::Mat& crop) {
    cv::Mat picture = crop.clone();
    const auto at = [&](double x, double y) {
        return cv::Point(static_cast<int>(x * crop.cols), static_cast<int>(y * crop.rows));
    };
    const int thickness = std::max(1, crop.cols / 25);
    const cv::Size lens(static_cast<int>(0.15 * crop.cols), static_cast<int>(0.11 * crop.rows));
    for (const double x : {0.3, 0.7})
        cv::ellipse(picture, at(x, 0.38), lens, 0, 0, 360, cv::Scalar::all(25), thickness, cv::LINE_AA);
    cv::line(picture, at(0.45, 0.37), at(0.55, 0.37), cv::Scalar::all(25), thickness, cv::LINE_AA);
    cv::line(picture, at(0.0, 0.35), at(0.15, 0.37), cv::Scalar::all(25), thickness, cv::LINE_AA);
    cv::line(picture, at(0.85, 0.37), at(1.0, 0.35), cv::Scalar::all(25), thickness, cv::LINE_AA);
    return picture;
}

}  // namespace

const std::vector<Nuisance>& nuisances() {
    static const std::vector<Nuisance> all{
        {"darker", darker},           {"brighter", brighter},         {"blurred", blurred},
        {"tilted left", tilted_left}, {"tilted right", tilted_right}, {"half in shadow", half_in_shadow},
        {"glasses", with_glasses},
    };
    return all;
}

Dataset perturb(const Dataset& data, const Nuisance& nuisance) {
    Dataset perturbed = data;
    const std::size_t size = data.crop_bytes();
    for (std::size_t i = 0; i < data.size(); ++i)
        std::memcpy(&perturbed.crops[i * size], nuisance.apply(data.crop_at(i)).data, size);
    return perturbed;
}

}  // namespace emotion::training
