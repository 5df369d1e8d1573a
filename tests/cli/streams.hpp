#pragma once

#include <chrono>
#include <string>
#include <utility>
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
    explicit NetworkCamera(const cv::Mat& picture, Begins begins = Begins::kAtOnce)
        : SilentServer(kCameraAnswer, begins, camera_picture(picture)) {}
};

/// A server whose message is followed by a byte per second: too little to be of use, but enough that reading
/// never times out. A program that waits for more leaves when told to or never, however slow the machine.
class StalledServer : public SilentServer {
  public:
    explicit StalledServer(std::string says)
        : SilentServer(std::move(says), Begins::kAtOnce, "x", std::chrono::seconds(1)) {}
};

}  // namespace emotion::test
