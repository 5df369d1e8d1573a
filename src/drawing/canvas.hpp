#pragma once

#include <array>
#include <optional>

#include <opencv2/core/mat.hpp>

#include "drawing/face_blur.hpp"
#include "drawing/overlay.hpp"
#include "faces/frame_result.hpp"
#include "media/decoded_canvas.hpp"
#include "media/frame.hpp"

namespace emotion::drawing {

/// How a frame is shown or written.
struct View {
    bool mirror = false;
    bool blur = false;  ///< the faces
};

/// Draws the frames of one source. A view is blurred, mirrored and drawn once a frame, however many outputs
/// ask for it, and not at all if none does. Pixels of the frame are copied, never written to. Not
/// thread-safe.
class Canvas {
  public:
    /// `written` is the view in which frames are written to files; `colors` are SourceInfo::decoded_colors.
    Canvas(OverlayStyle style, const View& written, const std::optional<media::ColorTags>& colors = {});

    /// The next frame of the source, in order.
    void start(const media::Frame& frame, const faces::FrameResult& result);
    /// Whether no frame was started yet.
    bool empty() const { return frame_.size().empty(); }
    const faces::FrameResult& result() const { return result_; }

    const View& written_view() const { return written_; }
    void set_mirror(bool mirror) { written_.mirror = mirror; }

    /// The frame's pixels, CV_8UC3 BGR, without an overlay; valid until the next start().
    const cv::Mat& pixels(const View& view);
    /// The same with the overlay.
    const cv::Mat& drawn(const View& view);
    /// The same with the heat under the overlay, if there is one.
    const cv::Mat& explained(const View& view);
    /// Explains a face of the frame at work, until the next start(): draw_heat()'s `heat` over `region`, in
    /// pixels of the frame; empty: no longer.
    void set_heat(const cv::Mat& heat, const cv::RotatedRect& region);
    /// The frame as it was decoded, with the overlay; null if it comes in BGR.
    media::DecodedPicture drawn_decoded();
    /// Draws the overlay alone onto pixels of this frame.
    void draw_faces(bool mirror, cv::Mat& bgr) const;

    /// What drawing this frame has taken so far.
    double draw_ms() const { return draw_ms_; }

  private:
    struct Layer {
        cv::Mat bgr;
        bool is_current = false;  ///< it shows the frame at work
    };
    using Layers = std::array<Layer, 4>;  ///< one for each view

    const cv::Mat& layer_of(Layers& layers, const View& view, void (Canvas::*draw)(const View&, cv::Mat&));
    void draw_pixels(const View& view, cv::Mat& bgr);
    void draw_overlay_on(const View& view, cv::Mat& bgr);
    void draw_explained(const View& view, cv::Mat& bgr);

    OverlayStyle style_;
    View written_;
    std::optional<media::DecodedCanvas> decoded_;
    FaceBlur face_blur_;
    media::Frame frame_;
    faces::FrameResult result_;
    cv::Mat heat_;
    cv::RotatedRect heat_region_;
    Layers pixels_, drawn_, explained_;
    double draw_ms_ = 0.0;
};

}  // namespace emotion::drawing
