#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/common/source_list.hpp"
#include "apps/detector/options.hpp"
#include "apps/detector/output_plan.hpp"
#include "apps/detector/progress.hpp"
#include "apps/detector/window.hpp"
#include "pipeline/detector_config.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/run_stats.hpp"
#include "results/output_set.hpp"
#include "results/remote_control.hpp"

namespace emotion::apps {

/// The settings of --config with those of the command line in their place. Throws ConfigError.
pipeline::DetectorConfig effective_config(const DetectorOptions& options);

/// One run of the detector: what its sources share, and what became of them. To be made before the program
/// has any other thread. Not thread-safe.
class Session {
  public:
    /// Reads settings and model, finds the sources and opens what they share. `window`: where frames are
    /// shown instead of on the screen. Throws Error.
    explicit Session(const DetectorOptions& options, Progress::Style progress = Progress::Style::kQuiet,
                     std::unique_ptr<Window> window = nullptr);

    const DetectorOptions& options() const { return options_; }
    const pipeline::DetectorConfig& config() const { return config_; }
    pipeline::FramePipeline& pipeline() { return pipeline_; }
    pipeline::RunStats& stats() { return stats_; }
    RecordingProgress& progress() { return progress_; }
    Display& display() { return display_; }
    results::RemoteControl& remote() { return remote_; }
    /// Whether live sources have a page in the browser, whose buttons are keys.
    bool is_served() const { return options_.outputs.contains("--serve"); }
    /// Opened by the first call; null: there is none.
    Window* window();

    /// Calls `watch` for one source after the other; one that fails is reported in a line on stderr and the
    /// others are done. Then finishes the shared outputs. Returns the exit code. Throws Error where nothing
    /// more can be done.
    int run(const std::function<void(const Source&, Session&)>& watch);
    /// Which of the sources is at work, from 1.
    std::size_t source_number() const { return source_number_; }

    /// Whether the user or a signal wants the run to end, or it has all frames it was to have.
    bool stopped() const;
    bool has_all_frames() const;
    /// The source at work was a recording that did not come to its end.
    void leave_recording();

    /// OutputPlan::claim.
    results::OutputTargets claim(const Source& source, bool is_picture) {
        return plan_.claim(source, is_picture);
    }
    results::OutputContext output_context(results::Scope scope);
    drawing::OverlayStyle overlay_style(double fps = 0.0) const;

    /// OutputSet's of the outputs that all sources share. Once they cannot be written the run ends.
    void start_shared(const media::SourceInfo& source) { shared_.start(source); }
    void write_shared(const faces::FrameResult& result, drawing::Canvas& canvas);
    void end_shared(const results::SourceEnd& how, results::ErrorCollector& errors) {
        shared_.end(how, errors);
    }

  private:
    /// What became of the sources so far.
    struct Outcome {
        std::vector<std::string> failed;  ///< their names
        bool cut_short = false;           ///< a recording, by a signal
        bool shared_failed = false;       ///< an output of all sources: there is no use in going on
    };

    void run_source(const Source& source, const std::function<void(const Source&, Session&)>& watch);

    const DetectorOptions options_;
    Display display_;  // before anything that may start a thread
    OutputPlan plan_;
    const pipeline::DetectorConfig config_;
    const std::vector<Source> sources_;
    pipeline::FramePipeline pipeline_;
    pipeline::RunStats stats_;
    results::RemoteControl remote_;
    results::OutputSet shared_;
    RecordingProgress progress_;
    std::size_t source_number_ = 0;
    Outcome outcome_;
};

}  // namespace emotion::apps
