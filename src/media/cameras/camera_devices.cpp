#include "media/cameras/camera_devices.hpp"

namespace emotion::media {

std::string four_letters(std::uint32_t code) {
    std::string text;
    for (int shift = 0; shift < 32; shift += 8) {
        const auto letter = static_cast<char>((code >> shift) & 0x7f);
        if (letter > ' ' && letter < 0x7f) text += letter;
    }
    return text;
}

}  // namespace emotion::media

#ifdef __linux__

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>

#include <linux/videodev2.h>

#include "base/one_line.hpp"
#include "media/cameras/v4l2_node.hpp"

namespace emotion::media {
namespace {

/// For drivers that offer continuous sizes, common ones and the largest are listed.
constexpr std::array<std::array<std::uint32_t, 2>, 5> kCommonSizes{
    {{320, 240}, {640, 480}, {1280, 720}, {1920, 1080}, {3840, 2160}}};
/// Limits enumeration for drivers that never end it.
constexpr std::uint32_t kMaxEntries = 256;

/// Calls `use` with each result of an enumeration `request`.
template <typename T>
void for_each(const V4l2Node& node, unsigned long request, T entry,
              const std::function<void(const T&)>& use) {
    for (entry.index = 0; entry.index < kMaxEntries && node.query(request, entry) == 0; ++entry.index)
        use(entry);
}

double rate_of(const v4l2_fract& interval) {
    return interval.numerator > 0 ? static_cast<double>(interval.denominator) / interval.numerator : 0.0;
}

std::vector<double> rates_of(const V4l2Node& node, std::uint32_t format, std::uint32_t width,
                             std::uint32_t height) {
    std::vector<double> rates;
    v4l2_frmivalenum interval = {};
    interval.pixel_format = format;
    interval.width = width;
    interval.height = height;
    for_each<v4l2_frmivalenum>(node, VIDIOC_ENUM_FRAMEINTERVALS, interval, [&](const auto& found) {
        if (found.type == V4L2_FRMIVAL_TYPE_DISCRETE) {
            rates.push_back(rate_of(found.discrete));
        } else if (found.index == 0) {
            rates.push_back(rate_of(found.stepwise.min));
            rates.push_back(rate_of(found.stepwise.max));
        }
    });
    std::sort(rates.begin(), rates.end(), std::greater<>());
    rates.erase(std::unique(rates.begin(), rates.end()), rates.end());
    return rates;
}

std::vector<CameraMode> modes_of(const V4l2Node& node) {
    std::vector<CameraMode> modes;
    const auto add = [&](std::uint32_t format, std::uint32_t width, std::uint32_t height) {
        modes.push_back({four_letters(format), static_cast<int>(width), static_cast<int>(height),
                         rates_of(node, format, width, height)});
    };
    v4l2_fmtdesc format = {};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    for_each<v4l2_fmtdesc>(node, VIDIOC_ENUM_FMT, format, [&](const auto& offered) {
        v4l2_frmsizeenum size = {};
        size.pixel_format = offered.pixelformat;
        for_each<v4l2_frmsizeenum>(node, VIDIOC_ENUM_FRAMESIZES, size, [&](const auto& found) {
            if (found.type == V4L2_FRMSIZE_TYPE_DISCRETE)
                add(offered.pixelformat, found.discrete.width, found.discrete.height);
            else if (found.index == 0) {
                const auto& range = found.stepwise;
                for (const auto& [width, height] : kCommonSizes)
                    if (width >= range.min_width && width < range.max_width && height >= range.min_height &&
                        height < range.max_height)
                        add(offered.pixelformat, width, height);
                add(offered.pixelformat, range.max_width, range.max_height);
            }
        });
    });
    return modes;
}

std::string why_not_open(const std::string& path, int error) {
    if (const auto why = why_not_usable(path, error)) return path + " " + *why;
    if (is_missing(error))
        return path +
               " is not there; plug the camera in, or name another one (--list-cameras) or a video file";
    return path + ": " + std::strerror(error) + "; plug the camera in again, or name another one";
}

/// A streaming process owns the buffers, so nobody else can get any. Requesting none has no effect.
bool is_busy(const V4l2Node& node) {
    v4l2_requestbuffers buffers = {};
    buffers.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffers.memory = V4L2_MEMORY_MMAP;
    return node.query(VIDIOC_REQBUFS, buffers) == EBUSY;
}

std::string path_of(int number) {
    return std::string(kDeviceFile) + std::to_string(number);
}

/// Everything but the modes, whose enumeration is slow.
CameraDevice examine(const V4l2Node& node, int number) {
    CameraDevice device;
    device.number = number;
    device.path = path_of(number);
    if (node.error() != 0) {
        device.problem = why_not_open(device.path, node.error());
        return device;
    }
    v4l2_capability about = {};
    if (const int failed = node.query(VIDIOC_QUERYCAP, about); failed != 0) {
        device.problem = failed == ENODEV
                             ? why_not_open(device.path, failed)
                             : device.path + " is not a camera; --list-cameras lists the cameras";
        return device;
    }
    const auto* card = reinterpret_cast<const char*>(about.card);
    device.name = one_line({card, ::strnlen(card, sizeof about.card)});
    const auto can = about.capabilities & V4L2_CAP_DEVICE_CAPS ? about.device_caps : about.capabilities;
    device.captures = (can & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) != 0;
    if (!device.captures) {
        device.problem = device.path + " (" + device.name +
                         ") captures no pictures; --list-cameras lists the devices that do";
        return device;
    }
    if (is_busy(node)) device.problem = why_not_open(device.path, EBUSY);
    return device;
}

}  // namespace

bool can_list_cameras() {
    return true;
}

std::vector<CameraDevice> list_cameras() {
    std::vector<int> numbers;
    std::error_code unreadable;
    for (const auto& entry : std::filesystem::directory_iterator("/dev", unreadable)) {
        const auto path = entry.path().string();
        int number = 0;
        if (!path.starts_with(kDeviceFile)) continue;
        const auto [end, failed] =
            std::from_chars(path.data() + kDeviceFile.size(), path.data() + path.size(), number);
        if (failed == std::errc() && end == path.data() + path.size()) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    std::vector<CameraDevice> devices;
    for (const int number : numbers) {
        const V4l2Node node(path_of(number));
        devices.push_back(examine(node, number));
        if (devices.back().captures) devices.back().modes = modes_of(node);
    }
    return devices;
}

std::optional<std::string> camera_problem(int number) {
    auto problem = examine(V4l2Node(path_of(number)), number).problem;
    if (problem.empty()) return std::nullopt;
    return problem;
}

}  // namespace emotion::media

#else

namespace emotion::media {

bool can_list_cameras() {
    return false;
}

std::vector<CameraDevice> list_cameras() {
    return {};
}

std::optional<std::string> camera_problem(int) {
    return std::nullopt;
}

}  // namespace emotion::media

#endif
