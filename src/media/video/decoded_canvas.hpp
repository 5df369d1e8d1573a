#pragma once

#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "media/frame.hpp"
#include "media/frame_source.hpp"

namespace emotion::media {

/// Draws on decoded pictures in BGR while converting only the parts drawn on; all other pixels are unchanged.
/// Not thread-safe.
class DecodedCanvas {
  public:
    explicit DecodedCanvas(const ColorTags& colors);

    /// Starts with `picture`, discarding the previous one.
    void start(DecodedPicture picture);

    /// CV_8UC3 of the picture's size; only parts uncovered since start() have valid pixels.
    cv::Mat& bgr() { return canvas_; }

    /// Must be called before drawing on this part of the canvas.
    void uncover(const cv::Rect& part);

    /// A new picture with what was drawn.
    DecodedPicture finish();

  private:
    /// Conversion between RGB and luma and chroma (ITU-T H.273, 8.3).
    struct Matrix {
        float red = 0.299f, green = 0.587f, blue = 0.114f;  ///< luma coefficients; default ITU-R BT.601
        float luma_offset = 0.0f, luma = 1.0f,
              chroma = 1.0f;  ///< scales of the value range; default full range
    };

    void to_bgr(const cv::Rect& tile);
    void put_back(const cv::Rect& tile, AVFrame& drawn) const;

    Matrix matrix_;
    DecodedPicture picture_;
    std::shared_ptr<AVFrame> drawn_;
    cv::Mat canvas_, before_;  ///< before_: the canvas before drawing
    cv::Mat uncovered_;        ///< per tile
    std::vector<cv::Rect> tiles_;
};

}  // namespace emotion::media
