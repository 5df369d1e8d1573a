#pragma once

#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// Decodes the first picture in a PNG, WebP or AVIF file with FFmpeg as far as possible, with missing parts
/// in gray: CV_8UC3 BGR or, with transparency, CV_8UC4. For files that OpenCV cannot read. Empty if FFmpeg
/// cannot either.
cv::Mat decode_still(const std::string& bytes);

/// The bytes of a truncated PNG or WebP file with chunk lengths corrected, so that it can be decoded as far
/// as present.
std::string mended_lengths(const std::string& bytes);

/// The first picture of an animated WebP as a file of its own, which OpenCV reads; empty where there is none.
std::string first_of_webp(const std::string& bytes);

}  // namespace emotion::media
