#pragma once

#include <tuple>

#include <opencv2/core/mat.hpp>

#include "media/frame_source.hpp"
#include "media/video/libav.hpp"

namespace emotion::media {

/// Converts decoded pictures of any pixel format and color space to CV_8UC3 BGR. Not thread-safe.
class BgrConverter {
  public:
    /// Returns newly allocated pixels, whose rows may not be contiguous.
    cv::Mat convert(const AVFrame& frame);

  private:
    void prepare(const AVFrame& frame);

    libav::Scaler scaler_;
    std::tuple<int, int, int, AVColorSpace, AVColorRange> format_;
};

/// Converts BGR back to 8-bit 4:2:0. Not thread-safe.
class BgrToDecoded {
  public:
    /// `bgr` is CV_8UC3; format, width and height are those of `frame`, whose pixels are reallocated. Size
    /// and colors must not change between calls.
    void convert(const cv::Mat& bgr, const ColorTags& colors, AVFrame& frame);

  private:
    libav::Scaler scaler_;
};

/// Converts to YUYV (4:2:2, 8 bits, ITU-R BT.601 in limited range), as cameras provide it. Not thread-safe.
class BgrToYuyv {
  public:
    /// `bgr` is CV_8UC3 of an even width, always of the same size. Returns contiguous CV_8UC2, valid until
    /// the next call.
    const cv::Mat& convert(const cv::Mat& bgr);

  private:
    libav::Scaler scaler_;
    cv::Mat padded_, yuyv_;
};

/// The luma of a decoded picture as full-range CV_8UC1, equivalent to a conversion to gray but cheaper; empty
/// for a pixel format without a separate 8-bit luma plane.
cv::Mat brightness(const AVFrame& frame);

}  // namespace emotion::media
