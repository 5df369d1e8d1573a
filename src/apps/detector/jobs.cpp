#include "apps/detector/jobs.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "apps/common/guarded.hpp"
#include "apps/common/progress.hpp"
#include "apps/detector/session.hpp"
#include "apps/detector/sources.hpp"
#include "apps/detector/stop_signal.hpp"
#include "base/error.hpp"
#include "base/subprocess.hpp"
#include "media/sources.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;

int cores() {
    return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

/// The options of a run with only this source.
DetectorOptions options_for(const Source& source, const DetectorOptions& options,
                            results::OutputTargets files, int jobs) {
    auto one = options;
    one.sources = {source.name};
    one.outputs = std::move(files);
    one.recorded.jobs = 1;
    one.recorded.skip_done = false;
    if (one.recorded.fps && !media::takes_fps(source.name)) one.recorded.fps.reset();  // for another source
    one.headless = true;
    if (one.threads == 0) one.threads = std::max(1, cores() / jobs);
    return one;
}

class Jobs {
  public:
    Jobs(const DetectorOptions& options, const std::function<int(const DetectorOptions&)>& run);
    int work();

  private:
    struct Job {
        Subprocess process;
        std::string source;
    };

    bool start_next();
    void start(const Source& source);
    void collect();
    void pass_stop_signal_on();

    const DetectorOptions& options_;
    const std::function<int(const DetectorOptions&)>& run_;
    OutputPlan plan_;
    const std::vector<Source> sources_;
    const int jobs_;
    std::size_t next_ = 0;
    std::int64_t done_ = 0;
    std::vector<Job> running_;
    std::vector<std::string> failed_;
    bool passed_on_ = false;
    Progress progress_{Progress::style_of_stderr(false)};
};

Jobs::Jobs(const DetectorOptions& options, const std::function<int(const DetectorOptions&)>& run)
    : options_(options),
      run_(run),
      plan_(options.outputs, true),
      sources_(sources_to_do(options, effective_config(options), plan_)),
      jobs_(options.recorded.jobs > 0 ? options.recorded.jobs : cores()) {
    if (options.max_frames)
        throw ConfigError("--max-frames " + std::to_string(*options.max_frames) +
                          ": counts the frames of all sources, expected --jobs 1 with it");
    for (const auto& [option, file] : plan_.shared())
        throw ConfigError(option + " " + file + ": is shared by all sources, expected " +
                          (results::output_kind(option).sharing == results::Sharing::kRun
                               ? "--jobs 1 with it"
                               : "a folder (DIR/) with --jobs, or --jobs 1"));
    plan_.create_folders();
}

int Jobs::work() {
    progress_.start("labelling", static_cast<std::int64_t>(sources_.size()), "sources");
    while (start_next() || !running_.empty()) {
        collect();
        pass_stop_signal_on();
        progress_.update(done_, failed_.empty() ? "" : std::to_string(failed_.size()) + " failed");
        std::this_thread::sleep_for(20ms);
    }
    if (failed_.size() > 1) say(list_of_failed(failed_, sources_.size()));
    if (!failed_.empty()) return 1;
    return stop_signal() ? 128 + stop_signal() : 0;
}

/// Starts the next source; false if there is nothing more to start now.
bool Jobs::start_next() {
    while (!stop_signal() && next_ < sources_.size() && static_cast<int>(running_.size()) < jobs_)
        start(sources_[next_++]);
    return !stop_signal() && next_ < sources_.size();
}

void Jobs::start(const Source& source) try {
    const auto files = plan_.claim(source, media::is_picture_file(source.name));
    const auto one = options_for(source, options_, files, jobs_);
    running_.push_back(
        {Subprocess::fork([&] { return exit_code_of([&] { return run_(one); }, say); }), source.shown});
} catch (const Error& error) {
    say(error.what());
    failed_.push_back(source.shown);
    ++done_;
}

void Jobs::collect() {
    std::erase_if(running_, [&](Job& job) {
        const auto ending = job.process.ending();
        if (!ending) return false;
        ++done_;
        if (ending->signal) say(job.source + ": its process was killed by " + ::strsignal(ending->signal));
        const bool stopped = stop_signal() && ending->exit_code == 128 + stop_signal();
        if (!ending->succeeded() && !stopped) failed_.push_back(job.source);
        return true;
    });
}

void Jobs::pass_stop_signal_on() {
    if (!stop_signal() || passed_on_) return;
    for (auto& job : running_) job.process.signal(stop_signal());
    passed_on_ = true;
}

}  // namespace

int run_jobs(const DetectorOptions& options, const std::function<int(const DetectorOptions&)>& run) {
    return Jobs(options, run).work();
}

}  // namespace emotion::apps
