#include "apps/detector/viewer.hpp"

#include <algorithm>

namespace emotion::apps {

using namespace std::chrono_literals;

void RecordingViewer::wait_until_due(double time_s) {
    if (!session_.options().outputs.empty()) return;
    if (!first_s_) first_s_ = time_s;
    const auto due = begun_ + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(time_s - *first_s_));
    for (auto now = Clock::now(); now < due && !session_.stopped(); now = Clock::now())
        window_.process_events(std::min(20ms, std::chrono::ceil<std::chrono::milliseconds>(due - now)));
}

void RecordingViewer::show(const pipeline::AnalyzedFrame&, drawing::Canvas& canvas) {
    window_.show(canvas.drawn(canvas.written_view()));
}

}  // namespace emotion::apps
