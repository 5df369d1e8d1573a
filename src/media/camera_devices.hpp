#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emotion::media {

/// Pictures that a camera can give.
struct CameraMode {
    std::string format;         ///< four letters: MJPG, YUYV
    int width = 0, height = 0;  ///< pixels
    std::vector<double> rates;  ///< frames a second, highest first; empty where the driver does not say
    bool operator==(const CameraMode&) const = default;
};

/// A device file that may be a camera.
struct CameraDevice {
    int number = 0;  ///< of the file: 2 for /dev/video2
    std::string path;
    std::string name;       ///< as the driver calls it; empty where it cannot be asked
    std::string problem;    ///< why no pictures can be had of it and what to do; empty: they can
    bool captures = false;  ///< false for a node that only gives data about pictures, or takes them
    std::vector<CameraMode> modes;
};

/// The name of a pixel format out of its code, whose bytes are letters, the lowest first: "MJPG". What cannot
/// be printed is left out.
std::string four_letters(std::uint32_t code);

/// Whether this system has device files for cameras that can be asked (Linux: V4L2).
bool can_list_cameras();

/// All of them, by number; empty where can_list_cameras() is false. Takes no pictures.
std::vector<CameraDevice> list_cameras();

/// Why camera `number` cannot be used, and what to do, in one line: it is not there, not permitted, in use by
/// another program, captures nothing. nullopt where nothing is known against it.
std::optional<std::string> camera_problem(int number);

}  // namespace emotion::media
