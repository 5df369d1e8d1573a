#include "media/camera_patience.hpp"

namespace emotion::media {
namespace {

using namespace std::chrono_literals;

constexpr auto kWaitedInVain = 500ms;

}  // namespace

CameraAnswer wait_for_picture(const std::function<bool(cv::Mat& picture)>& ask,
                              std::chrono::milliseconds patience, const std::stop_token& stop,
                              cv::Mat& picture,
                              const std::function<std::chrono::steady_clock::time_point()>& now) {
    picture.release();  // not to write on one that is still in use
    for (const auto begun = now(); !stop.stop_requested();) {
        const auto asked = now();
        const bool came = ask(picture);
        if (!picture.empty()) return CameraAnswer::kPicture;
        const auto answered = now();
        const bool refused = !came && answered - asked < kWaitedInVain;
        if (refused || answered - begun > patience) return CameraAnswer::kNone;
    }
    return CameraAnswer::kStop;
}

}  // namespace emotion::media
