#include "pipeline/label_smoother.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace emotion::pipeline {

double smoothing_share(double dt_s, double time_constant_s) {
    return time_constant_s > 0.0 ? -std::expm1(-dt_s / time_constant_s) : 1.0;
}

std::optional<int> SteadyLabel::update(std::span<const float> probabilities, double time_s,
                                       const model::ModelCard& card, const SmoothingOptions& options) {
    std::vector<float> biased(probabilities.begin(), probabilities.end());
    if (label_) biased[*label_] += static_cast<float>(options.hysteresis);
    const auto label = model::shown_label(biased, card);
    const bool held = label_ && time_s - since_s_ < options.min_hold_s;
    if (label != label_ && !held) {
        label_ = label;
        since_s_ = time_s;
    }
    return label_;
}

LabelSmoother::LabelSmoother(const SmoothingOptions& options, model::ModelCard card)
    : options_(config::checked(options)), card_(std::move(card)) {}

SmoothedLabel LabelSmoother::update(int track, std::span<const float> raw, double time_s) {
    if (raw.size() != card_.classes.size())
        throw std::invalid_argument("expected " + std::to_string(card_.classes.size()) +
                                    " probabilities, got " + std::to_string(raw.size()));
    std::erase_if(tracks_,
                  [&](const auto& entry) { return entry.second.time_s < time_s - kForgottenAfterSeconds; });
    const auto [entry, is_new] = tracks_.try_emplace(track);
    auto& [shown, label, last_time_s] = entry->second;
    if (is_new) {
        shown.probabilities.assign(raw.begin(), raw.end());
    } else {
        const auto share =
            static_cast<float>(smoothing_share(time_s - last_time_s, options_.time_constant_s));
        for (std::size_t i = 0; i < raw.size(); ++i)
            shown.probabilities[i] = std::lerp(shown.probabilities[i], raw[i], share);
    }
    last_time_s = time_s;

    shown.label = label.update(shown.probabilities, time_s, card_, options_);
    shown.confidence =
        shown.label ? shown.probabilities[*shown.label] : std::ranges::max(shown.probabilities);
    return shown;
}

}  // namespace emotion::pipeline
