#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "media/address.hpp"
#include "media/frame_source.hpp"

namespace emotion::media {

// The kinds of source that open_source chooses from; each throws, and stops waiting, as it does.

/// The camera that a name means: "2" and "/dev/video2" both mean number 2; nullopt for any other name.
std::optional<int> camera_number(std::string_view name);

/// For a main() that opens cameras, before it has any other thread: keeps OpenCV from waiting for ten seconds
/// for a frame, deaf to everything else. An environment variable tells it, which other threads might read
/// while it is set.
void prepare_cameras();

/// A camera by its number; the notes are told what it gives.
std::unique_ptr<FrameSource> open_camera(const std::string& name, int number,
                                         const OpenOptions& options = {});

/// The lowest camera number that opens.
std::unique_ptr<FrameSource> open_first_camera(const OpenOptions& options = {});

/// The best video stream of a file, or of a URL if `remote`.
std::unique_ptr<FrameSource> open_video(const std::string& name, bool remote, const OpenOptions& options);

/// A picture behind an address, read as one in a file is.
std::unique_ptr<FrameSource> open_remote_picture(const std::string& name, const OpenOptions& options);

/// One picture after the other; those that cannot be read are left out with a note if there are several.
std::unique_ptr<FrameSource> open_pictures(const std::string& name, std::vector<std::filesystem::path> files,
                                           Notes notes);

/// The files of a sequence of numbered pictures, such as "img%04d.jpg" or "img%d.jpg", in the order of their
/// numbers; empty if the name has no such place, or is that of a file, or no file fits.
std::vector<std::filesystem::path> sequence_files(const std::string& name);

/// These pictures as a recording of `fps` frames a second.
std::unique_ptr<FrameSource> open_sequence(const std::string& name, std::vector<std::filesystem::path> files,
                                           double fps, const OpenOptions& options);

/// Whether a file's first bytes are those of a picture, rather than of a video or anything else.
bool is_picture_file(const std::filesystem::path& path);

}  // namespace emotion::media
