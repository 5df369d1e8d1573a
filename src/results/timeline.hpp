#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "drawing/chart.hpp"
#include "results/frame_output.hpp"
#include "results/output_table.hpp"

namespace emotion::results {

/// A recording as one picture: for each face a portrait, its labels over time and their durations; PNG or SVG
/// by extension. Time is divided into steps that grow with the length of the recording, so memory use is
/// bounded.
class Timeline : public FrameOutput {
  public:
    /// Throws ConfigError for any other extension.
    static void check_name(const std::string& target);

    /// Throws as check_name() does, and Error if `target` cannot be written.
    Timeline(const std::string& target, const OutputContext& context);

    void start(const media::SourceInfo& source) override { source_ = source.name; }
    /// Portraits are blurred if faces in written frames are.
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;
    void end(const SourceEnd& how) override;
    void finish() override;

  private:
    /// The labels of a face in a step: seconds by class, "unsure" last, and their confidence.
    struct Step {
        std::vector<double> seconds;
        double confidence_seconds = 0.0;
        void add(const Step& other);
    };
    struct Face {
        std::map<int, Step> steps;  ///< by step number
        cv::Mat portrait;
        double portrait_score = 0.0;
        double seconds() const;
    };

    void account_for(double seconds);
    void widen_steps();
    void take_portrait(Face& face, const faces::FaceResult& seen, const cv::Mat& bgr);
    drawing::Color color_of(std::size_t shown) const;
    drawing::Chart chart() const;
    void draw_legend(drawing::Chart& chart) const;
    void draw_face(drawing::Chart& chart, int number, const Face& face, double top) const;
    void draw_plot(drawing::Chart& chart, const Face& face, double top) const;
    void draw_time_axis(drawing::Chart& chart, double top) const;

    OutputFile file_;
    bool svg_;
    std::string source_;
    std::vector<std::string> classes_;
    std::vector<int> shown_;
    std::map<int, Face> faces_;  ///< by track
    std::optional<faces::FrameResult> last_;
    double step_s_, first_s_ = 0.0, end_s_ = 0.0;
};

}  // namespace emotion::results
