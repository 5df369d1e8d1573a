#pragma once

#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/frame_result.hpp"

namespace emotion::drawing {

/// Makes faces in pictures that are kept unrecognisable. Of each only sixteen colours remain, blurred into
/// one another, which say nothing about who it was: a finer mosaic can be undone by comparing it with mosaics
/// of known faces (McPherson et al., "Defeating image obfuscation with deep learning", 2016). A face that is
/// lost stays hidden where it was for a second, at the same place of the picture if that changes its size.
/// Not thread-safe; frames of one source come in order.
class FaceBlur {
  public:
    /// The next frame's faces.
    void follow(const faces::FrameResult& result);
    /// Hides the faces of the frame in its pixels, CV_8UC3 of the size of its result.
    void hide(cv::Mat& bgr) const;

  private:
    struct Place {
        int track = 0;
        cv::Rect2f box;
        double seen_s = 0.0;
    };

    std::vector<Place> places_;
    cv::Size size_;  // of the frame that they are places of
};

}  // namespace emotion::drawing
