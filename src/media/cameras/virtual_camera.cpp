#include "media/cameras/virtual_camera.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "media/cameras/camera_devices.hpp"

namespace emotion::media {
namespace {

std::string number_of(const std::string& path) {
    return path.starts_with(kDeviceFile) ? path.substr(kDeviceFile.size()) : std::string();
}

}  // namespace

void check_virtual_camera_name(const std::string& path) {
    const auto number = number_of(path);
    constexpr std::size_t kMaxDigits = 4;
    if (number.empty() || number.size() > kMaxDigits ||
        number.find_first_not_of("0123456789") != std::string::npos)
        throw ConfigError(path + ": expected a device of v4l2loopback such as /dev/video10");
}

cv::Mat fitted(const cv::Mat& bgr, cv::Size size) {
    const int wider = bgr.cols - size.width, taller = bgr.rows - size.height;
    if (wider >= 0 && wider <= 1 && taller >= 0 && taller <= 1) return bgr(cv::Rect({}, size));
    const double scale =
        std::min(static_cast<double>(size.width) / bgr.cols, static_cast<double>(size.height) / bgr.rows);
    const cv::Size inside(std::clamp(static_cast<int>(std::lround(bgr.cols * scale)), 1, size.width),
                          std::clamp(static_cast<int>(std::lround(bgr.rows * scale)), 1, size.height));
    cv::Mat canvas(size, CV_8UC3, cv::Scalar::all(0));
    const cv::Point corner((size.width - inside.width) / 2, (size.height - inside.height) / 2);
    cv::resize(bgr, canvas(cv::Rect(corner, inside)), inside, 0, 0,
               scale < 1.0 ? cv::INTER_AREA : cv::INTER_LINEAR);
    return canvas;
}

}  // namespace emotion::media

#ifdef __linux__

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <linux/videodev2.h>
#include <unistd.h>

#include "base/one_line.hpp"
#include "media/cameras/v4l2_node.hpp"
#include "media/frame_source.hpp"
#include "media/video/bgr_converter.hpp"

namespace emotion::media {
namespace {

constexpr std::uint32_t kFormat = V4L2_PIX_FMT_YUYV;  // accepted by every program

std::string how_to_load(const std::string& path) {
    return "sudo modprobe v4l2loopback video_nr=" + number_of(path) +
           " exclusive_caps=1 card_label=emotion-detector";
}

bool is_there(const std::string& file) {
    std::error_code failed;
    return std::filesystem::exists(file, failed);
}

std::string why_not_there(const std::string& path) {
    if (!is_there("/sys/module/v4l2loopback"))
        return "is not there, as the kernel's module v4l2loopback is not loaded: " + how_to_load(path) +
               " (after sudo apt install v4l2loopback-dkms)";
    return "is not there, though the module v4l2loopback is loaded; v4l2-ctl --list-devices lists its "
           "devices, or reload it: sudo modprobe -r v4l2loopback && " +
           how_to_load(path);
}

std::string why_not_written(const std::string& path, int error) {
    if (const auto why = why_not_usable(path, error)) return *why;
    return is_missing(error) ? why_not_there(path) : std::string("does not open: ") + std::strerror(error);
}

template <std::size_t kSize>
std::string text_of(const __u8 (&field)[kSize]) {
    const auto* text = reinterpret_cast<const char*>(field);
    return one_line({text, ::strnlen(text, kSize)});
}

std::string text_of(cv::Size size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

class LoopbackCamera : public VirtualCamera {
  public:
    explicit LoopbackCamera(const std::string& path) : path_(path), node_(path) {
        if (node_.error() != 0) fail(why_not_written(path, node_.error()));
        const std::string remedy =
            ", expected one of v4l2loopback: " + how_to_load("/dev/video10") + " makes one";
        v4l2_capability about = {};
        if (node_.query(VIDIOC_QUERYCAP, about) != 0) fail("is not a video device" + remedy);
        if (text_of(about.driver) != "v4l2 loopback")
            fail("is another kind of device, " + text_of(about.card) + " (" + text_of(about.driver) + ")" +
                 remedy);
        // With exclusive_caps it is only a capture device once something writes to it.
        const auto can = about.capabilities & V4L2_CAP_DEVICE_CAPS ? about.device_caps : about.capabilities;
        if (!(can & V4L2_CAP_VIDEO_OUTPUT)) fail(why_not_written(path, EBUSY));
    }

    void start(cv::Size size, double fps) override {
        size_ = {size.width & ~1, size.height & ~1};
        v4l2_format format = {};
        format.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        auto& picture = format.fmt.pix;
        picture.width = static_cast<std::uint32_t>(size_.width);
        picture.height = static_cast<std::uint32_t>(size_.height);
        picture.pixelformat = kFormat;
        picture.field = V4L2_FIELD_NONE;
        picture.bytesperline = 2 * picture.width;
        picture.sizeimage = picture.bytesperline * picture.height;
        picture.colorspace = V4L2_COLORSPACE_SMPTE170M;
        if (const int failed = node_.query(VIDIOC_S_FMT, format); failed != 0)
            fail(why_not_written(path_, failed));
        const cv::Size taken(static_cast<int>(picture.width), static_cast<int>(picture.height));
        if (picture.pixelformat != kFormat || taken != size_)
            fail("does not accept pictures of " + text_of(size_) + " (YUYV), only of " + text_of(taken) +
                 " (" + four_letters(picture.pixelformat) +
                 "), as another program set it: close all that use it (fuser " + path_ +
                 "), or reload it: sudo modprobe -r v4l2loopback && " + how_to_load(path_));
        set_nominal_rate(fps > 0.0 ? fps : kDefaultFps);
        int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        // Version 0.12 does not count a process as a writer until it starts streaming, and never releases the
        // device from one. Readers may own the buffers: they recognize a writer by its writes.
        if (node_.query(VIDIOC_STREAMON, type) == EBUSY) fail(why_not_written(path_, EBUSY));
    }

    void write(const cv::Mat& bgr) override {
        const cv::Mat yuyv = to_yuyv_.convert(fitted(bgr, size_));
        const auto bytes = yuyv.total() * yuyv.elemSize();
        ssize_t written;
        do written = ::write(node_.file(), yuyv.data, bytes);
        while (written < 0 && errno == EINTR);
        if (written < 0 && errno != EAGAIN) fail(why_not_written(path_, errno));
    }

  private:
    [[noreturn]] void fail(const std::string& why) const {
        throw Error("virtual camera " + path_ + " " + why);
    }
    /// For other programs only; a failure does no harm, because pictures arrive at their own rate.
    void set_nominal_rate(double fps) const {
        constexpr std::uint32_t kPerSecond = 1000;
        v4l2_streamparm parameters = {};
        parameters.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
        parameters.parm.output.timeperframe = {kPerSecond,
                                               static_cast<std::uint32_t>(std::lround(fps * kPerSecond))};
        node_.query(VIDIOC_S_PARM, parameters);
    }

    const std::string path_;
    const V4l2Node node_;
    cv::Size size_;
    BgrToYuyv to_yuyv_;
};

}  // namespace

std::unique_ptr<VirtualCamera> open_virtual_camera(const std::string& path) {
    return std::make_unique<LoopbackCamera>(path);
}

}  // namespace emotion::media

#else

namespace emotion::media {

std::unique_ptr<VirtualCamera> open_virtual_camera(const std::string& path) {
    throw Error("virtual camera " + path + ": only Linux has such devices (v4l2loopback)");
}

}  // namespace emotion::media

#endif
