#pragma once

#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// A device of the kernel module v4l2loopback, which other programs use as a camera. Not thread-safe.
class VirtualCamera {
  public:
    virtual ~VirtualCamera() = default;

    /// Before the first picture: sets the size of all pictures (an odd side loses a pixel) and the nominal
    /// rate. Throws Error if the device has another size already, or is in use.
    virtual void start(cv::Size size, double fps) = 0;
    /// Shows a picture (CV_8UC3 BGR), fitted to the size, until the next. Does not wait for readers. Throws
    /// Error.
    virtual void write(const cv::Mat& bgr) = 0;
};

/// Throws ConfigError for a path other than /dev/videoN.
void check_virtual_camera_name(const std::string& path);

/// Opens the device. Throws Error with a remedy if it is missing, of another kind, not permitted or in use by
/// another writer, and on systems without V4L2.
std::unique_ptr<VirtualCamera> open_virtual_camera(const std::string& path);

/// The picture scaled to fit `size` and centered on black; sides longer by one pixel are cropped instead.
cv::Mat fitted(const cv::Mat& bgr, cv::Size size);

}  // namespace emotion::media
