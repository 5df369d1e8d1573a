#include "results/output_set.hpp"

namespace emotion::results {

OutputSet::OutputSet(const OutputTargets& targets, const OutputContext& context) {
    for (const auto& kind : output_kinds()) {
        if (context.scope == Scope::kLiveSource && !kind.of_live_sources) continue;
        if (const auto target = targets.find(kind.option); target != targets.end())
            outputs_.push_back(kind.make(target->second, context));
    }
}

void OutputSet::start(const media::SourceInfo& source) {
    for (const auto& output : outputs_) output->start(source);
}

void OutputSet::write(const faces::FrameResult& result, drawing::Canvas& canvas) {
    for (const auto& output : outputs_) output->write(result, canvas);
}

void OutputSet::end(const SourceEnd& how, ErrorCollector& errors) {
    for (auto output = outputs_.rbegin(); output != outputs_.rend(); ++output)
        errors.attempt([&] { (*output)->end(how); });
}

void OutputSet::finish(ErrorCollector& errors) {
    for (auto output = outputs_.rbegin(); output != outputs_.rend(); ++output)
        errors.attempt([&] { (*output)->finish(); });
}

}  // namespace emotion::results
