#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

enum class CameraAnswer {
    kPicture,
    kNone,  ///< it refuses to give any, or gives no whole one in time
    kStop   ///< nobody waits any longer
};

/// Asks a camera for a picture until there is a whole one. `ask` returns whether anything came; a damaged
/// picture is empty, and passed over. A camera that says within half a second that nothing comes refuses;
/// later it was waited for in vain, and is asked again for as long as `patience` lasts. `now` tells the time.
CameraAnswer wait_for_picture(
    const std::function<bool(cv::Mat& picture)>& ask, std::chrono::milliseconds patience,
    const std::stop_token& stop, cv::Mat& picture,
    const std::function<std::chrono::steady_clock::time_point()>& now = std::chrono::steady_clock::now);

}  // namespace emotion::media
