#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

enum class CameraAnswer {
    kPicture,
    kNone,  ///< the camera refuses, or provides no valid picture in time
    kStop   ///< a stop was requested
};

/// Polls a camera until there is a valid picture. `read_once` returns whether anything arrived; a damaged
/// picture is empty and skipped. Failure within half a second is a refusal; after that it is a timeout, and
/// the camera is polled again until `timeout` has passed. `now` is the clock.
CameraAnswer wait_for_picture(
    const std::function<bool(cv::Mat& picture)>& read_once, std::chrono::milliseconds timeout,
    const std::stop_token& stop, cv::Mat& picture,
    const std::function<std::chrono::steady_clock::time_point()>& now = std::chrono::steady_clock::now);

}  // namespace emotion::media
