#include "apps/emotion_detector_progress.hpp"

#include <cmath>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace emotion::apps {

using namespace std::chrono_literals;

Progress::Progress(std::size_t sources)
    : sources_(sources), interval_(::isatty(STDERR_FILENO) ? 2s : 30s), told_(Clock::now()) {}

void Progress::start(const SourceInfo& source) {
    source_ = source;
    ++source_number_;
    frames_ = 0;
    started_ = Clock::now();
}

void Progress::frame_done() {
    ++frames_;
    const auto now = Clock::now();
    if (source_.live || now - told_ < interval_) return;
    told_ = now;
    tell(now);
}

void Progress::tell(Clock::time_point now) {
    const double seconds = std::chrono::duration<double>(now - started_).count();
    const double rate = static_cast<double>(frames_) / seconds;
    std::ostringstream line;
    line << source_.name;
    if (sources_ > 1) line << " (" << source_number_ << " of " << sources_ << ")";
    line << ": " << frames_;
    if (source_.frames > 0) line << " of " << source_.frames;
    line << " frames, " << std::llround(rate) << " a second";
    if (source_.frames >= frames_)
        line << ", " << std::llround(static_cast<double>(source_.frames - frames_) / rate) << " s left";
    std::cerr << line.str() << '\n';
}

}  // namespace emotion::apps
