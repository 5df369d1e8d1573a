#pragma once

#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// Any 8- or 16-bit or float (0..1) picture with 1, 3 or 4 channels as CV_8UC3 BGR, shared if it is that
/// already; alpha is laid over mid-grey. Throws std::invalid_argument for an empty one or another type.
cv::Mat to_bgr(const cv::Mat& picture);

/// The same as CV_8UC1, shared if it is that already.
cv::Mat to_gray(const cv::Mat& picture);

/// Reads a picture file of any format that OpenCV reads as CV_8UC3 BGR: 16-bit and float (0..1) pictures are
/// scaled to 8 bits, EXIF orientation is applied, alpha is laid over mid-grey (PNG and WebP; such pictures
/// are taken as they are stored). Throws Error that names the file and what was expected. Prints nothing; any
/// number of threads may call it.
cv::Mat read_picture(const std::string& path);

/// The bytes of a picture file of the kind of `ending` (".png"). Throws Error, which tells the picture's
/// size, if OpenCV cannot write it so. Prints nothing.
std::string picture_bytes(const cv::Mat& picture, const std::string& ending);

}  // namespace emotion::media
