#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "media/image_files.hpp"
#include "support/exif.hpp"

namespace emotion::test {

inline std::string number_bytes(std::uint32_t number, int bytes, bool little_endian) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(number >> 8 * (little_endian ? i : bytes - 1 - i));
    return text;
}

/// EXIF data with only an orientation.
inline std::string exif_data(int orientation, bool little_endian) {
    const auto number = [&](std::uint32_t value, int bytes) {
        return number_bytes(value, bytes, little_endian);
    };
    return (little_endian ? "II" : "MM") + number(42, 2) + number(8, 4) + number(1, 2) + number(274, 2) +
           number(3, 2) + number(1, 4) + number(static_cast<std::uint32_t>(orientation), 2) + number(0, 2) +
           number(0, 4);
}

inline std::uint32_t png_sum(const std::string& bytes) {
    std::uint32_t crc = 0xffffffff;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return ~crc;
}

inline std::string png_chunk(const std::string& name, const std::string& data) {
    return number_bytes(static_cast<std::uint32_t>(data.size()), 4, false) + name + data +
           number_bytes(png_sum(name + data), 4, false);
}

/// `png` with an eXIf chunk before its end.
inline std::string png_with_orientation(const std::string& png, int orientation) {
    constexpr std::size_t kEnd = 12;
    return png.substr(0, png.size() - kEnd) + png_chunk("eXIf", exif_data(orientation, false)) +
           png.substr(png.size() - kEnd);
}

/// `webp`, which has no extended header, with one and EXIF data after the picture.
inline std::string webp_with_orientation(const std::string& webp, cv::Size size, int orientation,
                                         bool alpha) {
    constexpr std::uint32_t kExif = 0x08, kAlpha = 0x10;
    const auto chunk = [](const std::string& name, const std::string& data) {
        return name + number_bytes(static_cast<std::uint32_t>(data.size()), 4, true) + data +
               (data.size() % 2 ? std::string(1, '\0') : "");
    };
    const auto body = "WEBP" +
                      chunk("VP8X", number_bytes(kExif | (alpha ? kAlpha : 0), 4, true) +
                                        number_bytes(static_cast<std::uint32_t>(size.width - 1), 3, true) +
                                        number_bytes(static_cast<std::uint32_t>(size.height - 1), 3, true)) +
                      webp.substr(12) + chunk("EXIF", exif_data(orientation, true));
    return "RIFF" + number_bytes(static_cast<std::uint32_t>(body.size()), 4, true) + body;
}

/// An uncompressed TIFF file of a CV_8UC3 picture, with its tags before its pixels.
inline std::string tiff_with_orientation(const cv::Mat& bgr, int orientation, bool little_endian,
                                         int pages = 1) {
    const auto number = [&](std::size_t value, int bytes) {
        return number_bytes(static_cast<std::uint32_t>(value), bytes, little_endian);
    };
    std::string pixels;
    for (int y = 0; y < bgr.rows; ++y)
        for (int x = 0; x < bgr.cols; ++x)
            for (int channel = 2; channel >= 0; --channel)
                pixels += static_cast<char>(bgr.at<cv::Vec3b>(y, x)[channel]);
    constexpr std::size_t kTags = 10, kDirectory = 2 + 12 * kTags + 4, kBits = 6;
    std::string file = (little_endian ? "II" : "MM") + number(42, 2) + number(8, 4);
    for (int page = 0; page < pages; ++page) {
        const auto begin = file.size(), bits_at = begin + kDirectory, pixels_at = bits_at + kBits;
        const auto next = page + 1 < pages ? pixels_at + pixels.size() : 0;
        const auto short_tag = [&](std::size_t tag, std::size_t value) {
            return number(tag, 2) + number(3, 2) + number(1, 4) + number(value, 2) + number(0, 2);
        };
        const auto long_tag = [&](std::size_t tag, std::size_t value) {
            return number(tag, 2) + number(4, 2) + number(1, 4) + number(value, 4);
        };
        file += number(kTags, 2) + long_tag(256, static_cast<std::size_t>(bgr.cols)) +
                long_tag(257, static_cast<std::size_t>(bgr.rows)) + number(258, 2) + number(3, 2) +
                number(3, 4) + number(bits_at, 4) + short_tag(259, 1) + short_tag(262, 2) +
                long_tag(273, pixels_at) + short_tag(274, static_cast<std::size_t>(orientation)) +
                short_tag(277, 3) + long_tag(278, static_cast<std::size_t>(bgr.rows)) +
                long_tag(279, pixels.size()) + number(next, 4);
        for (int i = 0; i < 3; ++i) file += number(8, 2);
        file += pixels;
    }
    return file;
}

}  // namespace emotion::test
