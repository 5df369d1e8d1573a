#include "media/cameras/camera_patience.hpp"

namespace emotion::media {
namespace {

using namespace std::chrono_literals;

constexpr auto kRefusalTime = 500ms;

}  // namespace

CameraAnswer wait_for_picture(const std::function<bool(cv::Mat& picture)>& read_once,
                              std::chrono::milliseconds timeout, const std::stop_token& stop,
                              cv::Mat& picture,
                              const std::function<std::chrono::steady_clock::time_point()>& now) {
    picture.release();  // the old one may still be in use
    for (const auto start = now(); !stop.stop_requested();) {
        const auto begin = now();
        const bool arrived = read_once(picture);
        if (!picture.empty()) return CameraAnswer::kPicture;
        const auto end = now();
        const bool refused = !arrived && end - begin < kRefusalTime;
        if (refused || end - start > timeout) return CameraAnswer::kNone;
    }
    return CameraAnswer::kStop;
}

}  // namespace emotion::media
