#include "apps/detector/progress.hpp"

#include <algorithm>
#include <filesystem>

#include "base/seconds.hpp"

namespace emotion::apps {
namespace {

double share_of(std::int64_t done, std::int64_t all) {
    return all > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(all)) : 0.0;
}

}  // namespace

RecordingProgress::RecordingProgress(std::size_t sources, std::optional<std::int64_t> most_frames,
                                     Progress::Style style)
    : sources_(sources),
      most_frames_(most_frames),
      now_([] { return Progress::Clock::now(); }),
      started_(now_()),
      progress_(style) {}

RecordingProgress::RecordingProgress(std::size_t sources, std::optional<std::int64_t> most_frames,
                                     const Target& target)
    : sources_(sources),
      most_frames_(most_frames),
      now_(target.now),
      started_(now_()),
      progress_(target.style, target.out, target.columns, target.now) {}

void RecordingProgress::start(const std::string& name, std::int64_t frames, std::size_t number) {
    number_ = number;
    frames_before_ += frames_done_;
    frames_done_ = 0;
    frames_ = most_frames_ && frames > 0 ? std::min(frames, *most_frames_ - frames_before_) : frames;
    const auto file = std::filesystem::path(name).filename().string();
    progress_.start(file.empty() ? name : file, frames_, "frames");
}

void RecordingProgress::frame_done() {
    ++frames_done_;
    progress_.update(frames_done_, of_all_sources());
}

/// Assumes that the remaining sources take as long as the previous ones.
std::string RecordingProgress::of_all_sources() const {
    if (sources_ < 2) return "";
    auto text = "source " + std::to_string(number_) + " of " + std::to_string(sources_);
    double share =
        (static_cast<double>(number_ - 1) + share_of(frames_done_, frames_)) / static_cast<double>(sources_);
    if (most_frames_) share = std::max(share, share_of(frames_before_ + frames_done_, *most_frames_));
    if (share > 0.0)
        text +=
            ", " + duration_text(seconds_between(started_, now_()) * (1.0 - share) / share) + " left in all";
    return text;
}

}  // namespace emotion::apps
