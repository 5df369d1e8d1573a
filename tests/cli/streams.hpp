#pragma once

#include <string>
#include <vector>

#include "media/image_files.hpp"
#include "support/silent_server.hpp"

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

/// A network camera that keeps sending a picture, 25 times per second, however slow the program is.
class NetworkCamera : public SilentServer {
  public:
    explicit NetworkCamera(const cv::Mat& picture)
        : SilentServer(kCameraAnswer, Begins::kAtOnce, camera_picture(picture)) {}
};

}  // namespace emotion::test
