#include "results/remote_control.hpp"

namespace emotion::results {
namespace {

constexpr std::size_t kMaxQueued = 32;

}  // namespace

bool RemoteControl::press(char key) {
    const std::lock_guard lock(mutex_);
    if (!state_ || keys_.size() >= kMaxQueued) return false;
    keys_ += key;
    return true;
}

std::string RemoteControl::take_keys() {
    const std::lock_guard lock(mutex_);
    return std::exchange(keys_, {});
}

void RemoteControl::set_state(std::optional<ControlState> state) {
    const std::lock_guard lock(mutex_);
    state_ = std::move(state);
    if (!state_) keys_.clear();
}

std::optional<ControlState> RemoteControl::state() const {
    const std::lock_guard lock(mutex_);
    return state_;
}

}  // namespace emotion::results
