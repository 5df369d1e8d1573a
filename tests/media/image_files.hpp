#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>  // its constants

#include "base/files.hpp"
#include "media/pictures/picture_codecs.hpp"

// cv::imread() and its like, for tests: without what read_picture() does for people's files, and without
// linking the 139 libraries of the formats, which would be loaded at the start of each test that does not
// need them.

namespace emotion::test {

inline std::string encoded(const std::string& ending, const cv::Mat& image,
                           const std::vector<int>& parameters = {}) {
    std::vector<unsigned char> bytes;
    if (!media::picture_codecs().encode(ending, image, bytes, parameters))
        throw std::runtime_error("not encoded: " + ending);
    return {bytes.begin(), bytes.end()};
}

inline cv::Mat decoded(const std::string& bytes, int flags = cv::IMREAD_COLOR) {
    return media::picture_codecs().decode(std::vector<unsigned char>(bytes.begin(), bytes.end()), flags);
}

/// Empty if the file is not there.
inline cv::Mat read_image(const std::filesystem::path& file, int flags = cv::IMREAD_COLOR) {
    return std::filesystem::exists(file) ? decoded(read_file(file), flags) : cv::Mat();
}

inline void write_image(const std::filesystem::path& file, const cv::Mat& image) {
    std::ofstream(file, std::ios::binary) << encoded(file.extension().string(), image);
    if (!std::filesystem::exists(file)) throw std::runtime_error(file.string() + " cannot be written");
}

}  // namespace emotion::test
