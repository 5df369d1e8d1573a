#include "results/serve/label_history.hpp"

#include <utility>

#include "pipeline/label_events.hpp"

namespace emotion::results {

LabelHistory::LabelHistory(std::size_t classes, double keep_s) : keep_s_(keep_s), seconds_(classes + 1) {}

void LabelHistory::add(const faces::FrameResult& result) {
    const double before_s = std::exchange(now_s_, result.time_s);
    const bool had_gap = now_s_ - before_s > pipeline::kMaxCountedGapSeconds;
    const double until_s = had_gap ? before_s + pipeline::kMaxCountedGapSeconds : now_s_;
    const auto last = std::exchange(current_, {});
    for (const auto& [track, shown] : last) {  // a label lasts until the next frame
        seconds_.at(shown.label == kUnsure ? seconds_.size() - 1 : static_cast<std::size_t>(shown.label)) +=
            until_s - before_s;
        if (shown.spell >= left_out_) spells_[shown.spell - left_out_].end_s = until_s;
    }
    for (const auto& face : result.faces) {
        const int label = face.label.value_or(kUnsure);
        const auto known = last.find(face.track);
        const bool continues = !had_gap && known != last.end() && known->second.label == label &&
                               known->second.spell >= left_out_;
        if (!continues) spells_.push_back({face.track, label, now_s_, now_s_});
        current_[face.track] = {continues ? known->second.spell : left_out_ + spells_.size() - 1, label};
    }
    while (!spells_.empty() &&
           (spells_.size() > kMaxSpells || (keep_s_ > 0.0 && spells_.front().end_s < now_s_ - keep_s_))) {
        spells_.pop_front();
        ++left_out_;
    }
}

}  // namespace emotion::results
