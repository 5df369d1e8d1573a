#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "media/frame_sink.hpp"

namespace emotion::media {

// The sinks used by make_file_sink(), which throw as it does.

/// How to write a container: the muxer and the encoders to try, best first; nullptr ends the list.
struct VideoFormat {
    const char* muxer;
    const char* encoders[4];
    bool constant_rate;  ///< has frame numbers instead of times
    bool in_pieces;      ///< playable while incomplete only if fragmented; finish() joins the fragments
};

std::unique_ptr<FrameSink> make_video_sink(const std::filesystem::path& target, const VideoFormat& format,
                                           const SourceInfo& info, WarningHandler warn);

/// Encoded by OpenCV according to the extension.
std::unique_ptr<FrameSink> make_picture_sink(const std::filesystem::path& target);

}  // namespace emotion::media
