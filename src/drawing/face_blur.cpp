#include "drawing/face_blur.hpp"

#include <algorithm>
#include <utility>

#include <opencv2/imgproc.hpp>

namespace emotion::drawing {
namespace {

constexpr double kHoldSeconds = 1.0;
/// The cascade's box ends at the brows and the chin; hair, ears and recent motion lie outside it.
constexpr float kMargin = 0.3f;
constexpr int kCells = 4;

cv::Rect hidden_part(const cv::Rect2f& box, cv::Size canvas) {
    const cv::Rect2f wide(box.x - kMargin * box.width, box.y - kMargin * box.height,
                          (1 + 2 * kMargin) * box.width, (1 + 2 * kMargin) * box.height);
    return cv::Rect(wide & cv::Rect2f({}, cv::Size2f(canvas))) & cv::Rect({}, canvas);
}

}  // namespace

void FaceBlur::follow(const faces::FrameResult& result) {
    std::erase_if(places_, [&](const Place& place) {
        return result.time_s - place.seen_s > kHoldSeconds ||
               std::ranges::count(result.faces, place.track, &faces::FaceResult::track) > 0;
    });
    const auto before = std::exchange(size_, result.size);
    for (auto& [track, box, seen_s] : places_) {
        const auto across = static_cast<float>(size_.width) / static_cast<float>(before.width);
        const auto down = static_cast<float>(size_.height) / static_cast<float>(before.height);
        box = {box.x * across, box.y * down, box.width * across, box.height * down};
    }
    for (const auto& face : result.faces) places_.push_back({face.track, face.box_in_frame, result.time_s});
}

void FaceBlur::hide(cv::Mat& bgr) const {
    for (const auto& place : places_) {
        const auto part = hidden_part(place.box, bgr.size());
        if (part.empty()) continue;
        cv::Mat hidden = bgr(part), cells;
        cv::resize(hidden, cells, {kCells, kCells}, 0, 0, cv::INTER_AREA);
        cv::resize(cells, hidden, hidden.size(), 0, 0, cv::INTER_LINEAR);
    }
}

}  // namespace emotion::drawing
