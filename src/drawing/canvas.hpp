#pragma once

#include <array>
#include <functional>
#include <optional>

#include <opencv2/core/mat.hpp>

#include "drawing/face_blur.hpp"
#include "drawing/overlay.hpp"
#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "media/video/decoded_canvas.hpp"

namespace emotion::drawing {

/// A variant of a frame for display or output.
struct View {
    bool mirror = false;
    bool blur = false;  ///< the faces
};

/// A picture for each view of a frame, drawn when first requested.
class ViewPictures {
  public:
    /// Calls `draw` unless the view's picture is current. Valid until the picture is drawn again.
    const cv::Mat& get(const View& view, const std::function<void(cv::Mat&)>& draw);
    /// From now on no picture is current.
    void expire();

  private:
    struct Picture {
        cv::Mat bgr;
        bool is_current = false;
    };
    std::array<Picture, 4> pictures_;  ///< one per view
};

/// Draws the frames of one source. Each view of a frame is blurred, mirrored and drawn at most once, however
/// many outputs request it. Works on copies of the frame's pixels. Not thread-safe.
class Canvas {
  public:
    /// `written` is the view for files; `colors` are SourceInfo::decoded_colors.
    Canvas(OverlayStyle style, const View& written, const std::optional<media::ColorTags>& colors = {});

    /// Starts the next frame of the source, in order.
    void start(const media::Frame& frame, const faces::FrameResult& result);
    /// Whether no frame has been started.
    bool empty() const { return frame_.size().empty(); }
    const faces::FrameResult& result() const { return result_; }

    const View& written_view() const { return written_; }
    void set_mirror(bool mirror) { written_.mirror = mirror; }

    /// The frame's pixels, CV_8UC3 BGR, without an overlay; valid until the next start().
    const cv::Mat& pixels(const View& view);
    /// The same with the overlay.
    const cv::Mat& drawn(const View& view);
    /// The same with the heat map under the overlay, if there is one.
    const cv::Mat& explained(const View& view);
    /// Sets the explanation of a face of the current frame until the next start(): the `heat` of draw_heat()
    /// over `region`, in pixels of the frame; empty: none.
    void set_heat(const cv::Mat& heat, const cv::RotatedRect& region);
    /// The frame in its decoded format, with the overlay; null if it is in BGR.
    media::DecodedPicture drawn_decoded();
    /// Draws only the overlay, onto pixels of this frame.
    void draw_faces(bool mirror, cv::Mat& bgr) const;

    /// The time spent drawing the current frame so far.
    double draw_ms() const { return draw_ms_; }

  private:
    /// As in set_heat().
    struct Explanation {
        cv::Mat heat;
        cv::RotatedRect region;
    };

    void draw_pixels(const View& view, cv::Mat& bgr);
    void draw_overlay_on(const View& view, cv::Mat& bgr);
    void draw_explained(const View& view, cv::Mat& bgr);

    OverlayStyle style_;
    View written_;
    std::optional<media::DecodedCanvas> decoded_;
    FaceBlur face_blur_;
    media::Frame frame_;
    faces::FrameResult result_;
    Explanation explanation_;
    ViewPictures pixels_, drawn_, explained_;
    double draw_ms_ = 0.0;
};

}  // namespace emotion::drawing
