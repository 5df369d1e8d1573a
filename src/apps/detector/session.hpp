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

/// The settings of --config with overrides from the command line. Throws ConfigError.
pipeline::DetectorConfig effective_config(const DetectorOptions& options);

/// A run of the detector: what its sources share, and their outcome. Must be created before the program
/// starts any thread. Not thread-safe.
class Session {
  public:
    /// Reads settings and model, finds the sources and opens shared resources. `window` replaces the window
    /// on screen. Throws Error.
    explicit Session(const DetectorOptions& options, Progress::Style progress = Progress::Style::kQuiet,
                     std::unique_ptr<Window> window = nullptr);

    const DetectorOptions& options() const { return options_; }
    const pipeline::DetectorConfig& config() const { return config_; }
    pipeline::FramePipeline& pipeline() { return pipeline_; }
    pipeline::RunStats& stats() { return stats_; }
    RecordingProgress& progress() { return progress_; }
    Display& display() { return display_; }
    results::RemoteControl& remote() { return remote_; }
    /// Whether a page in the browser is served, whose buttons act as keys.
    bool is_served() const { return options_.outputs.contains("--serve"); }
    /// Opened by the first call; null if there is none.
    Window* window();

    /// Calls `watch` for each source; a failing one is reported on stderr in one line, and the others are
    /// still processed. Then finishes the shared outputs. Returns the exit code. Throws Error if it cannot
    /// continue.
    int run(const std::function<void(const Source&, Session&)>& watch);
    /// The number of the current source, from 1.
    std::size_t source_number() const { return outcome_.started; }

    /// Whether the user or a signal has requested a stop, or the maximum number of frames is reached.
    bool stopped() const;
    bool has_all_frames() const;
    /// Records that the current source, a recording, was not processed to its end.
    void leave_recording();

    /// Reports each option without effect on `source`, which turned out to be live; the run then fails.
    void note_live(const Source& source);

    /// OutputPlan::claim.
    results::OutputTargets claim(const Source& source, bool is_picture) {
        return plan_.claim(source, is_picture);
    }
    results::OutputContext output_context(results::Scope scope);
    drawing::OverlayStyle overlay_style(double fps = 0.0) const;

    /// As in OutputSet, for the shared outputs. The run ends once they cannot be written.
    void start_shared(const media::SourceInfo& source) { shared_.start(source); }
    void write_shared(const faces::FrameResult& result, drawing::Canvas& canvas);
    void end_shared(const results::SourceEnd& how, results::ErrorCollector& errors) {
        shared_.end(how, errors);
    }

  private:
    /// The outcome of the sources so far.
    struct Outcome {
        std::size_t started = 0;          ///< the number of sources, with the current one
        std::vector<std::string> failed;  ///< their names
        bool cut_short = false;           ///< a recording, by a signal
        bool left_out = false;            ///< an option that was given, as the source is live
        bool shared_failed = false;       ///< a shared output, so the run cannot continue
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
    Outcome outcome_;
};

}  // namespace emotion::apps
