#include "pipeline/label_smoother.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace emotion {
namespace {

constexpr double kForgottenAfterSeconds = 60.0;  // no tracker keeps a lost face's id for longer

void check_range(const char* name, double value, double low, double high) {
    if (value >= low && value <= high) return;
    std::ostringstream message;
    message << "smoothing." << name << " = " << value << ", expected a number in [" << low << ", " << high
            << "]";
    throw ConfigError(message.str());
}

float largest(std::span<const float> values) {
    return *std::max_element(values.begin(), values.end());
}

}  // namespace

void SmoothingOptions::validate() const {
    check_range("time_constant_s", time_constant_s, 0.0, 60.0);
    check_range("hysteresis", hysteresis, 0.0, 0.5);
}

LabelSmoother::LabelSmoother(const SmoothingOptions& options, ModelCard card)
    : options_(options), card_(std::move(card)) {
    options_.validate();
}

SmoothedLabel LabelSmoother::update(int track, std::span<const float> raw, double time_s) {
    if (raw.size() != card_.classes.size())
        throw std::invalid_argument("expected " + std::to_string(card_.classes.size()) +
                                    " probabilities, got " + std::to_string(raw.size()));
    std::erase_if(tracks_,
                  [&](const auto& entry) { return entry.second.time_s < time_s - kForgottenAfterSeconds; });
    const auto [entry, is_new] = tracks_.try_emplace(track);
    auto& [shown, last_time_s] = entry->second;
    if (is_new) {
        shown.probabilities.assign(raw.begin(), raw.end());
    } else if (options_.time_constant_s == 0.0) {
        std::copy(raw.begin(), raw.end(), shown.probabilities.begin());
    } else {
        const auto share =
            static_cast<float>(-std::expm1(-(time_s - last_time_s) / options_.time_constant_s));
        for (std::size_t i = 0; i < raw.size(); ++i)
            shown.probabilities[i] += share * (raw[i] - shown.probabilities[i]);
    }
    last_time_s = time_s;

    auto favoured = shown.probabilities;
    if (shown.label) favoured[*shown.label] += static_cast<float>(options_.hysteresis);
    shown.label = shown_label(favoured, card_);
    shown.confidence = shown.label ? shown.probabilities[*shown.label] : largest(shown.probabilities);
    return shown;
}

}  // namespace emotion
