#include "pipeline/neutral_baseline.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/join.hpp"
#include "pipeline/label_smoother.hpp"

namespace emotion::pipeline {
namespace {

/// Bounded, because a probability of 0 has no logarithm, and differences between tiny ones mean nothing.
double log_of(float probability) {
    return std::log(std::max<double>(probability, model::kMinProbability));
}

void apply_shift(const std::vector<double>& shift, std::vector<float>& probabilities) {
    std::vector<double> weights;
    double sum = 0.0;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        sum += weights.emplace_back(probabilities[i] * std::exp(shift[i]));
    if (sum <= 0.0) return;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        probabilities[i] = static_cast<float>(weights[i] / sum);
}

std::string faces_text(const std::vector<std::string>& tracks) {
    return (tracks.size() == 1 ? "face " : "faces ") + join(tracks);
}

/// `learned` are tracks; `doubtful` those of them whose mean at rest has a label.
std::string outcome_text(const std::vector<std::string>& learned, const std::vector<std::string>& doubtful) {
    if (learned.empty())
        return "no face was found in " + std::to_string(NeutralBaseline::kMinFrames) +
               " frames while it was to be at rest: nothing is learned";
    if (doubtful.empty())
        return "learned how " + faces_text(learned) +
               (learned.size() == 1 ? " looks at rest" : " look at rest");
    return faces_text(doubtful) + " did not look at rest: if that was an expression, learn it again";
}

}  // namespace

std::vector<double> log_odds_shift(const std::vector<double>& rest, const model::ModelCard& card) {
    const auto neutral = static_cast<std::size_t>(card.class_index(model::kNeutral));
    std::vector<double> shift;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const double here = rest[i] - rest[neutral], usual = card.neutral[i] - card.neutral[neutral];
        shift.push_back(-NeutralBaseline::kStrength * std::max(0.0, here - usual));
    }
    return shift;
}

void NeutralBaseline::check_possible() const {
    if (card_.neutral.empty())
        throw ConfigError(
            "the model " + card_.name +
            " cannot learn how a face looks at rest: its card has no key neutral, which trainer "
            "evaluate --write-neutral adds for models with a class neutral");
}

void NeutralBaseline::plan(std::optional<RestInterval> interval, media::WarningHandler report) {
    if (interval) check_possible();
    planned_ = interval;
    report_planned_ = std::move(report);
}

void NeutralBaseline::start() {
    forget();
    interval_ = planned_;
    report_ = report_planned_;
}

void NeutralBaseline::end() {
    if (interval_ && report_) report_("the time at rest was not over at the end: nothing is learned");
    forget();
}

void NeutralBaseline::gather(double duration_s, media::WarningHandler report) {
    check_possible();
    forget();
    requested_s_ = duration_s;
    report_ = std::move(report);
}

void NeutralBaseline::forget() {
    requested_s_.reset();
    interval_.reset();
    sums_.clear();
    known_.clear();
}

void NeutralBaseline::begin_frame(double time_s) {
    time_s_ = time_s;
    if (requested_s_) interval_ = RestInterval{time_s, time_s + *std::exchange(requested_s_, std::nullopt)};
    std::erase_if(known_,
                  [&](const auto& entry) { return entry.second.seen_s < time_s - kForgottenAfterSeconds; });
    if (interval_ && time_s >= interval_->until_s) finish_learning();
}

bool NeutralBaseline::update(int track, bool found, std::vector<float>& probabilities) {
    if (interval_ && found && time_s_ >= interval_->from_s) {
        auto& face = sums_[track];
        face.log_probabilities.resize(probabilities.size());
        face.probabilities.resize(probabilities.size());
        for (std::size_t i = 0; i < probabilities.size(); ++i) {
            face.log_probabilities[i] += log_of(probabilities[i]);
            face.probabilities[i] += probabilities[i];
        }
        ++face.frames;
    }
    const auto known = known_.find(track);
    if (known == known_.end()) return false;
    known->second.seen_s = time_s_;
    apply_shift(known->second.log_odds_shift, probabilities);
    return true;
}

void NeutralBaseline::finish_learning() {
    std::vector<std::string> learned, doubtful;
    for (auto& [track, face] : sums_) {
        if (face.frames < kMinFrames) continue;
        std::vector<double> rest;
        std::vector<float> mean;
        for (std::size_t i = 0; i < face.probabilities.size(); ++i) {
            rest.push_back(face.log_probabilities[i] / face.frames);
            mean.push_back(static_cast<float>(face.probabilities[i] / face.frames));
        }
        known_[track] = {log_odds_shift(rest, card_), time_s_};
        learned.push_back(std::to_string(track));
        if (const auto label = model::shown_label(mean, card_))
            doubtful.push_back(learned.back() + " (" + card_.classes[static_cast<std::size_t>(*label)] + ")");
    }
    interval_.reset();
    sums_.clear();
    if (report_) report_(outcome_text(learned, doubtful));
}

}  // namespace emotion::pipeline
