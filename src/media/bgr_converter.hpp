#pragma once

#include <tuple>

#include <opencv2/core/mat.hpp>

#include "media/frame_source.hpp"
#include "media/libav.hpp"

namespace emotion::media {

/// Turns decoded pictures of any pixel format and colour space into CV_8UC3 BGR. Not thread-safe.
class BgrConverter {
  public:
    /// Into pixels of its own, whose rows may not follow one another directly.
    cv::Mat convert(const AVFrame& frame);

  private:
    void prepare(const AVFrame& frame);

    libav::Scaler scaler_;
    std::tuple<int, int, int, AVColorSpace, AVColorRange> format_;
};

/// The way back, to a picture of 4:2:0 in 8 bits. Not thread-safe.
class BgrToDecoded {
  public:
    /// `bgr` is CV_8UC3 of the format, width and height of `frame`, whose pixels are made anew. Always of the
    /// same size and colours.
    void convert(const cv::Mat& bgr, const ColorTags& colors, AVFrame& frame);

  private:
    libav::Scaler scaler_;
};

/// To pictures in YUYV (4:2:2, 8 bits, ITU-R BT.601 in limited range), as cameras give them. Not thread-safe.
class BgrToYuyv {
  public:
    /// `bgr` is CV_8UC3 of an even width, always of the same size. Returns CV_8UC2, its rows one behind the
    /// other; valid until the next call.
    const cv::Mat& convert(const cv::Mat& bgr);

  private:
    libav::Scaler scaler_;
    cv::Mat padded_, yuyv_;
};

/// The brightness of a decoded picture as CV_8UC1 in full range, as turning its colours into grey gives it
/// but cheaper; empty for a pixel format that does not hold it by itself in 8 bits.
cv::Mat brightness(const AVFrame& frame);

}  // namespace emotion::media
