#include "pipeline/newest_frame.hpp"

#include <utility>

namespace emotion::pipeline {

void NewestFrame::put(ArrivedFrame frame) {
    {
        const std::lock_guard lock(mutex_);
        frame_ = std::move(frame);
    }
    changed_.notify_one();
}

std::optional<ArrivedFrame> NewestFrame::take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return frame_ || closed_; });
    return std::exchange(frame_, std::nullopt);
}

void NewestFrame::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace emotion::pipeline
