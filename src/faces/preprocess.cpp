#include "faces/preprocess.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "faces/turned_crop.hpp"
#include "faces/turned_view.hpp"

namespace emotion::faces {
namespace {

/// The region rounded to whole pixels, at least one pixel in size.
cv::Rect to_pixels(const cv::Rect2f& region, const cv::Mat& frame) {
    const float limit = static_cast<float>(kMaxOverhang * std::max(frame.cols, frame.rows));
    const bool usable = region.width > 0 && region.width <= limit && region.height > 0 &&
                        region.height <= limit && std::abs(region.x) <= limit && std::abs(region.y) <= limit;
    if (usable) {
        const int left = cvRound(region.x), top = cvRound(region.y);
        const cv::Rect pixels(left, top, std::max(1, cvRound(region.x + region.width) - left),
                              std::max(1, cvRound(region.y + region.height) - top));
        if (!(pixels & cv::Rect({}, frame.size())).empty()) return pixels;
    }
    std::ostringstream message;
    message << "region " << region << " of a frame of " << frame.size()
            << ", expected one that overlaps it and is at most " << kMaxOverhang << " times as large";
    throw std::invalid_argument(message.str());
}

cv::Mat cut(const cv::Mat& frame, const cv::Rect& region) {
    const cv::Rect inside = region & cv::Rect({}, frame.size());
    if (inside == region) return frame(region);
    cv::Mat padded;
    cv::copyMakeBorder(frame(inside), padded, inside.y - region.y, region.br().y - inside.br().y,
                       inside.x - region.x, region.br().x - inside.br().x,
                       cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);
    return padded;
}

cv::Mat to_color(const cv::Mat& picture, CropColor color) {
    if (color == CropColor::kGray) return media::to_gray(picture);
    if (color == CropColor::kBgr) return media::to_bgr(picture);
    cv::Mat rgb;
    cv::cvtColor(media::to_bgr(picture), rgb, cv::COLOR_BGR2RGB);
    return rgb;
}

cv::Mat resized(const cv::Mat& picture, cv::Size size) {
    const bool shrinks = picture.cols >= size.width && picture.rows >= size.height;
    cv::Mat result;
    cv::resize(picture, result, size, 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
    return result;
}

std::vector<double> for_each_channel(const std::vector<double>& values, std::size_t channels) {
    if (values.size() == 1) return std::vector<double>(channels, values[0]);
    if (values.size() != channels)
        throw std::invalid_argument(std::to_string(values.size()) + " means or scales for " +
                                    std::to_string(channels) +
                                    " channels, expected one for all or one for each");
    return values;
}

}  // namespace

cv::Rect2f crop_region(const cv::Rect2f& box, const CropSpec& spec) {
    const auto margin = static_cast<float>(spec.margin);
    return {box.x - margin * box.width, box.y - margin * box.height, box.width * (1 + 2 * margin),
            box.height * (1 + 2 * margin)};
}

cv::Mat preprocess(const cv::Mat& frame, const cv::Rect2f& region, const CropSpec& spec) {
    return preprocess_turned(frame, region, 0.0f, spec);
}

cv::Mat preprocess_turned(const cv::Mat& frame, const cv::Rect2f& region, float roll_deg,
                          const CropSpec& spec) {
    if (frame.empty()) throw std::invalid_argument("an empty frame, expected pixels");
    const auto pixels = to_pixels(region, frame);
    cv::Mat face;
    if (roll_deg == 0.0f) {
        face = to_color(cut(frame, pixels), spec.color);
    } else {
        const TurnedView view{(region.tl() + region.br()) * 0.5f, roll_deg};
        face = to_color(view.cut(frame, region, pixels.size(), cv::BORDER_REPLICATE), spec.color);
    }
    if (spec.resolution > 0 && std::min(face.cols, face.rows) > spec.resolution)
        face = resized(face, {spec.resolution, spec.resolution});
    return resized(face, {spec.width, spec.height});
}

void normalize(const cv::Mat& crop, const CropSpec& spec, std::span<float> input) {
    const auto pixels = static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height);
    const auto channels = static_cast<std::size_t>(spec.channels());
    if (crop.type() != CV_8UC(spec.channels()) || crop.size() != cv::Size(spec.width, spec.height) ||
        input.size() != spec.values()) {
        std::ostringstream message;
        message << "a crop of " << crop.size() << " with " << crop.channels() << " channels into "
                << input.size() << " values, expected " << cv::Size(spec.width, spec.height) << " with "
                << channels << " channels into " << spec.values();
        throw std::invalid_argument(message.str());
    }

    auto mean = for_each_channel(spec.mean, channels), scale = for_each_channel(spec.scale, channels);
    if (spec.normalization == Normalization::kPerPicture) {
        const double count = static_cast<double>(spec.values());
        const cv::Mat values = crop.reshape(1);
        const double average = cv::sum(values)[0] / count;
        const double variance = cv::norm(values, cv::NORM_L2SQR) / count - average * average;
        mean.assign(channels, average);
        scale.assign(channels, 1.0 / std::max(std::sqrt(std::max(variance, 0.0)), 1.0 / std::sqrt(count)));
    }
    for (int y = 0; y < crop.rows; ++y) {
        const auto* row = crop.ptr(y);
        for (int x = 0; x < crop.cols; ++x)
            for (std::size_t channel = 0; channel < channels; ++channel)
                input[channel * pixels + static_cast<std::size_t>(y * crop.cols + x)] =
                    static_cast<float>((*row++ - mean[channel]) * scale[channel]);
    }
}

}  // namespace emotion::faces
