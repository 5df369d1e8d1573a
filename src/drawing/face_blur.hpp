#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/frame_result.hpp"

namespace emotion::drawing {

/// Anonymizes faces in stored pictures. Only sixteen blurred colors remain of a face, which do not identify
/// it: a finer mosaic can be undone by comparison with mosaics of known faces (McPherson et al., "Defeating
/// image obfuscation with deep learning", 2016). A lost face stays hidden at its place for a second, relative
/// to the picture if its size changes. Not thread-safe; frames of one source come in order.
class FaceBlur {
  public:
    /// Updates the places of faces from the next frame's result.
    void follow(const faces::FrameResult& result);
    /// Blurs the faces of the current frame in its pixels, CV_8UC3 of the size of the result.
    void hide(cv::Mat& bgr) const;

  private:
    struct Place {
        int track = 0;
        cv::Rect2f box;
        double seen_s = 0.0;
    };

    std::vector<Place> places_;
    cv::Size size_;  // of the frame that places refer to
};

}  // namespace emotion::drawing
