#pragma once

#include <string>
#include <vector>

#include "results/frame_output.hpp"
#include "results/output_table.hpp"
#include "results/text_output.hpp"

namespace emotion::results {

/// The labels of a recording as subtitles: SubRip for names ending in .srt, WebVTT for .vtt. A cue lasts as
/// long as the labels do not change and shows their mean confidences; with several faces it gives their
/// positions: "left: happy (93%)".
class Subtitles : public FrameOutput {
  public:
    /// Throws ConfigError for any other extension.
    static void check_name(const std::string& target);

    /// Throws as check_name() does, and Error if `target` cannot be written.
    Subtitles(const std::string& target, const OutputContext& context);

    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;
    void end(const SourceEnd& how) override;
    void finish() override { file_.finish(); }

  private:
    struct Line {
        std::string who, label;
        double confidence_sum = 0.0;
        bool same_as(const Line& other) const { return who == other.who && label == other.label; }
    };

    std::vector<Line> lines_of(const faces::FrameResult& result) const;
    void end_cue(double time_s);

    std::vector<std::string> classes_;
    bool web_vtt_;
    TextOutput file_;
    std::vector<Line> shown_;
    int shown_frames_ = 0, cues_ = 0;
    double shown_since_s_ = 0.0, last_s_ = 0.0;
};

}  // namespace emotion::results
