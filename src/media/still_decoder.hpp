#pragma once

#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// The first picture in the bytes of a PNG, WebP or AVIF file, decoded by FFmpeg as far as it goes, what is
/// missing in grey: CV_8UC3 BGR or, where it has transparent parts, CV_8UC4. For what OpenCV cannot read.
/// Empty if FFmpeg cannot either.
cv::Mat decode_still(const std::string& bytes);

/// The bytes of a PNG or WebP file that was cut short, so that what is there of it can be decoded: its pieces
/// say no longer that more follows.
std::string mended_lengths(const std::string& bytes);

/// The first picture of an animated WebP as a file of its own, which OpenCV reads; empty where there is none.
std::string first_of_webp(const std::string& bytes);

}  // namespace emotion::media
