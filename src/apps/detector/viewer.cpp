#include "apps/detector/viewer.hpp"

#include <algorithm>
#include <thread>

namespace emotion::apps {

using namespace std::chrono_literals;

void Pace::wait(double time_s, const std::function<void(std::chrono::milliseconds)>& idle) {
    if (!first_s_) first_s_ = time_s;
    const auto due = started_ + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(time_s - *first_s_));
    for (auto now = Clock::now(); now < due && !session_.stopped(); now = Clock::now())
        idle(std::min(20ms, std::chrono::ceil<std::chrono::milliseconds>(due - now)));
}

void ProgressViewer::wait_until_due(double time_s) {
    if (pace_) pace_->wait(time_s, [](auto duration) { std::this_thread::sleep_for(duration); });
}

void RecordingViewer::wait_until_due(double time_s) {
    if (pace_) pace_->wait(time_s, [&](auto duration) { window_.process_events(duration); });
}

void RecordingViewer::show(const pipeline::AnalyzedFrame&, drawing::Canvas& canvas) {
    window_.show(canvas.drawn(canvas.written_view()));
}

}  // namespace emotion::apps
