#include "results/recording_summary.hpp"

#include <algorithm>
#include <utility>

#include "base/formatted.hpp"
#include "results/json_text.hpp"

namespace emotion::results {
namespace {

double share(const RecordingSummary& summary) {
    return summary.frames > 0
               ? static_cast<double>(summary.frames_with_face) / static_cast<double>(summary.frames)
               : 0.0;
}

/// The labels shown at least once in `face`, with "unsure" last.
std::vector<std::pair<std::size_t, std::string>> shown_by(const FaceSummary& face,
                                                          const std::vector<std::string>& classes) {
    std::vector<std::pair<std::size_t, std::string>> shown;
    for (std::size_t i = 0; i < face.seconds.size(); ++i)
        if (face.longest[i].seconds > 0.0) shown.emplace_back(i, i < classes.size() ? classes[i] : "unsure");
    return shown;
}

Json face_json(int track, const FaceSummary& face, const std::vector<std::string>& classes) {
    Json seconds = Json::object(), longest = Json::object();
    for (const auto& [index, name] : shown_by(face, classes)) {
        seconds[name] = milliseconds(face.seconds[index]);
        longest[name] = {{"start_s", milliseconds(face.longest[index].start_s)},
                         {"seconds", milliseconds(face.longest[index].seconds)}};
    }
    return {
        {"track", track},
        {"first_s", milliseconds(face.first_s)},
        {"last_s", milliseconds(face.last_s)},
        {"frames", face.frames},
        {"roll_deg",
         {{"least", rounded(face.least_roll_deg, 1e1)}, {"most", rounded(face.most_roll_deg, 1e1)}}},
        {"neutral_from_s", face.neutral_from_s ? Json(milliseconds(*face.neutral_from_s)) : Json(nullptr)},
        {"seconds", std::move(seconds)},
        {"longest", std::move(longest)}};
}

/// From which to which angle the head was tilted; empty for one that was upright throughout.
std::string tilt_text(const FaceSummary& face) {
    if (face.least_roll_deg == 0.0f && face.most_roll_deg == 0.0f) return "";
    return formatted(", tilted by %.0f to %.0f degrees", face.least_roll_deg, face.most_roll_deg);
}

/// From when on it was known how the face looks at rest; empty if it never was.
std::string neutral_text(const FaceSummary& face) {
    if (!face.neutral_from_s) return "";
    return formatted(", labeled relative to its look at rest from %.1f s on", *face.neutral_from_s);
}

}  // namespace

SummaryBuilder::SummaryBuilder(std::string source, std::size_t classes) : classes_(classes) {
    summary_.source = std::move(source);
}

void SummaryBuilder::add(const faces::FrameResult& result) {
    if (last_)
        account_for(result.time_s - last_->time_s);
    else
        first_s_ = result.time_s;
    ++summary_.frames;
    summary_.frames_with_face += !result.faces.empty();
    last_ = result;
}

RecordingSummary SummaryBuilder::finish(double frame_s) {
    if (last_) {
        account_for(frame_s);
        summary_.seconds = last_->time_s + frame_s - first_s_;
    }
    return std::move(summary_);
}

/// Adds `seconds`, the duration of the last frame.
void SummaryBuilder::account_for(double seconds) {
    const double begin_s = last_->time_s;
    std::map<int, Current> current;
    for (const auto& shown_face : last_->faces) {
        const auto shown = shown_face.label ? static_cast<std::size_t>(*shown_face.label) : classes_;
        const auto [entry, is_new] = summary_.faces.try_emplace(shown_face.track);
        auto& face = entry->second;
        if (is_new) {
            face.first_s = begin_s;
            face.seconds.resize(classes_ + 1);
            face.longest.resize(classes_ + 1);
        }
        face.last_s = begin_s + seconds;
        ++face.frames;
        face.least_roll_deg = std::min(face.least_roll_deg, shown_face.roll_deg);
        face.most_roll_deg = std::max(face.most_roll_deg, shown_face.roll_deg);
        if (shown_face.neutral && !face.neutral_from_s) face.neutral_from_s = begin_s;
        face.seconds[shown] += seconds;

        const auto before = current_.find(shown_face.track);
        const bool continues = before != current_.end() && before->second.shown == shown;
        Spell spell = continues ? before->second.spell : Spell{begin_s, 0.0};
        spell.seconds += seconds;
        if (spell.seconds > face.longest[shown].seconds) face.longest[shown] = spell;
        current[shown_face.track] = {shown, spell};
    }
    current_ = std::move(current);
}

std::string summary_json(const std::vector<RecordingSummary>& summaries,
                         const std::vector<std::string>& classes) {
    std::string text = "[";
    for (const auto& summary : summaries) {
        Json faces = Json::array();
        for (const auto& [track, face] : summary.faces) faces.push_back(face_json(track, face, classes));
        const Json json = {{"source", summary.source},
                           {"seconds", milliseconds(summary.seconds)},
                           {"frames", summary.frames},
                           {"frames_with_face", summary.frames_with_face},
                           {"share_with_face", rounded(share(summary), 1e4)},
                           {"faces", std::move(faces)}};
        text += (&summary == &summaries.front() ? "\n" : ",\n") + json_text(json);
    }
    return text + "\n]\n";
}

std::string summary_text(const std::vector<RecordingSummary>& summaries,
                         const std::vector<std::string>& classes) {
    std::string text;
    for (const auto& summary : summaries) {
        text += summary.source + formatted(": %.1f s, ", summary.seconds) + std::to_string(summary.frames) +
                formatted(" frames, a face in %.0f%% of them\n", 100.0 * share(summary));
        for (const auto& [track, face] : summary.faces) {
            text += formatted("  face %d, from %.1f to %.1f s", track, face.first_s, face.last_s) +
                    tilt_text(face) + neutral_text(face) + ":\n";
            for (const auto& [index, name] : shown_by(face, classes))
                text += "    " + name +
                        formatted(": %.1f s, at most %.1f s at a time, from %.1f s on\n", face.seconds[index],
                                  face.longest[index].seconds, face.longest[index].start_s);
        }
    }
    return text;
}

}  // namespace emotion::results
