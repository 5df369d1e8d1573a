#include "pipeline/label_smoother.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace label_smoother_test {

using namespace emotion;
using namespace emotion::pipeline;
using test::two_class_card;

namespace {

constexpr std::array kHappy{0.9f, 0.1f};
constexpr std::array kFear{0.1f, 0.9f};
constexpr std::array kEven{0.5f, 0.5f};

/// The delay of the label after a change from happy to fear, at this frame rate.
double delay_of_change(const SmoothingOptions& options, double fps) {
    LabelSmoother smoother(options, two_class_card());
    for (int frame = 0; frame <= static_cast<int>(fps); ++frame)
        smoother.update(1, kHappy, frame / fps - 1.0);
    for (int frame = 1;; ++frame)
        if (smoother.update(1, kFear, frame / fps).label == 1) return frame / fps;
}

}  // namespace

TEST_CASE("The first probabilities of a face are shown unchanged") {
    LabelSmoother smoother({}, two_class_card());
    const auto shown = smoother.update(7, kHappy, 3.0);
    CHECK(shown.probabilities == std::vector<float>(kHappy.begin(), kHappy.end()));
    CHECK(shown.label == 0);
    CHECK(shown.confidence == 0.9f);
}

TEST_CASE("After one time constant a change has progressed 63 percent at any frame rate") {
    for (const int frames : {1, 7, 100}) {
        LabelSmoother smoother({.time_constant_s = 0.5, .hysteresis = 0.0}, two_class_card());
        smoother.update(1, kHappy, 0.0);
        SmoothedLabel shown;
        for (int frame = 1; frame <= frames; ++frame) shown = smoother.update(1, kFear, 0.5 * frame / frames);
        CHECK(shown.probabilities[1] == Approx(0.9 - 0.8 * std::exp(-1.0)).epsilon(1e-5));
        CHECK(shown.probabilities[0] + shown.probabilities[1] == Approx(1.0));
    }
}

TEST_CASE("With a time constant of zero frames are independent") {
    LabelSmoother smoother({.time_constant_s = 0.0, .hysteresis = 0.0}, two_class_card());
    smoother.update(1, kHappy, 0.0);
    CHECK(smoother.update(1, kFear, 0.0).probabilities[1] == 0.9f);
    CHECK(smoother.update(1, kHappy, 0.1).probabilities[0] == 0.9f);
}

TEST_CASE("The label follows a changed expression within 300 ms by default") {
    CHECK(delay_of_change({}, 30.0) == Approx(5 / 30.0));
    CHECK(delay_of_change({}, 10.0) == Approx(2 / 10.0));
    CHECK(delay_of_change({.time_constant_s = 1.0}, 30.0) > 0.5);
}

TEST_CASE("Noise around the threshold does not make the label flicker") {
    const auto changes_a_minute = [](const SmoothingOptions& options) {
        LabelSmoother smoother(options, two_class_card(0.6));
        Random random(3);
        int changes = 0;
        std::optional<int> last;
        for (int frame = 0; frame < 60 * 30; ++frame) {
            const auto happy = static_cast<float>(std::clamp(0.6 + 0.15 * random.normal(), 0.0, 1.0));
            const auto label = smoother.update(1, std::array{happy, 1.0f - happy}, frame / 30.0).label;
            changes += label != last;
            last = label;
        }
        return changes;
    };
    CHECK(changes_a_minute({}) < 10);
    CHECK(changes_a_minute({.hysteresis = 0.0, .min_hold_s = 0.0}) > 200);
}

TEST_CASE("A label is held for its minimum duration but unsure is not") {
    LabelSmoother smoother({.time_constant_s = 0.0, .hysteresis = 0.0, .min_hold_s = 0.3}, two_class_card());
    CHECK(smoother.update(1, kEven, 0.0).label == std::nullopt);
    CHECK(smoother.update(1, kHappy, 0.01).label == 0);
    CHECK(smoother.update(1, kFear, 0.05).label == 0);
    CHECK(smoother.update(1, kEven, 0.3).label == 0);
    CHECK(smoother.update(1, kFear, 0.32).label == 1);
    CHECK(smoother.update(1, kEven, 0.65).label == std::nullopt);
}

TEST_CASE("A shown label is kept while its probability fluctuates around the threshold") {
    const auto changes = [](double hysteresis) {
        LabelSmoother smoother({.time_constant_s = 0.0, .hysteresis = hysteresis, .min_hold_s = 0.0},
                               two_class_card(0.6));
        int count = 0;
        std::optional<int> last;
        for (int frame = 0; frame < 40; ++frame) {
            const float happy = frame % 2 == 0 ? 0.63f : 0.57f;
            const auto label = smoother.update(1, std::array{happy, 1.0f - happy}, frame / 30.0).label;
            count += label != last;
            last = label;
        }
        return count;
    };
    CHECK(changes(0.0) == 40);
    CHECK(changes(0.1) == 1);
}

TEST_CASE("A label gives way to unsure once it is clearly below its threshold") {
    LabelSmoother smoother({.time_constant_s = 0.0, .hysteresis = 0.1, .min_hold_s = 0.0},
                           two_class_card(0.65));
    CHECK(smoother.update(1, std::array{0.7f, 0.3f}, 0.0).label == 0);
    CHECK(smoother.update(1, std::array{0.56f, 0.44f}, 0.1).label == 0);
    const auto unsure = smoother.update(1, std::array{0.45f, 0.55f}, 0.2);
    CHECK(unsure.label == std::nullopt);
    CHECK(unsure.confidence == 0.55f);
}

TEST_CASE("The confidence of a label kept by hysteresis is that of the label") {
    LabelSmoother smoother({.time_constant_s = 0.0, .hysteresis = 0.2}, two_class_card(0.6));
    smoother.update(1, kHappy, 0.0);
    const auto shown = smoother.update(1, std::array{0.45f, 0.55f}, 0.1);
    CHECK(shown.label == 0);
    CHECK(shown.confidence == 0.45f);
}

TEST_CASE("Faces are smoothed independently") {
    LabelSmoother smoother({}, two_class_card());
    for (int frame = 0; frame < 30; ++frame) {
        CHECK(smoother.update(1, kHappy, frame / 30.0).label == 0);
        CHECK(smoother.update(2, kFear, frame / 30.0).label == 1);
        CHECK(smoother.update(3, kEven, frame / 30.0).label == std::nullopt);
    }
}

TEST_CASE("A face that returns after a long pause starts anew") {
    LabelSmoother smoother({.time_constant_s = 1.0, .hysteresis = 0.0}, two_class_card());
    smoother.update(1, kHappy, 0.0);
    CHECK(smoother.update(1, kFear, 100.0).probabilities[1] == Approx(0.9f));
}

TEST_CASE("A wrong number of probabilities throws") {
    LabelSmoother smoother({}, two_class_card());
    CHECK_THROWS_AS(smoother.update(1, std::array{1.0f}, 0.0), std::invalid_argument);
}

TEST_CASE("Smoothing options out of range are rejected with name and limit") {
    CHECK_THROWS_WITH(LabelSmoother({.time_constant_s = -1.0}, two_class_card()),
                      ContainsSubstring("smoothing.time_constant_s = -1") && ContainsSubstring("[0, 60]"));
    CHECK_THROWS_AS(LabelSmoother({.hysteresis = std::nan("")}, two_class_card()), ConfigError);
}

}  // namespace label_smoother_test
