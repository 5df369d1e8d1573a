/// Analyzes a clip repeatedly as one long video at full speed and monitors memory; optionally as a live
/// source that is lost and reopened at each end of the clip, with labels drawn.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <opencv2/core/utility.hpp>
#include <sys/resource.h>

#include "base/error.hpp"
#include "drawing/overlay.hpp"
#include "faces/face_search.hpp"
#include "media/frame_source.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/live_feed.hpp"

using namespace emotion;
using namespace emotion::drawing;
using namespace emotion::media;
using namespace emotion::pipeline;

namespace {

/// The peak memory of this program in MB (getrusage counts in KiB, on macOS in bytes).
double peak_memory_mb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    constexpr double kUnitsPerMb = 1e6;
#else
    constexpr double kUnitsPerMb = 1e6 / 1024;
#endif
    return static_cast<double>(usage.ru_maxrss) / kUnitsPerMb;
}

/// Counts frames and prints the memory used ten times.
class Watch {
  public:
    explicit Watch(std::int64_t frames) : frames_(frames) {}

    std::int64_t done() const { return done_; }
    bool all_done() const { return done_ >= frames_; }
    void add(const faces::FrameResult& result) {
        faces_ += static_cast<std::int64_t>(result.faces.size());
        if (++done_ % std::max<std::int64_t>(1, frames_ / 10) != 0) return;
        if (settled_mb_ == 0.0) settled_mb_ = peak_memory_mb();
        std::printf("%8lld frames, %8lld faces, at most %.1f MB\n", static_cast<long long>(done_),
                    static_cast<long long>(faces_), peak_memory_mb());
        std::fflush(stdout);
    }
    bool is_flat(double limit_mb, double growth_mb) const {
        return peak_memory_mb() <= settled_mb_ + growth_mb && peak_memory_mb() <= limit_mb;
    }

  private:
    const std::int64_t frames_;
    std::int64_t done_ = 0, faces_ = 0;
    double settled_mb_ = 0.0;  ///< after the first tenth
};

/// A clip as a camera that is unplugged at its end.
class UnpluggedAtTheEnd : public FrameSource {
  public:
    explicit UnpluggedAtTheEnd(const std::string& clip) : source_(open_source(clip)), info_(source_->info()) {
        info_.kind = SourceKind::kLive;
    }
    const SourceInfo& info() const override { return info_; }
    std::optional<Frame> next() override {
        auto frame = source_->next();
        if (!frame) throw Error(info_.name + ": unplugged");
        frame->gray.release();  // cameras provide none
        return frame;
    }

  private:
    std::unique_ptr<FrameSource> source_;
    SourceInfo info_;
};

void work_live(const std::string& clip, FramePipeline& pipeline, Watch& watch) {
    using namespace std::chrono_literals;
    OverlayStyle style{pipeline.card().classes, {}, 0.0};
    for (const auto& shown : pipeline.card().shown) style.shown.push_back(shown.class_index);
    LiveFeed feed([&] { return std::make_unique<UnpluggedAtTheEnd>(clip); }, {false, 1ms, 1ms});
    cv::Mat canvas;
    while (!watch.all_done()) {
        const auto arrived = feed.take(100ms);
        const auto state = feed.state();
        if (state.phase == FeedState::Phase::kFailed) throw std::runtime_error(state.problem);
        if (!arrived) continue;
        if (watch.done() == 0) pipeline.start(*state.info);
        FrameTimes times;
        const auto result = pipeline.process(arrived->frame, times);
        arrived->frame.bgr.copyTo(canvas);
        draw_overlay(result, style, canvas);
        watch.add(result);
    }
    std::printf("the clip was opened %d times\n", feed.state().openings);
}

void work_recorded(const std::string& clip, FramePipeline& pipeline, Watch& watch) {
    double begun_s = 0.0;
    while (!watch.all_done()) {
        const auto source = open_source(clip);
        if (watch.done() == 0) pipeline.start(source->info());
        const auto done_before = watch.done();
        double last_s = 0.0;
        while (auto frame = watch.all_done() ? std::nullopt : source->next()) {
            last_s = frame->time_s;
            frame->time_s += begun_s;
            frame->index = watch.done();
            FrameTimes times;
            watch.add(pipeline.process(*frame, times));
        }
        if (watch.done() == done_before) throw std::runtime_error(clip + " has no frames");
        begun_s += last_s + 1.0 / source->info().fps;
    }
}

}  // namespace

int main(int argc, char** argv) try {
    std::string clip = EMOTION_SOURCE_DIR "/assets/demo.mp4";
    std::string config_file = EMOTION_SOURCE_DIR "/config/detector.yaml";
    std::string model = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";
    std::int64_t frames = 100'000;
    double limit_mb = 200.0, growth_mb = 5.0;
    bool live = false;
    CLI::App app("Analyses a clip over and over as one long video and watches the memory");
    app.add_option("CLIP", clip, "Video; default: the demo clip");
    app.add_option("--model", model, "Model card; default: happy-fear");
    app.add_option("--frames", frames, "Frames to analyse; default: 100000");
    app.add_option("--limit-mb", limit_mb, "Memory that may not be exceeded; default: 200");
    app.add_option("--growth-mb", growth_mb, "Growth allowed after the first tenth; default: 5");
    app.add_flag("--live", live, "As a live source that breaks off at each end of the clip, labels drawn");
    CLI11_PARSE(app, argc, argv);

    cv::setNumThreads(1);
    const auto config = read_detector_config(config_file);
    FramePipeline pipeline(config, make_face_search(config.haar, config.search), model::load_scorer(model));
    Watch watch(frames);
    (live ? work_live : work_recorded)(clip, pipeline, watch);
    const bool flat = watch.is_flat(limit_mb, growth_mb);
    std::printf("%s\n", flat ? "memory stays flat" : "memory grows, or exceeds its limit");
    return flat ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return 1;
}
