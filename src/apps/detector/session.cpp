#include "apps/detector/session.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <utility>

#include <opencv2/core/utility.hpp>

#include "apps/common/source_problem.hpp"
#include "apps/detector/sources.hpp"
#include "apps/detector/stop_signal.hpp"
#include "base/seconds.hpp"
#include "faces/face_search.hpp"
#include "results/label_commands.hpp"

namespace emotion::apps {

using Clock = std::chrono::steady_clock;

pipeline::DetectorConfig effective_config(const DetectorOptions& options) {
    auto config = pipeline::read_detector_config(options.config);
    if (options.min_face_px) config.haar.min_face_px = *options.min_face_px;
    config.validate();
    return config;
}

namespace {

/// Reads the cascade and the model at the same time.
pipeline::FramePipeline make_pipeline(const pipeline::DetectorConfig& config,
                                      const std::filesystem::path& card) {
    auto search =
        std::async(std::launch::async, [&] { return faces::make_face_search(config.haar, config.search); });
    auto scorer = model::load_scorer(card);
    return {config, search.get(), std::move(scorer)};
}

}  // namespace

Session::Session(const DetectorOptions& options, Progress::Style progress, std::unique_ptr<Window> window)
    : options_(options),
      display_(options.headless, std::move(window)),
      plan_(options.outputs, several(options.sources)),
      config_(effective_config(options)),
      sources_(sources_to_do(options, config_, plan_)),
      pipeline_(make_pipeline(config_, options.model)),
      progress_(sources_.size(), options.max_frames, progress) {
    auto commands = std::make_unique<results::LabelCommands>(options.live.on_label, pipeline_.card(), say);
    pipeline_.neutral().plan(options_.recorded.rest, [this](const std::string& line) {
        const auto& source = sources_[outcome_.started - 1].shown;
        say((source.empty() ? "camera" : source) + ": --neutral: " + line);
    });
    plan_.create_folders();  // shared outputs may be in them
    shared_ = results::OutputSet(plan_.shared(), output_context(results::Scope::kRun));
    shared_.add(std::move(commands));
}

results::OutputContext Session::output_context(results::Scope scope) {
    return {pipeline_.card(), stats_, say, scope, {&remote_, options_.live.serve_token}};
}

drawing::OverlayStyle Session::overlay_style(double fps) const {
    drawing::OverlayStyle style{pipeline_.card().classes, {}, fps};
    for (const auto& shown : pipeline_.card().shown) style.shown.push_back(shown.class_index);
    return style;
}

Window* Session::window() {
    return display_.window(options_.outputs.empty() ? "; --output, --jsonl or --csv write the results" : "");
}

int Session::run(const std::function<void(const Source&, Session&)>& watch) {
    const auto started = Clock::now();
    results::ErrorCollector errors;
    errors.attempt([&] {
        for (const auto& source : sources_) {
            if (stop_signal()) outcome_.cut_short = true;
            if (stopped() || outcome_.shared_failed) break;
            run_source(source, watch);
        }
    });
    stats_.seconds = seconds_since(started);
    shared_.finish(errors);
    if (outcome_.failed.size() > 1) say(list_of_failed(outcome_.failed, sources_.size()));
    errors.rethrow();
    if (!outcome_.failed.empty() || outcome_.left_out) return 1;
    return outcome_.cut_short ? 128 + stop_signal() : 0;
}

void Session::run_source(const Source& source,
                         const std::function<void(const Source&, Session&)>& watch) try {
    ++outcome_.started;
    // TBB complains about more threads than cores; -1: one per core.
    cv::setNumThreads(options_.threads > 0 ? std::min(options_.threads, cv::getNumberOfCPUs()) : -1);
    watch(source, *this);
    pipeline_.neutral().end();
} catch (...) {
    say(source_problem(source.shown));
    outcome_.failed.push_back(source.shown);
}

bool Session::has_all_frames() const {
    return options_.max_frames && stats_.times.frames() >= *options_.max_frames;
}

bool Session::stopped() const {
    return stop_signal() || display_.quit() || has_all_frames();
}

void Session::note_live(const Source& source) {
    for (const auto& option : only_for_recordings(options_)) {
        say(option + ": only for recordings, and " + source.shown +
            " is live: " + (options_.outputs.contains(option) ? "not written" : "without effect"));
        outcome_.left_out = true;
    }
}

void Session::leave_recording() {
    if (stop_signal()) outcome_.cut_short = true;
}

void Session::write_shared(const faces::FrameResult& result, drawing::Canvas& canvas) try {
    shared_.write(result, canvas);
} catch (...) {
    outcome_.shared_failed = true;
    throw;
}

}  // namespace emotion::apps
