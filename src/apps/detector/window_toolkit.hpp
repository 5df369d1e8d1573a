#pragma once

#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::apps {

/// OpenCV's windows (highgui), loaded when the first is opened; see `base/lazy_library.hpp`. The functions
/// are those of OpenCV with the same arguments and errors, for one thread.
struct WindowToolkit {
    void (*open)(const std::string& title, int flags);                           ///< cv::namedWindow
    void (*close)(const std::string& title);                                     ///< cv::destroyWindow
    void (*resize)(const std::string& title, int width, int height);             ///< cv::resizeWindow
    void (*show)(const std::string& title, const cv::Mat& bgr);                  ///< cv::imshow
    int (*wait_for_key)(int milliseconds);                                       ///< cv::waitKey
    int (*poll_key)();                                                           ///< cv::pollKey
    double (*property)(const std::string& title, int property);                  ///< cv::getWindowProperty
    void (*set_property)(const std::string& title, int property, double value);  ///< cv::setWindowProperty
};

/// Throws Error if it cannot be loaded.
const WindowToolkit& window_toolkit();

}  // namespace emotion::apps
