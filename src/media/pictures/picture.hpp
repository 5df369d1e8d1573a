#pragma once

#include <cstdint>
#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// Converts any 8- or 16-bit or float (0..1) picture with 1, 3 or 4 channels to CV_8UC3 BGR, shared if it
/// already is; alpha is blended over mid-gray. Throws std::invalid_argument for an empty picture or another
/// type.
cv::Mat to_bgr(const cv::Mat& picture);

/// The same to CV_8UC1, shared if it already is.
cv::Mat to_gray(const cv::Mat& picture);

struct PictureFile {
    cv::Mat bgr;                ///< CV_8UC3
    bool cut_short = false;     ///< the file is truncated; missing parts are gray or black
    std::int64_t pictures = 1;  ///< frames or pages in the file, of which this is the first
    bool damaged = false;       ///< JPEG: its data is damaged in the middle; parts may show anything
    bool pages = false;         ///< TIFF: its pictures are pages, not frames of an animation

    /// What is wrong with the file, as the rest of a sentence that begins with its name; empty: nothing.
    std::string fault() const;
};

/// Reads a picture file of any format supported by OpenCV, and AVIF if supported by FFmpeg, as displayed:
/// rotated and mirrored by its EXIF data or tags, 16-bit and float (0..1) values scaled to 8 bits, linear
/// light (Radiance, OpenEXR) clipped to 0..1 and encoded as sRGB (IEC 61966-2-1), alpha blended over
/// mid-gray. A truncated JPEG, PNG, lossy WebP, BMP or uncompressed TIFF is decoded as far as possible, and
/// so is a damaged JPEG, if its data has markers where none can be. Throws Error naming the file and what was
/// expected. Prints nothing. Thread-safe.
PictureFile read_picture_file(const std::string& path);

/// Decodes the bytes of a file, called `name` in errors.
PictureFile decode_picture(std::string bytes, const std::string& name);

/// As read_picture_file(), but throws Error for a truncated or damaged picture, which must not be used for
/// training or evaluation.
cv::Mat read_picture(const std::string& path);

/// Encodes a picture in the format of an extension (".png"). Throws Error with the picture's size if OpenCV
/// cannot encode it. Prints nothing.
std::string picture_bytes(const cv::Mat& picture, const std::string& ending);

}  // namespace emotion::media
