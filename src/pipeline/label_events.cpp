#include "pipeline/label_events.hpp"

#include <algorithm>
#include <utility>

namespace emotion::pipeline {

LabelEvents::LabelEvents(std::vector<LabelRule> rules) : rules_(std::move(rules)) {}

std::vector<LabelEvent> LabelEvents::update(const faces::FrameResult& result) {
    std::vector<LabelEvent> events;
    auto before = std::exchange(spells_, {});
    const double unseen_s =
        std::max(0.0, result.time_s - std::exchange(last_s_, result.time_s) - kMaxCountedGapSeconds);
    for (auto& [track, spell] : before) spell.since_s += unseen_s;
    for (const auto& face : result.faces) {
        if (!face.label) continue;
        const auto known = before.find(face.track);
        auto spell = known != before.end() && known->second.label == *face.label
                         ? std::move(known->second)
                         : Spell{*face.label, result.time_s, std::vector<bool>(rules_.size())};
        for (std::size_t i = 0; i < rules_.size(); ++i) {
            if (rules_[i].class_index != spell.label || spell.reported[i] ||
                result.time_s - spell.since_s < rules_[i].seconds)
                continue;
            spell.reported[i] = true;
            events.push_back({i, face, result.time_s});
        }
        spells_[face.track] = std::move(spell);
    }
    return events;
}

}  // namespace emotion::pipeline
