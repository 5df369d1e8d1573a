#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emotion::results {

/// The settings changed by keys on a live source, and the last message.
struct ControlState {
    bool paused = false, mirror = false, explain = false;
    bool neutral = false;                 ///< looks at rest are being learned, or are known
    std::optional<double> recording_s{};  ///< length of the current video; nullopt: none is being recorded
    std::vector<std::pair<int, double>> thresholds{};  ///< class index and minimum probability
    std::string message{};                             ///< about the last key; empty: none
    std::int64_t messages = 0;                         ///< number of messages so far
    std::string problem{};                             ///< why there are no new pictures; empty: there are
};

/// Passes keys from other threads to the code that handles keys of the window. Thread-safe.
class RemoteControl {
  public:
    /// Whether the key was accepted: keys are being handled, and fewer than 32 are queued.
    bool press(char key);
    /// The keys pressed since the last call.
    std::string take_keys();

    /// Called by the key handler, with nullopt once it stops handling keys.
    void set_state(std::optional<ControlState> state);
    std::optional<ControlState> state() const;

  private:
    mutable std::mutex mutex_;
    std::string keys_;
    std::optional<ControlState> state_;
};

}  // namespace emotion::results
