#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::results {

/// A stretch of time.
struct Spell {
    double start_s = 0.0, seconds = 0.0;
};

/// How long a face was in sight and what it showed. The last place of both lists stands for "unsure".
struct FaceSummary {
    double first_s = 0.0, last_s = 0.0;
    std::int64_t frames = 0;
    float least_roll_deg = 0.0f, most_roll_deg = 0.0f;  ///< FaceResult::roll_deg; both 0: never tilted
    std::vector<double> seconds;                        ///< by class
    std::vector<Spell> longest;                         ///< by class; zero seconds: never
};

/// A recording at a glance.
struct RecordingSummary {
    std::string source;
    double seconds = 0.0;
    std::int64_t frames = 0, frames_with_face = 0;
    std::map<int, FaceSummary> faces;  ///< by track
};

/// Sums up the frames of one recording. A frame counts until the next one begins. Not thread-safe.
class SummaryBuilder {
  public:
    SummaryBuilder(std::string source, std::size_t classes);

    /// Frames in order.
    void add(const faces::FrameResult& result);
    /// The last frame stays in sight for `frame_s`.
    RecordingSummary finish(double frame_s);

  private:
    /// What a face showed last, and since when.
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

/// One line of JSON for each summary in an array; faces by track with their tilt, seconds and longest spells
/// by class and "unsure".
std::string summary_json(const std::vector<RecordingSummary>& summaries,
                         const std::vector<std::string>& classes);

/// The same to be read: a paragraph for each recording.
std::string summary_text(const std::vector<RecordingSummary>& summaries,
                         const std::vector<std::string>& classes);

}  // namespace emotion::results
