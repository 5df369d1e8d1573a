#include "pipeline/stage_times.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/seconds.hpp"

namespace emotion::pipeline {
namespace {

constexpr double kSmallestMs = 1e-4;
constexpr double kGrowth = 1.01;
constexpr std::size_t kBins = 2305;  // up to 1e6 ms

std::size_t bin_of(double ms) {
    if (ms <= kSmallestMs) return 0;
    return std::min(kBins - 1, static_cast<std::size_t>(std::log(ms / kSmallestMs) / std::log(kGrowth)));
}

double middle_of(std::size_t bin) {
    return kSmallestMs * std::pow(kGrowth, static_cast<double>(bin) + 0.5);
}

}  // namespace

double Stopwatch::lap_ms() {
    const auto now = std::chrono::steady_clock::now();
    return 1e3 * seconds_between(std::exchange(last_, now), now);
}

double FrameTimes::compute_ms() const {
    const auto& times = *this;
    return times[Stage::kDetect] + times[Stage::kTrack] + times[Stage::kScore] + times[Stage::kSmooth];
}

void DurationHistogram::add(double ms) {
    if (count_ == 0) {
        bins_.resize(kBins);
        smallest_ms_ = largest_ms_ = ms;
    }
    ++bins_[bin_of(ms)];
    ++count_;
    sum_ms_ += ms;
    smallest_ms_ = std::min(smallest_ms_, ms);
    largest_ms_ = std::max(largest_ms_, ms);
}

DurationSummary DurationHistogram::summary() const {
    if (count_ == 0) return {};
    return {sum_ms_ / static_cast<double>(count_), percentile(0.50), percentile(0.95), percentile(0.99)};
}

double DurationHistogram::percentile(double share) const {
    const auto rank = static_cast<std::int64_t>(std::ceil(share * static_cast<double>(count_)));
    std::int64_t seen = 0;
    std::size_t bin = 0;
    while (bin + 1 < bins_.size() && (seen += bins_[bin]) < rank) ++bin;
    return std::clamp(middle_of(bin), smallest_ms_, largest_ms_);
}

void StageTimes::add(const FrameTimes& frame) {
    for (std::size_t stage = 0; stage < stages_.size(); ++stage)
        stages_[stage].add(frame[static_cast<Stage>(stage)]);
    compute_.add(frame.compute_ms());
}

}  // namespace emotion::pipeline
