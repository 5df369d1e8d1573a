#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "media/frame_sink.hpp"

namespace emotion::media {

// The kinds of sink that make_file_sink chooses from; each throws as it does.

/// How a container is written: its muxer's name and the encoders to try, best first; nullptr ends the list.
struct VideoFormat {
    const char* muxer;
    const char* encoders[4];
    bool constant_rate;  ///< it knows frames, not times
    bool in_pieces;      ///< plays without its end only if written in pieces, which finish() puts together
};

std::unique_ptr<FrameSink> make_video_sink(const std::filesystem::path& target, const VideoFormat& format,
                                           const SourceInfo& info, Notes notes);

/// Encoded by OpenCV as the ending says.
std::unique_ptr<FrameSink> make_picture_sink(const std::filesystem::path& target);

}  // namespace emotion::media
