// The library that camera_capture() loads.
#include <opencv2/videoio.hpp>

#include "base/lazy_library.hpp"
#include "media/cameras/camera_capture.hpp"

EMOTION_EXPORTED_TABLE(emotion::media::CameraCapture, emotion_camera_capture){
    [](int number, int api) {
        auto capture = std::make_shared<cv::VideoCapture>();
        return capture->open(number, api) ? capture : nullptr;
    },
    [](const cv::VideoCapture& capture, int property) { return capture.get(property); },
    [](cv::VideoCapture& capture, int property, double value) { return capture.set(property, value); },
    [](cv::VideoCapture& capture, cv::Mat& bgr) {
        const bool arrived = capture.grab();
        if (arrived) capture.retrieve(bgr);
        return arrived;
    }};
