#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "media/image_files.hpp"
#include "media/made_up_video.hpp"
#include "media/sinks.hpp"

namespace emotion::test {

/// One of the average faces, 240x240.
inline cv::Mat average_face(const std::string& name) {
    const auto path = std::string(EMOTION_SOURCE_DIR) + "/assets/faces/" + name + ".png";
    cv::Mat face = read_image(path, cv::IMREAD_COLOR);
    if (face.empty()) throw std::runtime_error(path + " cannot be read");
    return face;
}

inline cv::Mat background(cv::Size size = {640, 480}) {
    return cv::Mat(size, CV_8UC3, cv::Scalar(110, 100, 90));
}

/// The background with a face at `corner`.
inline cv::Mat picture_of(const std::string& face, cv::Point corner = {200, 120},
                          cv::Mat canvas = background()) {
    const cv::Mat pixels = average_face(face);
    pixels.copyTo(canvas(cv::Rect(corner, pixels.size())));
    return canvas;
}

/// A happy face at rest on the left, an afraid one moving on the right.
inline cv::Mat two_faces(int frame) {
    return picture_of("fear-1", {340 + frame / 2, 100}, picture_of("happy-1", {20, 120}));
}

/// Writes a clip with the project's own sink.
inline void write_clip(const std::filesystem::path& path, int frames,
                       const std::function<cv::Mat(int frame)>& picture, double fps = 25.0) {
    std::unique_ptr<media::FrameSink> sink;
    for (int frame = 0; frame < frames; ++frame) {
        const cv::Mat canvas = picture(frame);
        if (frame == 0) sink = media::make_file_sink(path, video_info(canvas.size(), fps));
        sink->write(frame / fps, canvas);
    }
    sink->finish();
}

}  // namespace emotion::test
