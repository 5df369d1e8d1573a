/// Analyses a clip over and over as one long video, at full speed, and watches the memory.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <opencv2/core/utility.hpp>
#include <sys/resource.h>

#include "pipeline/frame_pipeline.hpp"
#include "vision/frame_source.hpp"

using namespace emotion;

namespace {

/// The most memory that this program ever had, in MB (getrusage counts in KiB, on macOS in bytes).
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

}  // namespace

int main(int argc, char** argv) try {
    std::string clip = EMOTION_SOURCE_DIR "/assets/demo.mp4";
    std::string config_file = EMOTION_SOURCE_DIR "/config/detector.yaml";
    std::string model = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";
    std::int64_t frames = 100'000;
    double limit_mb = 200.0, growth_mb = 5.0;
    CLI::App app("Analyses a clip over and over as one long video and watches the memory");
    app.add_option("CLIP", clip, "Video; default: the demo clip");
    app.add_option("--model", model, "Model card; default: happy-fear");
    app.add_option("--frames", frames, "Frames to analyse; default: 100000");
    app.add_option("--limit-mb", limit_mb, "Memory that may not be exceeded; default: 200");
    app.add_option("--growth-mb", growth_mb, "Growth allowed after the first tenth; default: 5");
    CLI11_PARSE(app, argc, argv);

    cv::setNumThreads(1);
    const auto config = read_detector_config(config_file);
    FramePipeline pipeline(config, make_face_search(config.haar, config.search), load_scorer(model));
    std::int64_t done = 0, faces = 0;
    double begun_s = 0.0, settled_mb = 0.0;
    while (done < frames) {
        const auto source = open_source(clip);
        if (done == 0) pipeline.start(source->info());
        const auto done_before = done;
        double last_s = 0.0;
        while (auto frame = source->next()) {
            last_s = frame->time_s;
            frame->time_s += begun_s;
            frame->index = done;
            FrameTimes times;
            faces += static_cast<std::int64_t>(pipeline.process(*frame, times).faces.size());
            if (++done % std::max<std::int64_t>(1, frames / 10) == 0) {
                if (settled_mb == 0.0) settled_mb = peak_memory_mb();
                std::printf("%8lld frames, %8lld faces, at most %.1f MB\n", static_cast<long long>(done),
                            static_cast<long long>(faces), peak_memory_mb());
                std::fflush(stdout);
            }
            if (done == frames) break;
        }
        if (done == done_before) throw std::runtime_error(clip + " has no frames");
        begun_s += last_s + 1.0 / source->info().fps;
    }
    const bool flat = peak_memory_mb() <= settled_mb + growth_mb && peak_memory_mb() <= limit_mb;
    std::printf("%s\n", flat ? "memory stays flat" : "memory grows, or exceeds its limit");
    return flat ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "soak: %s\n", error.what());
    return 1;
}
