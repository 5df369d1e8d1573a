#include "apps/detector/run.hpp"

#include "apps/detector/jobs.hpp"
#include "apps/detector/session.hpp"
#include "apps/detector/sources.hpp"
#include "apps/detector/watch.hpp"
#include "results/label_commands.hpp"

namespace emotion::apps {

int run_detector(const DetectorOptions& options) {
    if (options.recorded.jobs == 1) return Session(options, Progress::style_of_stderr(false)).run(watch);
    // Reported once rather than by every job; neither starts a thread, which a fork would lose.
    effective_config(options);
    const results::LabelCommands checked(options.live.on_label, model::read_card(options.model), say);
    return run_jobs(options, [](const DetectorOptions& one) { return Session(one).run(watch); });
}

}  // namespace emotion::apps
