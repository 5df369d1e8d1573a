#pragma once

#include <memory>

#include <opencv2/core/mat.hpp>

namespace cv {
class VideoCapture;
}

namespace emotion::media {

/// OpenCV's access to cameras (videoio), loaded when the first camera is opened; see `base/lazy_library.hpp`.
struct CameraCapture {
    /// Null if the camera `number` does not open by `api` (cv::CAP_V4L2, say).
    std::shared_ptr<cv::VideoCapture> (*open)(int number, int api);
    double (*get)(const cv::VideoCapture& capture, int property);
    bool (*set)(cv::VideoCapture& capture, int property, double value);
    /// Waits for the next frame; false if there is none in OpenCV's time. `bgr` is empty if it cannot be
    /// decoded.
    bool (*read)(cv::VideoCapture& capture, cv::Mat& bgr);
};

/// Throws Error if it cannot be loaded.
const CameraCapture& camera_capture();

}  // namespace emotion::media
