#pragma once

#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// A device of the kernel's module v4l2loopback, whose pictures other programs take for those of a camera.
/// Not thread-safe.
class VirtualCamera {
  public:
    virtual ~VirtualCamera() = default;

    /// Before the first picture: the size of all (an odd side loses a pixel) and how many come a second,
    /// which other programs are told. Throws Error if the device has another size already, or is in use.
    virtual void start(cv::Size size, double fps) = 0;
    /// Shows a picture (CV_8UC3 BGR) until the next; one of another size is fitted in. Nobody has to look.
    /// Throws Error.
    virtual void write(const cv::Mat& bgr) = 0;
};

/// Throws ConfigError for a path that is not of the form /dev/videoN.
void check_virtual_camera_name(const std::string& path);

/// Opens the device. Throws Error, with the mend, if it is not there, is another kind of device, is in use by
/// another program that writes to it or may not be used, and wherever there is no V4L2.
std::unique_ptr<VirtualCamera> open_virtual_camera(const std::string& path);

/// The picture as large as can be in the middle of `size`, black beside it; a side that is a pixel longer
/// loses that pixel.
cv::Mat fitted(const cv::Mat& bgr, cv::Size size);

}  // namespace emotion::media
