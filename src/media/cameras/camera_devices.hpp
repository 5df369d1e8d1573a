#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emotion::media {

/// What a device file is named before its number.
inline constexpr std::string_view kDeviceFile = "/dev/video";

/// A format a camera can provide.
struct CameraMode {
    std::string format;         ///< four letters: MJPG, YUYV
    int width = 0, height = 0;  ///< pixels
    std::vector<double> rates;  ///< frames per second, highest first; empty if not reported
    bool operator==(const CameraMode&) const = default;
};

/// A device file that may be a camera.
struct CameraDevice {
    int number = 0;  ///< of the file: 2 for /dev/video2
    std::string path;
    std::string name;       ///< from the driver; empty if it cannot be queried
    std::string problem;    ///< why it cannot be used and a remedy; empty: it can
    bool captures = false;  ///< false for a node that provides only metadata, or outputs
    std::vector<CameraMode> modes;
};

/// The name of a pixel format from its code, whose bytes are characters, lowest first: "MJPG". Unprintable
/// ones are omitted.
std::string four_letters(std::uint32_t code);

/// Whether this system has device files that can be queried for cameras (Linux: V4L2).
bool can_list_cameras();

/// All cameras by number; empty if can_list_cameras() is false. Takes no pictures.
std::vector<CameraDevice> list_cameras();

/// Why camera `number` cannot be used, and a remedy, in one line: missing, not permitted, in use by another
/// program, no capture device. nullopt if no problem is known.
std::optional<std::string> camera_problem(int number);

}  // namespace emotion::media
