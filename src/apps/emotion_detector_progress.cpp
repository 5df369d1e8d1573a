#include "apps/emotion_detector_progress.hpp"

#include <algorithm>
#include <filesystem>

namespace emotion::apps {

RecordingProgress::RecordingProgress(std::size_t sources, Progress::Style style)
    : sources_(sources), begun_(Progress::Clock::now()), progress_(style) {}

void RecordingProgress::start(const SourceInfo& source, std::size_t number) {
    number_ = number;
    frames_ = source.frames;
    frames_done_ = 0;
    progress_.start(std::filesystem::path(source.name).filename().string(), frames_, "frames");
}

void RecordingProgress::frame_done() {
    ++frames_done_;
    progress_.update(frames_done_, of_all_sources());
}

/// As if all sources took as long as those so far.
std::string RecordingProgress::of_all_sources() const {
    if (sources_ < 2) return "";
    auto text = "source " + std::to_string(number_) + " of " + std::to_string(sources_);
    const double of_source =
        frames_ > 0 ? std::min(1.0, static_cast<double>(frames_done_) / static_cast<double>(frames_)) : 0.0;
    const double share = (static_cast<double>(number_ - 1) + of_source) / static_cast<double>(sources_);
    const std::chrono::duration<double> passed = Progress::Clock::now() - begun_;
    if (share > 0.0) text += ", " + duration_text(passed.count() * (1.0 - share) / share) + " left in all";
    return text;
}

}  // namespace emotion::apps
