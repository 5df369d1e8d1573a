#include "drawing/canvas.hpp"

#include <chrono>
#include <utility>

#include <opencv2/core.hpp>

#include "base/seconds.hpp"
#include "drawing/heat.hpp"
#include "drawing/mirror.hpp"

namespace emotion::drawing {
namespace {

/// Adds its lifetime to `ms`.
class Timer {
  public:
    explicit Timer(double& ms) : ms_(ms) {}
    ~Timer() { ms_ += 1e3 * seconds_since(started_); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

  private:
    double& ms_;
    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace

const cv::Mat& ViewPictures::get(const View& view, const std::function<void(cv::Mat&)>& draw) {
    auto& picture = pictures_[(view.mirror ? 1 : 0) + (view.blur ? 2 : 0)];
    if (!std::exchange(picture.is_current, true)) draw(picture.bgr);
    return picture.bgr;
}

void ViewPictures::expire() {
    for (auto& picture : pictures_) picture.is_current = false;
}

Canvas::Canvas(OverlayStyle style, const View& written, const std::optional<media::ColorTags>& colors)
    : style_(std::move(style)), written_(written) {
    if (colors) decoded_.emplace(*colors);
}

void Canvas::start(const media::Frame& frame, const faces::FrameResult& result) {
    frame_ = frame;
    result_ = result;
    pixels_.expire();
    drawn_.expire();
    set_heat({}, {});
    draw_ms_ = 0.0;
    face_blur_.follow(result);  // also while nothing is blurred: a face that is lost later stays hidden
}

const cv::Mat& Canvas::pixels(const View& view) {
    if (!view.mirror && !view.blur) return frame_.bgr;
    return pixels_.get(view, [&](cv::Mat& bgr) { draw_pixels(view, bgr); });
}

const cv::Mat& Canvas::drawn(const View& view) {
    return drawn_.get(view, [&](cv::Mat& bgr) { draw_overlay_on(view, bgr); });
}

const cv::Mat& Canvas::explained(const View& view) {
    if (explanation_.heat.empty()) return drawn(view);
    return explained_.get(view, [&](cv::Mat& bgr) { draw_explained(view, bgr); });
}

void Canvas::set_heat(const cv::Mat& heat, const cv::RotatedRect& region) {
    explanation_ = {heat, region};
    explained_.expire();
}

void Canvas::draw_pixels(const View& view, cv::Mat& bgr) {
    const cv::Mat& source = view.mirror ? pixels({false, view.blur}) : frame_.bgr;
    const Timer timer(draw_ms_);
    if (view.mirror) {
        cv::flip(source, bgr, 1);
    } else {
        source.copyTo(bgr);
        face_blur_.hide(bgr);
    }
}

void Canvas::draw_overlay_on(const View& view, cv::Mat& bgr) {
    const cv::Mat& source = pixels(view);
    const Timer timer(draw_ms_);
    source.copyTo(bgr);
    draw_faces(view.mirror, bgr);
}

void Canvas::draw_explained(const View& view, cv::Mat& bgr) {
    const cv::Mat& source = pixels(view);
    const Timer timer(draw_ms_);
    source.copyTo(bgr);
    cv::Mat heat = explanation_.heat, mirrored_heat;
    auto region = explanation_.region;
    if (view.mirror) {
        cv::flip(heat, mirrored_heat, 1);
        heat = mirrored_heat;
        region.center.x = static_cast<float>(bgr.cols) - region.center.x;
        region.angle = -region.angle;
    }
    draw_heat(region, heat, bgr);
    draw_faces(view.mirror, bgr);
}

media::DecodedPicture Canvas::drawn_decoded() {
    if (!decoded_ || !frame_.decoded) return {};
    const Timer timer(draw_ms_);
    decoded_->start(frame_.decoded);
    draw_overlay(result_, style_, decoded_->bgr(), [&](const cv::Rect& part) { decoded_->uncover(part); });
    return decoded_->finish();
}

void Canvas::draw_faces(bool mirror, cv::Mat& bgr) const {
    draw_overlay(mirror ? mirrored(result_) : result_, style_, bgr);
}

}  // namespace emotion::drawing
