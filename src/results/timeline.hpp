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

/// A recording as one picture: for each face its portrait, what it showed over time and for how long; PNG or
/// SVG as the name ends. Times are kept in steps that widen with the recording's length, so memory does not
/// grow with it.
class Timeline : public FrameOutput {
  public:
    /// Throws ConfigError if a file for a timeline does not end so.
    static void check_name(const std::string& target);

    /// Throws as check_name does, and Error if `target` cannot be written.
    Timeline(const std::string& target, const OutputContext& context);

    void start(const media::SourceInfo& source) override { source_ = source.name; }
    /// Portraits are blurred where faces are in what is written.
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;
    void end(const SourceEnd& how) override;
    void finish() override;

  private:
    /// What a face showed in a step of time: seconds by class, "unsure" last, and the confidence over them.
    struct Step {
        std::vector<double> seconds;
        double confidence_seconds = 0.0;
        void add(const Step& other);
    };
    struct Face {
        std::map<int, Step> steps;  ///< by number, from the start of the recording
        cv::Mat portrait;
        double portrait_worth = 0.0;
        double seconds() const;
    };

    void account_for(double seconds);
    void widen_steps();
    void take_portrait(Face& face, const faces::FaceResult& seen, const cv::Mat& bgr);
    drawing::Color color_of(std::size_t shown) const;
    drawing::Chart chart() const;
    void draw_legend(drawing::Chart& chart) const;
    void draw_face(drawing::Chart& chart, int number, const Face& face, double top) const;
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
