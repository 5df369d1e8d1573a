#pragma once

#include <cstdint>
#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// Any 8- or 16-bit or float (0..1) picture with 1, 3 or 4 channels as CV_8UC3 BGR, shared if it is that
/// already; alpha is laid over mid-grey. Throws std::invalid_argument for an empty one or another type.
cv::Mat to_bgr(const cv::Mat& picture);

/// The same as CV_8UC1, shared if it is that already.
cv::Mat to_gray(const cv::Mat& picture);

struct PictureFile {
    cv::Mat bgr;                ///< CV_8UC3
    bool cut_short = false;     ///< the file ends before its picture does; what is missing is grey or black
    std::int64_t pictures = 1;  ///< in the file, of which this is the first: frames, pages
};

/// Reads a picture file of any format that OpenCV reads, and AVIF where FFmpeg does, as people see it: turned
/// and mirrored as its EXIF data or tags say, 16-bit and float (0..1) pictures scaled to 8 bits, alpha laid
/// over mid-grey. A JPEG, PNG, lossy WebP, BMP or uncompressed TIFF that was cut short gives what is there.
/// Throws Error that names the file and what was expected. Prints nothing; any number of threads may call it.
PictureFile read_picture_file(const std::string& path);

/// The same of the bytes of a file, called `name` in errors.
PictureFile decode_picture(std::string bytes, const std::string& name);

/// The pixels that read_picture_file() gives, of a whole picture: throws Error for one that was cut short, so
/// that nobody learns or measures by it.
cv::Mat read_picture(const std::string& path);

/// The bytes of a picture file of the kind of `ending` (".png"). Throws Error, which tells the picture's
/// size, if OpenCV cannot write it so. Prints nothing.
std::string picture_bytes(const cv::Mat& picture, const std::string& ending);

}  // namespace emotion::media
