#pragma once

#include <string>
#include <vector>

#include "media/image_files.hpp"

namespace emotion::test {

/// The response of a network camera before its first picture.
inline const std::string kCameraAnswer =
    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n";

/// A picture as sent by a network camera.
inline std::string camera_picture(const cv::Mat& picture) {
    const auto bytes = encoded(".jpg", picture);
    return "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(bytes.size()) +
           "\r\n\r\n" + bytes + "\r\n";
}

}  // namespace emotion::test
