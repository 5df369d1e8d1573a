#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::results {

/// What faces showed so far: in spells, and how long in all. Of the time between two frames a second counts
/// at most: nobody saw what a face showed while a camera was away. Not thread-safe.
class LabelHistory {
  public:
    static constexpr int kUnsure = -1;
    static constexpr std::size_t kMostSpells = 10'000;  ///< the oldest are left out beyond

    /// A face that showed one label, or none, for a while.
    struct Spell {
        int track = 0;
        int label = kUnsure;  ///< index of a class
        double start_s = 0.0, end_s = 0.0;
    };

    /// `classes`: how many the model has. Spells that ended more than `keep_s` ago are left out; 0: none.
    explicit LabelHistory(std::size_t classes = 0, double keep_s = 0.0);

    /// Frames of one source, in order.
    void add(const faces::FrameResult& result);

    /// By their beginning.
    const std::deque<Spell>& spells() const { return spells_; }
    /// By class, "unsure" last, of all faces together.
    const std::vector<double>& seconds() const { return seconds_; }
    double now_s() const { return now_s_; }

  private:
    /// What a face shows in the newest frame.
    struct Current {
        std::size_t spell = 0;  ///< counted from the first ever
        int label = kUnsure;
    };

    double keep_s_;
    std::deque<Spell> spells_;
    std::size_t left_out_ = 0;        ///< spells before the first that is kept
    std::map<int, Current> current_;  ///< by track
    std::vector<double> seconds_;
    double now_s_ = 0.0;
};

}  // namespace emotion::results
