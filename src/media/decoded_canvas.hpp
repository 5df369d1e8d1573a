#pragma once

#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "media/frame.hpp"
#include "media/frame_source.hpp"

namespace emotion::media {

/// Lets decoded pictures be drawn on in BGR while only the parts drawn on are turned into BGR and back; all
/// other pixels keep their numbers. Not thread-safe.
class DecodedCanvas {
  public:
    explicit DecodedCanvas(const ColorTags& colors);

    /// Begins with `picture`; what was drawn on the one before is forgotten.
    void start(DecodedPicture picture);

    /// CV_8UC3 of the picture's size, with its pixels only where they were uncovered since start().
    cv::Mat& bgr() { return canvas_; }

    /// Must come before drawing on this part of the canvas.
    void uncover(const cv::Rect& part);

    /// A picture of its own with what was drawn.
    DecodedPicture finish();

  private:
    /// ITU-T H.273, 8.3: brightness and colour differences out of red, green and blue, and back.
    struct Matrix {
        float red = 0.299f, green = 0.587f, blue = 0.114f;     ///< shares of brightness; as in ITU-R BT.601
        float luma_offset = 0.0f, luma = 1.0f, chroma = 1.0f;  ///< of the range used; as in full range
    };

    void to_bgr(const cv::Rect& tile);
    void put_back(const cv::Rect& tile, AVFrame& drawn) const;

    Matrix matrix_;
    DecodedPicture picture_;
    std::shared_ptr<AVFrame> drawn_;
    cv::Mat canvas_, before_;  ///< before_: the canvas as it was uncovered
    cv::Mat uncovered_;        ///< for each tile
    std::vector<cv::Rect> tiles_;
};

}  // namespace emotion::media
