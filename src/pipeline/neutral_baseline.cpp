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

/// Probabilities that are 0 as floats have no logarithm; the difference between smaller ones says nothing.
double log_of(float probability) {
    return std::log(std::max<double>(probability, model::kMinProbability));
}

void shift(std::vector<float>& probabilities, const std::vector<double>& log_odds) {
    std::vector<double> weights;
    double sum = 0.0;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        sum += weights.emplace_back(probabilities[i] * std::exp(log_odds[i]));
    if (sum <= 0.0) return;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        probabilities[i] = static_cast<float>(weights[i] / sum);
}

std::string faces_text(const std::vector<std::string>& tracks) {
    return (tracks.size() == 1 ? "face " : "faces ") + join(tracks);
}

/// What became of the faces that were gathered.
std::string outcome_text(const std::vector<std::string>& kept, const std::vector<std::string>& doubtful) {
    if (kept.empty())
        return "no face was found in " + std::to_string(NeutralBaseline::kFewestFrames) +
               " frames while it was to be at rest: nothing is learned";
    if (doubtful.empty())
        return "learned how " + faces_text(kept) + (kept.size() == 1 ? " looks at rest" : " look at rest");
    return faces_text(doubtful) + " did not look at rest: if that was an expression, learn it again";
}

}  // namespace

std::vector<double> shift_of(const std::vector<double>& rest, const model::ModelCard& card) {
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
    gathering_ = planned_;
    report_ = report_planned_;
}

void NeutralBaseline::end() {
    if (gathering_ && report_) report_("the time at rest was not over at the end: nothing is learned");
    forget();
}

void NeutralBaseline::gather(double duration_s, media::WarningHandler report) {
    check_possible();
    forget();
    asked_for_s_ = duration_s;
    report_ = std::move(report);
}

void NeutralBaseline::forget() {
    asked_for_s_.reset();
    gathering_.reset();
    gathered_.clear();
    shifts_.clear();
}

void NeutralBaseline::begin_frame(double time_s) {
    time_s_ = time_s;
    if (asked_for_s_) gathering_ = RestInterval{time_s, time_s + *std::exchange(asked_for_s_, std::nullopt)};
    std::erase_if(shifts_,
                  [&](const auto& entry) { return entry.second.seen_s < time_s - kForgottenAfterSeconds; });
    if (gathering_ && time_s >= gathering_->until_s) finish_gathering();
}

bool NeutralBaseline::update(int track, bool found, std::vector<float>& probabilities) {
    if (gathering_ && found && time_s_ >= gathering_->from_s) {
        auto& face = gathered_[track];
        face.log_sums.resize(probabilities.size());
        face.sums.resize(probabilities.size());
        for (std::size_t i = 0; i < probabilities.size(); ++i) {
            face.log_sums[i] += log_of(probabilities[i]);
            face.sums[i] += probabilities[i];
        }
        ++face.frames;
    }
    const auto known = shifts_.find(track);
    if (known == shifts_.end()) return false;
    known->second.seen_s = time_s_;
    shift(probabilities, known->second.log_odds);
    return true;
}

void NeutralBaseline::finish_gathering() {
    std::vector<std::string> kept, doubtful;
    for (auto& [track, face] : gathered_) {
        if (face.frames < kFewestFrames) continue;
        std::vector<double> rest;
        std::vector<float> mean;
        for (std::size_t i = 0; i < face.sums.size(); ++i) {
            rest.push_back(face.log_sums[i] / face.frames);
            mean.push_back(static_cast<float>(face.sums[i] / face.frames));
        }
        shifts_[track] = {shift_of(rest, card_), time_s_};
        kept.push_back(std::to_string(track));
        if (const auto label = model::shown_label(mean, card_))
            doubtful.push_back(kept.back() + " (" + card_.classes[static_cast<std::size_t>(*label)] + ")");
    }
    gathering_.reset();
    gathered_.clear();
    if (report_) report_(outcome_text(kept, doubtful));
}

}  // namespace emotion::pipeline
