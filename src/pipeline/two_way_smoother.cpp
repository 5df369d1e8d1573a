#include "pipeline/two_way_smoother.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace emotion::pipeline {
namespace {

constexpr double kLongestLookAheadSeconds = 1.0;

SmoothingOptions hysteresis_alone(SmoothingOptions options) {
    options.time_constant_s = 0.0;
    return options;
}

}  // namespace

TwoWaySmoother::TwoWaySmoother(const SmoothingOptions& options, model::ModelCard card)
    : time_constant_s_(options.time_constant_s),
      look_ahead_s_(std::min(4.0 * options.time_constant_s, kLongestLookAheadSeconds)),
      labels_(hysteresis_alone(config::checked(options)), std::move(card)) {}

void TwoWaySmoother::add(AnalyzedFrame frame) {
    window_.push_back(std::move(frame));
}

std::optional<AnalyzedFrame> TwoWaySmoother::take(bool at_end) {
    if (window_.empty()) return std::nullopt;
    if (!at_end && window_.back().frame.time_s - window_.front().frame.time_s < look_ahead_s_)
        return std::nullopt;
    std::optional<AnalyzedFrame> frame(std::move(window_.front()));
    window_.pop_front();
    Stopwatch stopwatch;
    if (frame->searched) smooth(frame->result);
    frame->times[Stage::kSmooth] += stopwatch.lap_ms();
    return frame;
}

void TwoWaySmoother::smooth(faces::FrameResult& result) {
    const double time_s = result.time_s;
    std::erase_if(past_,
                  [&](const auto& entry) { return entry.second.time_s < time_s - kForgottenAfterSeconds; });
    for (auto& face : result.faces) {
        auto shown = labels_.update(face.track, around(face, time_s), time_s);
        face.label = shown.label;
        face.confidence = shown.confidence;
        face.probabilities = std::move(shown.probabilities);
    }
}

std::vector<float> TwoWaySmoother::around(const faces::FaceResult& face, double time_s) {
    auto& past = past_[face.track];
    past.probabilities.resize(face.raw.size());
    const double kept = weight(time_s - past.time_s);
    for (std::size_t i = 0; i < face.raw.size(); ++i)
        past.probabilities[i] = kept * past.probabilities[i] + face.raw[i];
    past.weight = kept * past.weight + 1.0;
    past.time_s = time_s;

    auto sums = past.probabilities;
    double weights = past.weight;
    for (const auto& later : window_) {
        if (!later.searched) continue;
        const auto same = std::ranges::find(later.result.faces, face.track, &faces::FaceResult::track);
        if (same == later.result.faces.end()) continue;
        const double share = weight(later.result.time_s - time_s);
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += share * same->raw[i];
        weights += share;
    }
    std::vector<float> means;
    for (const double sum : sums) means.push_back(static_cast<float>(sum / weights));
    return means;
}

double TwoWaySmoother::weight(double seconds) const {
    return time_constant_s_ > 0.0 ? std::exp(-seconds / time_constant_s_) : 0.0;
}

}  // namespace emotion::pipeline
