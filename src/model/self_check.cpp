#include "model/self_check.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>

#include "base/random.hpp"

namespace emotion::model {
namespace {

/// A horizontal gradient, slightly brighter in each further channel.
int ramp(int x, int y, int channel, const faces::CropSpec& spec) {
    return (x * 200 / spec.width + y * 100 / spec.height) * 2 / 3 + 25 * channel;
}

/// A checkerboard of four by four squares.
int checks(int x, int y, int channel, const faces::CropSpec& spec) {
    return ((x * 4 / spec.width + y * 4 / spec.height + channel) % 2 == 0 ? 60 : 160) + 25 * channel;
}

/// Concentric ellipses.
int rings(int x, int y, int channel, const faces::CropSpec& spec) {
    const int dx = (2 * x - spec.width) * 100 / spec.width, dy = (2 * y - spec.height) * 100 / spec.height;
    return ((dx * dx + dy * dy) / 2000 + channel) % 3 * 90 + 30;
}

}  // namespace

const std::vector<std::string>& self_check_patterns() {
    static const std::vector<std::string> names{"ramp", "checks", "rings", "noise"};
    return names;
}

cv::Mat self_check_crop(const std::string& pattern, const faces::CropSpec& spec) {
    Random random(1);
    std::function<int(int, int, int, const faces::CropSpec&)> value;
    if (pattern == "ramp") value = ramp;
    if (pattern == "checks") value = checks;
    if (pattern == "rings") value = rings;
    if (pattern == "noise")
        value = [&](int, int, int, const faces::CropSpec&) { return static_cast<int>(random.below(256)); };
    if (!value) throw std::invalid_argument("self-check pattern " + pattern + " is not known");

    const int channels = spec.channels();
    cv::Mat crop(spec.height, spec.width, CV_8UC(channels));
    for (int y = 0; y < crop.rows; ++y) {
        auto* pixel = crop.ptr(y);
        for (int x = 0; x < crop.cols; ++x)
            for (int channel = 0; channel < channels; ++channel)
                *pixel++ = static_cast<unsigned char>(value(x, y, channel, spec));
    }
    return crop;
}

std::vector<SelfCheck> self_check_of(Scorer& scorer) {
    std::vector<SelfCheck> checks;
    for (const auto& pattern : self_check_patterns()) {
        SelfCheck check{pattern, {}};
        // Six digits suffice for the check and hide the last bits, which differ between processors.
        for (const float probability : scorer.score(self_check_crop(pattern, scorer.card().crop)))
            check.probabilities.push_back(std::round(probability * 1e6) / 1e6);
        checks.push_back(std::move(check));
    }
    return checks;
}

}  // namespace emotion::model
