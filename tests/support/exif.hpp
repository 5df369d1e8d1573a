#pragma once

#include <string>

namespace emotion::test {

/// `jpeg` with an EXIF block for this orientation (1 to 8) after its first marker.
inline std::string with_orientation(const std::string& jpeg, char orientation) {
    using namespace std::string_literals;
    const auto tiff = "MM\0\x2a\0\0\0\x08"s + "\0\x01"s + "\x01\x12\0\x03\0\0\0\x01\0"s + orientation +
                      std::string(6, '\0');
    const auto exif = "Exif\0\0"s + tiff;
    return jpeg.substr(0, 2) + "\xff\xe1\0"s + static_cast<char>(exif.size() + 2) + exif + jpeg.substr(2);
}

}  // namespace emotion::test
