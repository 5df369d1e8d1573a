#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::results {

/// An interval of time.
struct Spell {
    double start_s = 0.0, seconds = 0.0;
};

/// How long a face was visible and which labels it showed. The last element of both vectors is for "unsure".
struct FaceSummary {
    double first_s = 0.0, last_s = 0.0;
    std::int64_t frames = 0;
    float least_roll_deg = 0.0f, most_roll_deg = 0.0f;  ///< FaceResult::roll_deg; both 0: never tilted
    /// When FaceResult::neutral began: its labels are relative to its look at rest; nullopt: never.
    std::optional<double> neutral_from_s;
    std::vector<double> seconds;  ///< per class
    std::vector<Spell> longest;   ///< the longest spell per class; zero seconds: never
};

/// The summary of a recording.
struct RecordingSummary {
    std::string source;
    double seconds = 0.0;
    std::int64_t frames = 0, frames_with_face = 0;
    std::map<int, FaceSummary> faces;  ///< by track
};

/// Builds the summary of a recording. A frame lasts until the next one. Not thread-safe.
class SummaryBuilder {
  public:
    SummaryBuilder(std::string source, std::size_t classes);

    /// Call in frame order.
    void add(const faces::FrameResult& result);
    /// `frame_s` is the duration of the last frame.
    RecordingSummary finish(double frame_s);

  private:
    /// The current label of a face, and since when.
    struct Current {
        std::size_t shown = 0;
        Spell spell;
    };

    void account_for(double seconds);

    std::size_t classes_;
    RecordingSummary summary_;
    std::optional<faces::FrameResult> last_;
    double first_s_ = 0.0;
    std::map<int, Current> current_;
};

/// A JSON array with one line per summary; faces by track with their tilt, when it became known how they
/// look at rest, seconds and longest spells by
/// class and "unsure".
std::string summary_json(const std::vector<RecordingSummary>& summaries,
                         const std::vector<std::string>& classes);

/// The same for readers: a paragraph per recording.
std::string summary_text(const std::vector<RecordingSummary>& summaries,
                         const std::vector<std::string>& classes);

}  // namespace emotion::results
