#include "faces/roll_meter.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include <opencv2/core.hpp>

#include "faces/brightness.hpp"
#include "faces/haar_cascade.hpp"
#include "faces/turned_view.hpp"

namespace emotion::faces {
namespace {

/// Relative to the box, because detections of a face vary in position.
constexpr float kWidthsSeen = 1.2f;
/// Scale of the rotated copy relative to that which is searched.
constexpr float kFiner = 2.0f;
/// Angles on both sides of the expected roll: near the limit of the cascade, where the number of detections
/// changes most.
constexpr float kFollowDeg = 18.0f;
/// The mean of three angles weighted by detections is biased toward the middle one; this measured factor
/// corrects it.
constexpr float kFollowGain = 1.4f;

}  // namespace

float RollMeter::follow(const cv::Mat& gray, const FaceBox& face) {
    look_at(gray, face);
    const int left = detections(-kFollowDeg), right = detections(kFollowDeg);
    if (left == right) return face.roll_deg;
    const auto all = static_cast<float>(left + detections(0.0f) + right);
    return wrapped_deg(face.roll_deg + kFollowGain * kFollowDeg * static_cast<float>(right - left) / all);
}

float RollMeter::measure(const cv::Mat& gray, const FaceBox& face) {
    constexpr float kFarDeg = 12.0f;  // from there on, the angles end on one side before the detections do
    FaceBox turned = face;
    turned.roll_deg = mean_roll(gray, face);
    const bool is_far = std::abs(wrapped_deg(turned.roll_deg - face.roll_deg)) > kFarDeg;
    return is_far ? mean_roll(gray, turned) : turned.roll_deg;
}

float RollMeter::mean_roll(const cv::Mat& gray, const FaceBox& face) {
    constexpr std::array<float, 7> kAngles{-36, -24, -12, 0, 12, 24, 36};
    look_at(gray, face);
    float sum = 0.0f, weighted = 0.0f;
    for (const float angle : kAngles) {
        const auto number = static_cast<float>(detections(angle));
        sum += number;
        weighted += number * angle;
    }
    return sum > 0.0f ? wrapped_deg(face.roll_deg + weighted / sum) : face.roll_deg;
}

void RollMeter::look_at(const cv::Mat& gray, const FaceBox& face) {
    const auto& box = face.box_in_frame;
    const TurnedView view{(box.tl() + box.br()) * 0.5f, face.roll_deg};
    const cv::Size2f reach = box.size() * (kWidthsSeen * std::numbers::sqrt2_v<float>);
    const int side = cvRound(kFiner * static_cast<float>(cascade_.window_px()) * reach.width / box.width);
    const cv::Point2f half(reach.width / 2, reach.height / 2);
    near_ = stretched_if_flat(view.cut(gray, {view.pivot - half, reach}, {side, side}, cv::BORDER_REPLICATE));
}

int RollMeter::detections(float angle_deg) {
    const float middle = static_cast<float>(near_.cols) / 2.0f;
    const float width = static_cast<float>(near_.cols) / std::numbers::sqrt2_v<float>;
    const cv::Rect2f region(middle - width / 2, middle - width / 2, width, width);
    const TurnedView view{{middle, middle}, angle_deg};
    int number = 0;
    for (const double larger : {1.0 / std::sqrt(scale_factor_), std::sqrt(scale_factor_)}) {
        const int side = cvRound(larger * cascade_.window_px() * kWidthsSeen);
        number += static_cast<int>(
            cascade_.find_of_window_size(view.cut(near_, region, {side, side}, cv::BORDER_REPLICATE)).size());
    }
    return number;
}

}  // namespace emotion::faces
