#include "pipeline/two_way_smoother.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace two_way_smoother_test {

using namespace emotion;
using namespace emotion::pipeline;
using test::two_class_card;

namespace {

constexpr double kFps = 30.0;

AnalyzedFrame frame_at(double time_s, std::vector<float> raw) {
    AnalyzedFrame frame;
    frame.frame.time_s = frame.result.time_s = time_s;
    if (!raw.empty()) {
        faces::FaceResult face;
        face.track = 1;
        face.raw = std::move(raw);
        frame.result.faces.push_back(face);
    }
    return frame;
}

/// A face whose probability of happy is `happy` at each time.
template <typename Happy>
std::vector<faces::FrameResult> smoothed(const SmoothingOptions& options, int frames, Happy happy) {
    TwoWaySmoother smoother(options, two_class_card());
    std::vector<faces::FrameResult> results;
    for (int i = 0; i < frames; ++i) {
        const auto value = static_cast<float>(happy(i / kFps));
        smoother.add(frame_at(i / kFps, {value, 1.0f - value}));
        while (auto frame = smoother.take(false)) results.push_back(frame->result);
        CHECK((i - static_cast<double>(results.size())) / kFps <= smoother.look_ahead_s());
    }
    while (auto frame = smoother.take(true)) results.push_back(frame->result);
    return results;
}

}  // namespace

TEST_CASE("Every frame is returned once, in order and with bounded delay") {
    const auto results = smoothed({}, 100, [](double) { return 0.9; });
    REQUIRE(results.size() == 100);
    for (int i = 0; i < 100; ++i) {
        CHECK(results[i].time_s == i / kFps);
        CHECK(results[i].faces.at(0).label == 0);
        CHECK(results[i].faces[0].probabilities[0] == Approx(0.9));
        CHECK(results[i].faces[0].raw[0] == Approx(0.9));
    }
}

TEST_CASE("A label changes together with the face") {
    const auto results = smoothed({}, 120, [](double time_s) { return time_s < 2.0 ? 0.95 : 0.05; });
    int last_happy = 0, first_fear = 119;
    for (int i = 0; i < 120; ++i) {
        if (results[i].faces[0].label == 0) last_happy = i;
        if (results[i].faces[0].label == 1) first_fear = std::min(first_fear, i);
    }
    CHECK(std::abs(last_happy - 59) <= 2);
    CHECK(std::abs(first_fear - 60) <= 2);
}

TEST_CASE("Probabilities are means weighted by the time difference in both directions") {
    const auto happy = [](double time_s) {
        return 0.5 + 0.4 * std::sin(7.0 * time_s) * std::cos(23.0 * time_s);
    };
    const SmoothingOptions options;
    const auto results = smoothed(options, 90, happy);
    for (int i = 0; i < 90; ++i) {
        double sum = 0.0, weights = 0.0;
        for (int j = 0; j < 90; ++j) {
            const double weight = std::exp(-std::abs(i - j) / kFps / options.time_constant_s);
            sum += weight * happy(j / kFps);
            weights += weight;
        }
        INFO("frame " << i);
        CHECK(results[i].faces[0].probabilities[0] == Approx(sum / weights).margin(0.01));
    }
}

TEST_CASE("Without a time constant there is no smoothing and no delay") {
    SmoothingOptions options;
    options.time_constant_s = 0.0;
    const auto results = smoothed(options, 10, [](double time_s) { return time_s < 0.1 ? 0.9 : 0.2; });
    REQUIRE(results.size() == 10);
    CHECK(results[2].faces[0].probabilities[0] == Approx(0.9));
    CHECK(results[3].faces[0].probabilities[0] == Approx(0.2));
}

TEST_CASE("Frames that were not searched are ignored in smoothing") {
    TwoWaySmoother smoother({}, two_class_card());
    smoother.add(frame_at(0.0, {0.9f, 0.1f}));
    auto carried = frame_at(0.04, {0.1f, 0.9f});
    carried.searched = false;
    smoother.add(carried);
    CHECK(smoother.take(true)->result.faces[0].probabilities[0] == Approx(0.9));
    CHECK_FALSE(smoother.take(true)->searched);
    CHECK_FALSE(smoother.take(true));
}

}  // namespace two_way_smoother_test
