#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::results {

/// Records the labels of faces in spells, and their total durations. A gap between two frames counts as at
/// most pipeline::kMaxCountedGapSeconds. Not thread-safe.
class LabelHistory {
  public:
    static constexpr int kUnsure = -1;
    static constexpr std::size_t kMaxSpells = 10'000;  ///< the oldest are dropped beyond this

    /// An interval in which a face showed one label, or none.
    struct Spell {
        int track = 0;
        int label = kUnsure;  ///< index of a class
        double start_s = 0.0, end_s = 0.0;
    };

    /// `classes`: the number of classes. Drops spells that ended more than `keep_s` ago; 0: keep all.
    explicit LabelHistory(std::size_t classes = 0, double keep_s = 0.0);

    /// Call with frames of one source, in order.
    void add(const faces::FrameResult& result);

    /// Sorted by start.
    const std::deque<Spell>& spells() const { return spells_; }
    /// Per class, with "unsure" last, summed over all faces.
    const std::vector<double>& seconds() const { return seconds_; }
    double now_s() const { return now_s_; }

  private:
    /// The current label of a face.
    struct Current {
        std::size_t spell = 0;  ///< counted from the first ever
        int label = kUnsure;
    };

    double keep_s_;
    std::deque<Spell> spells_;
    std::size_t left_out_ = 0;        ///< dropped spells before the first
    std::map<int, Current> current_;  ///< by track
    std::vector<double> seconds_;
    double now_s_ = 0.0;
};

}  // namespace emotion::results
