#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "faces/frame_result.hpp"
#include "media/frame_source.hpp"
#include "model/model_card.hpp"
#include "results/remote_control.hpp"
#include "results/serve/frame_board.hpp"
#include "results/serve/label_history.hpp"

namespace emotion::results {

/// The state of a run that is served besides its frames: the current source, labels so far, rate, delay and
/// controls. Thread-safe.
class ServedRun {
  public:
    /// References must outlive it; `remote` may be null.
    ServedRun(const model::ModelCard& card, RemoteControl* remote);

    /// Starts a source, discarding the state of the previous one.
    void start(const media::SourceInfo& source);
    /// Adds its next frame, `delay_ms` after its arrival (nullopt: not live), with `dropped` frames in total.
    void add(const faces::FrameResult& result, std::optional<double> delay_ms, std::int64_t dropped,
             cv::Mat picture);

    FrameBoard& board() { return board_; }
    const FrameBoard& board() const { return board_; }
    /// Presses a key of a live source: RemoteControl::press().
    bool press(char key) { return remote_ && remote_->press(key); }
    bool handles_keys() const { return remote_ && remote_->state(); }

    /// {"source":"camera","kind":"live","sources":1,"time_s":12.5,"length_s":null,"rate":29.9,"delay_ms":7.1,
    /// "dropped":0,"seconds":{"happy":3.1,...,"unsure":9.4},"controls":{...} or null}
    std::string status_json() const;
    /// {"source":...,"sources":1,"now_s":12.5,"classes":[{"name":"happy","color":"#e69f00"},...],
    /// "spells":[[track,class or -1,start_s,end_s],...]}: the last five minutes of a live source, all of a
    /// recording.
    std::string history_json() const;

  private:
    using Clock = std::chrono::steady_clock;

    const model::ModelCard& card_;
    RemoteControl* const remote_;
    FrameBoard board_;

    mutable std::mutex mutex_;  // protects the members below
    media::SourceInfo source_;
    int sources_ = 0;  ///< started so far
    LabelHistory history_;
    double interval_s_ = 0.0;  ///< between frames, a running mean; 0: unknown
    double delay_ms_ = 0.0;    ///< likewise
    std::int64_t dropped_ = 0;
    std::optional<Clock::time_point> newest_;
};

}  // namespace emotion::results
