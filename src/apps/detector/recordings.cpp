#include "apps/detector/recordings.hpp"

#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "drawing/mirror.hpp"

namespace emotion::apps {
namespace {

/// "emotion-20260314-150926.png"; with a number behind it where that is taken, as when clocks are set back.
std::string name_of_now(const std::string& ending) {
    const std::time_t now = std::time(nullptr);
    std::tm local = {};
    ::localtime_r(&now, &local);
    char text[32];
    std::strftime(text, sizeof text, "emotion-%Y%m%d-%H%M%S", &local);
    std::string name = text + ending;
    std::error_code unknown;
    for (int number = 2; std::filesystem::exists(name, unknown); ++number)
        name = text + ("-" + std::to_string(number)) + ending;
    return name;
}

}  // namespace

Recordings::Recordings(const media::SourceInfo& info, std::unique_ptr<media::FrameSink> output,
                       media::Notes notes)
    : info_(info), notes_(std::move(notes)), output_(std::move(output)) {}

std::string Recordings::told(const std::string& line) const {
    notes_(line);
    return line;
}

void Recordings::draw(const media::Frame& frame, const faces::FrameResult& result, const KeptStyle& style) {
    frame.bgr.copyTo(canvas_);
    if (style.blur) face_blur_.hide(result, canvas_);
    if (style.mirror) cv::flip(canvas_, canvas_, 1);
    drawing::draw_overlay(style.mirror ? drawing::mirrored(result) : result, style.overlay, canvas_);
}

void Recordings::write(const media::Frame& frame, const faces::FrameResult& result, const KeptStyle& style) {
    if (!output_ && !video_) return;
    draw(frame, result, style);
    if (output_) output_->write(result.time_s, canvas_);
    if (!video_) return;
    if (video_begun_s_ < 0.0) video_begun_s_ = result.time_s;
    video_s_ = result.time_s - video_begun_s_;
    try {
        video_->write(video_s_, canvas_);
    } catch (const Error& error) {
        told(error.what());
        toggle_video();
    }
}

void Recordings::finish() {
    if (video_) toggle_video();
    if (output_) output_->finish();
}

std::string Recordings::toggle_video() try {
    if (video_) {
        const auto finished = std::exchange(video_, nullptr);
        const auto name = std::exchange(video_name_, {});
        if (video_begun_s_ < 0.0) return told(name + ": not written, as no frame came");
        finished->finish();
        return told(name + ": saved");
    }
    const auto name = name_of_now(".mp4");
    video_ = media::make_file_sink(name, info_, notes_);
    video_name_ = name;
    video_begun_s_ = -1.0;
    video_s_ = 0.0;
    return told(name + ": recording");
} catch (const Error& error) {
    return told(error.what());
}

std::string Recordings::save_picture(const media::Frame& frame, const faces::FrameResult& result,
                                     const KeptStyle& style) try {
    const auto name = name_of_now(".png");
    draw(frame, result, style);
    media::SourceInfo still;
    still.name = info_.name;
    const auto sink = media::make_file_sink(name, still, notes_);
    sink->write(result.time_s, canvas_);
    sink->finish();
    return told(name + ": saved");
} catch (const Error& error) {
    return told(error.what());
}

}  // namespace emotion::apps
