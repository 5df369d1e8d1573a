#include "apps/emotion_detector_progress.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>

#include <unistd.h>

namespace emotion::apps {

using namespace std::chrono_literals;

Progress::Progress(std::size_t sources)
    : sources_(sources), interval_(::isatty(STDERR_FILENO) ? 5s : 30s), begun_(Clock::now()), told_(begun_) {}

void Progress::start(const SourceInfo& source, std::size_t number) {
    source_ = source;
    number_ = number;
    frames_of_source_ = 0;
}

void Progress::frame_done() {
    ++frames_;
    ++frames_of_source_;
    const auto now = Clock::now();
    if (source_.live || now - told_ < interval_) return;
    told_ = now;
    tell(std::chrono::duration<double>(now - begun_).count());
}

void Progress::tell(double seconds) const {
    std::ostringstream line;
    line << source_.name;
    if (sources_ > 1) line << " (" << number_ << " of " << sources_ << ")";
    if (source_.frames > 1) line << ", frame " << frames_of_source_ << " of " << source_.frames;
    const double rate = static_cast<double>(frames_) / seconds;
    line << ", " << std::fixed << std::setprecision(rate < 10.0 ? 1 : 0) << rate << " frames a second";

    // As if all sources were as long as those so far.
    const double of_source =
        source_.frames > 0
            ? std::min(1.0, static_cast<double>(frames_of_source_) / static_cast<double>(source_.frames))
            : 0.0;
    const double share = (static_cast<double>(number_ - 1) + of_source) / static_cast<double>(sources_);
    if (share > 0.0) line << ", about " << std::llround(seconds * (1.0 - share) / share) << " s left";
    std::cerr << line.str() << '\n';
}

}  // namespace emotion::apps
