#include "apps/detector/run.hpp"

#include "apps/detector/jobs.hpp"
#include "apps/detector/missing_letters.hpp"
#include "apps/detector/session.hpp"
#include "apps/detector/sources.hpp"
#include "apps/detector/watch.hpp"
#include "pipeline/neutral_baseline.hpp"
#include "results/label_commands.hpp"

namespace emotion::apps {

int run_detector(const DetectorOptions& options) {
    if (options.recorded.jobs == 1) {
        Session session(options, Progress::style_of_stderr(false));
        report_missing_letters(options.outputs, &session.display(), session.pipeline().card());
        return session.run(watch);
    }
    // Reported once rather than by every job; neither starts a thread, which a fork would lose.
    effective_config(options);
    const auto card = model::read_card(options.model);
    const results::LabelCommands checked(options.live.on_label, card, say);
    pipeline::NeutralBaseline(card).plan(options.recorded.rest, {});
    report_missing_letters(options.outputs, nullptr, card);
    return run_jobs(options, [](const DetectorOptions& one) { return Session(one).run(watch); });
}

}  // namespace emotion::apps
