#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "media/frame_source.hpp"

namespace emotion::media {

// The kinds of source that open_source chooses from; each throws, and stops waiting, as it does.

/// Whether a name is a stream's address.
bool is_url(std::string_view name);

/// The camera that a name means: "2" and "/dev/video2" both mean number 2; nullopt for any other name.
std::optional<int> camera_number(std::string_view name);

/// What a camera is asked for, first of all for compressed frames (MJPG), as raw ones rarely fit through USB
/// at full rate. It gives what comes nearest.
struct CameraRequest {
    int width = 640, height = 480;
    double fps = 30.0;
};

/// For a main() that opens cameras, before it has any other thread: keeps OpenCV from waiting for ten seconds
/// for a frame, deaf to everything else. An environment variable tells it, which other threads might read
/// while it is set.
void prepare_cameras();

/// A camera by its number; `notes` is told what it gives.
std::unique_ptr<FrameSource> open_camera(const std::string& name, int number,
                                         const CameraRequest& request = {}, const Notes& notes = {},
                                         const std::stop_token& stop = {});

/// The lowest camera number that opens.
std::unique_ptr<FrameSource> open_first_camera(const CameraRequest& request = {}, const Notes& notes = {},
                                               const std::stop_token& stop = {});

/// The best video stream of a file, or of a URL if `remote`, from its second `start_s` on.
std::unique_ptr<FrameSource> open_video(const std::string& name, bool remote, double start_s, Notes notes,
                                        const std::stop_token& stop = {});

/// One picture after the other; those that cannot be read are left out with a note if there are several.
std::unique_ptr<FrameSource> open_pictures(const std::string& name, std::vector<std::filesystem::path> files,
                                           Notes notes);

/// Whether a file's first bytes are those of a picture, rather than of a video or anything else.
bool is_picture_file(const std::filesystem::path& path);

}  // namespace emotion::media
