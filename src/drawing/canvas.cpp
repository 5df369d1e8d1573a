#include "drawing/canvas.hpp"

#include <chrono>
#include <utility>

#include <opencv2/core.hpp>

#include "drawing/heat.hpp"
#include "drawing/mirror.hpp"

namespace emotion::drawing {
namespace {

/// Adds its lifetime to `ms`.
class Timer {
  public:
    explicit Timer(double& ms) : ms_(ms) {}
    ~Timer() {
        ms_ += std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started_).count();
    }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

  private:
    double& ms_;
    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace

Canvas::Canvas(OverlayStyle style, const View& written, const std::optional<media::ColorTags>& colors)
    : style_(std::move(style)), written_(written) {
    if (colors) decoded_.emplace(*colors);
}

void Canvas::start(const media::Frame& frame, const faces::FrameResult& result) {
    frame_ = frame;
    result_ = result;
    for (auto* layers : {&pixels_, &drawn_})
        for (auto& layer : *layers) layer.is_current = false;
    set_heat({}, {});
    draw_ms_ = 0.0;
    face_blur_.follow(result);  // also while nothing is blurred: a face that is lost later stays hidden
}

const cv::Mat& Canvas::pixels(const View& view) {
    if (!view.mirror && !view.blur) return frame_.bgr;
    return layer_of(pixels_, view, &Canvas::draw_pixels);
}

const cv::Mat& Canvas::drawn(const View& view) {
    return layer_of(drawn_, view, &Canvas::draw_overlay_on);
}

const cv::Mat& Canvas::explained(const View& view) {
    return heat_.empty() ? drawn(view) : layer_of(explained_, view, &Canvas::draw_explained);
}

void Canvas::set_heat(const cv::Mat& heat, const cv::RotatedRect& region) {
    heat_ = heat;
    heat_region_ = region;
    for (auto& layer : explained_) layer.is_current = false;
}

const cv::Mat& Canvas::layer_of(Layers& layers, const View& view,
                                void (Canvas::*draw)(const View&, cv::Mat&)) {
    auto& layer = layers[(view.mirror ? 1 : 0) + (view.blur ? 2 : 0)];
    if (!std::exchange(layer.is_current, true)) (this->*draw)(view, layer.bgr);
    return layer.bgr;
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
    cv::Mat heat = heat_;
    auto region = heat_region_;
    if (view.mirror) {
        cv::flip(heat_, heat, 1);
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
