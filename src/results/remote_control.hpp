#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace emotion::results {

/// What keys have switched on a live source, and what they have just done.
struct ControlState {
    bool paused = false, mirror = false, explain = false;
    bool neutral = false;                              ///< resting faces are being gathered, or are kept
    std::optional<double> recording_s{};               ///< how long the video at work is; nullopt: none is
    std::vector<std::pair<int, double>> thresholds{};  ///< class index and least probability shown, each
    std::string message{};                             ///< what a key has just done; empty: nothing
    std::int64_t messages = 0;                         ///< so far
    std::string problem{};                             ///< why no new pictures come; empty: they do
};

/// Brings keys from wherever to who handles those of the window. Threads may share it.
class RemoteControl {
  public:
    /// Whether the key was taken: somebody handles keys, and fewer than 32 wait.
    bool press(char key);
    /// The keys pressed since the last call.
    std::string take_keys();

    /// To be called by who handles keys, and with nullopt when nobody does any longer.
    void set_state(std::optional<ControlState> state);
    std::optional<ControlState> state() const;

  private:
    mutable std::mutex mutex_;
    std::string keys_;
    std::optional<ControlState> state_;
};

}  // namespace emotion::results
