#pragma once

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

#include "media/frame_sink.hpp"
#include "media/frame_source.hpp"
#include "support/program.hpp"

namespace emotion::test {

using namespace emotion::media;

/// A uniform frame whose gray level identifies it, even after lossy coding: see number_of().
inline cv::Mat numbered_frame(int number, cv::Size size) {
    return cv::Mat(size, CV_8UC3, cv::Scalar::all(20 + 7 * (number % 32)));
}

/// Modulo 32.
inline int number_of(const cv::Mat& frame) {
    return static_cast<int>(std::lround((cv::mean(frame)[0] - 20) / 7));
}

/// The properties of a 25 fps video of this size.
inline SourceInfo video_info(cv::Size size, double fps = 25.0) {
    SourceInfo info;
    info.name = "made up";
    info.width = size.width;
    info.height = size.height;
    info.fps = fps;
    info.time_base = {1, 12'800};
    return info;
}

inline void write_numbered(FrameSink& sink, int frames, cv::Size size, double fps = 25.0) {
    for (int i = 0; i < frames; ++i) {
        sink.write(i / fps, numbered_frame(i, size));
    }
}

/// Writes a video of numbered frames at 25 fps with the project's own sink.
inline void make_video(const std::filesystem::path& path, int frames, cv::Size size = {64, 48}) {
    const auto sink = make_file_sink(path, video_info(size));
    write_numbered(*sink, frames, size);
    sink->finish();
}

inline std::vector<Frame> all_frames(FrameSource& source) {
    std::vector<Frame> frames;
    while (auto frame = source.next()) frames.push_back(std::move(*frame));
    return frames;
}

/// Runs ffmpeg, which must be installed.
inline void ffmpeg(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-v", "error", "-y", "-nostdin"});
    const auto result = run_program("ffmpeg", arguments);
    if (result.exit_code != 0) throw std::runtime_error("ffmpeg: " + result.err);
}

}  // namespace emotion::test
