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

// The sources used by open_source(), which throw and stop waiting as it does.

/// The camera number of a name: "2" and "/dev/video2" are both number 2; nullopt for other names.
std::optional<int> camera_number(std::string_view name);

/// To be called in main() before starting any thread if cameras will be opened: keeps OpenCV from blocking
/// ten seconds for a frame. Sets an environment variable, which is not safe while other threads read the
/// environment.
void prepare_cameras();

/// A camera by number; its mode is reported to `warn`.
std::unique_ptr<FrameSource> open_camera(const std::string& name, int number,
                                         const OpenOptions& options = {});

/// The lowest camera number that opens.
std::unique_ptr<FrameSource> open_first_camera(const OpenOptions& options = {});

/// Whether a name is that of a pipe: a FIFO, or standard input that is one or a socket. It is read once, as a
/// live stream.
bool is_pipe(const std::string& name);

/// The best video stream of a file, or of a URL or pipe if `remote`.
std::unique_ptr<FrameSource> open_video(const std::string& name, bool remote, const OpenOptions& options);

/// Whether a file is a video that stores no times: the bare stream of an encoder, or pictures in sequence.
bool is_video_without_times(const std::filesystem::path& file);

/// A picture at a URL, read like one in a file.
std::unique_ptr<FrameSource> open_remote_picture(const std::string& name, const OpenOptions& options);

/// Pictures in sequence; if there are several, unreadable ones are skipped with a warning.
std::unique_ptr<FrameSource> open_pictures(const std::string& name, std::vector<std::filesystem::path> files,
                                           WarningHandler warn);

/// The files of numbered pictures, such as "img%04d.jpg" or "img%d.jpg", sorted by number; empty if the name
/// has no such number, is an existing file, or no file matches.
std::vector<std::filesystem::path> sequence_files(const std::string& name);

/// The pictures as a recording of `fps` frames per second.
std::unique_ptr<FrameSource> open_sequence(const std::string& name, std::vector<std::filesystem::path> files,
                                           double fps, const OpenOptions& options);

/// Whether OpenOptions::fps may have an effect on the source of this name: numbered pictures, videos in files
/// that store no times, and pipes, of which only reading shows whether they do.
bool takes_fps(const std::string& name);

/// Whether a file is to be read as a picture: it starts with the magic bytes of a format, including those
/// that only lead to an error with advice.
bool is_picture_file(const std::filesystem::path& path);

}  // namespace emotion::media
