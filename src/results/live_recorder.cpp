#include "results/live_recorder.hpp"

#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.hpp"

namespace emotion::results {
namespace {

/// "emotion-20260314-150926.png"; a number is appended if that exists, for example after the clock was set
/// back.
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

std::string LiveRecorder::reported(const std::string& line) const {
    warn_(line);
    return line;
}

void LiveRecorder::write(const faces::FrameResult& result, drawing::Canvas& canvas) {
    if (!video_) return;
    if (video_start_s_ < 0.0) video_start_s_ = result.time_s;
    video_s_ = result.time_s - video_start_s_;
    try {
        video_->write(video_s_, canvas.drawn(canvas.written_view()));
    } catch (const Error& error) {
        reported(error.what());
        toggle_video();
    }
}

void LiveRecorder::finish() {
    if (video_) toggle_video();
}

std::string LiveRecorder::toggle_video() try {
    if (video_) {
        const auto finished = std::exchange(video_, nullptr);
        const auto name = std::exchange(video_name_, {});
        if (video_start_s_ < 0.0) return reported(name + ": not written, because no frame arrived");
        finished->finish();
        return reported(name + ": saved");
    }
    const auto name = name_of_now(".mp4");
    video_ = media::make_file_sink(name, source_, warn_);
    video_name_ = name;
    video_start_s_ = -1.0;
    video_s_ = 0.0;
    return reported(name + ": recording");
} catch (const Error& error) {
    return reported(error.what());
}

std::string LiveRecorder::save_picture(drawing::Canvas& canvas) try {
    const auto name = name_of_now(".png");
    media::SourceInfo still;
    still.name = source_.name;
    still.kind = media::SourceKind::kPicture;
    const auto sink = media::make_file_sink(name, still, warn_);
    sink->write(canvas.result().time_s, canvas.drawn(canvas.written_view()));
    sink->finish();
    return reported(name + ": saved");
} catch (const Error& error) {
    return reported(error.what());
}

}  // namespace emotion::results
