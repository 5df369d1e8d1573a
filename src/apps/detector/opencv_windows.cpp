// The library that window_toolkit() loads.
#include <opencv2/highgui.hpp>

#include "apps/detector/window_toolkit.hpp"
#include "base/lazy_library.hpp"

EMOTION_EXPORTED_TABLE(emotion::apps::WindowToolkit, emotion_window_toolkit){
    [](const std::string& title, int flags) { cv::namedWindow(title, flags); },
    [](const std::string& title) { cv::destroyWindow(title); },
    [](const std::string& title, int width, int height) { cv::resizeWindow(title, width, height); },
    [](const std::string& title, const cv::Mat& bgr) { cv::imshow(title, bgr); },
    [](int milliseconds) { return cv::waitKey(milliseconds); },
    [] { return cv::pollKey(); },
    [](const std::string& title, int property) { return cv::getWindowProperty(title, property); },
    [](const std::string& title, int property, double value) {
        cv::setWindowProperty(title, property, value);
    }};
