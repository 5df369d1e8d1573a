#pragma once

#include <string>
#include <vector>

#include <opencv2/imgcodecs.hpp>

namespace emotion::test {

/// The response of a network camera before its first picture.
inline const std::string kCameraAnswer =
    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n";

/// A picture as sent by a network camera.
inline std::string camera_picture(const cv::Mat& picture) {
    std::vector<unsigned char> bytes;
    cv::imencode(".jpg", picture, bytes);
    return "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(bytes.size()) +
           "\r\n\r\n" + std::string(bytes.begin(), bytes.end()) + "\r\n";
}

}  // namespace emotion::test
