#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// OpenCV's readers and writers of picture formats (imgcodecs), loaded when they are first used; see
/// `base/lazy_library.hpp`. The functions are those of OpenCV with the same arguments and errors,
/// thread-safe.
struct PictureCodecs {
    cv::Mat (*decode)(cv::InputArray bytes, int flags);  ///< cv::imdecode
    bool (*encode)(const std::string& ending, const cv::Mat& picture, std::vector<unsigned char>& bytes,
                   const std::vector<int>& parameters);  ///< cv::imencode
    bool (*has_reader)(const std::string& file);         ///< cv::haveImageReader
    bool (*has_writer)(const std::string& file);         ///< cv::haveImageWriter
};

/// Throws Error if they cannot be loaded.
const PictureCodecs& picture_codecs();

}  // namespace emotion::media
