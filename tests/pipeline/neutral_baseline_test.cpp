#include "pipeline/neutral_baseline.hpp"

#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace neutral_baseline_test {

using namespace emotion;
using namespace emotion::pipeline;

namespace {

constexpr std::size_t kHappy = 0, kFear = 1, kRest = 2;

/// For neutral faces, happy and fear are a tenth as probable as neutral.
model::ModelCard card_with_neutral() {
    auto card = test::two_class_card(0.4);
    card.classes = {"happy", "fear", "neutral"};
    card.neutral = {std::log(0.08), std::log(0.08), std::log(0.8)};
    return card;
}

const std::vector<float> kSmilesAtRest{0.6f, 0.01f, 0.39f};

/// A baseline, and the frames of a source at ten per second.
struct Video {
    explicit Video(const model::ModelCard& card = card_with_neutral()) : baseline(card) {}

    /// Passes `count` frames with the same probabilities of face 1 and, if given, face 2. Returns those of
    /// face 1 in the last frame, shifted if its look at rest is known.
    std::vector<float> frames(int count, const std::vector<float>& first,
                              const std::vector<float>& second = {}, bool found = true) {
        std::vector<float> shown;
        for (int i = 0; i < count; ++i, ++next) {
            baseline.begin_frame(next / 10.0);
            shifted = baseline.update(1, found, shown = first);
            auto other = second;
            if (!second.empty()) second_shifted = baseline.update(2, true, other);
        }
        return shown;
    }
    void gather(double duration_s = 3.0) {
        baseline.gather(duration_s, [this](const std::string& line) { reports.push_back(line); });
    }

    NeutralBaseline baseline;
    int next = 0;
    bool shifted = false, second_shifted = false;
    std::vector<std::string> reports;
};

double log_odds(const std::vector<float>& p, std::size_t i) {
    return std::log(p[i] / p[kRest]);
}

}  // namespace

TEST_CASE("A share of what exceeds neutral faces at rest is subtracted, and nothing is added") {
    const std::vector<double> rest{std::log(0.6), std::log(0.01), std::log(0.39)};
    const auto shift = log_odds_shift(rest, card_with_neutral());
    REQUIRE(shift.size() == 3);
    CHECK(shift[kHappy] == Approx(-NeutralBaseline::kStrength * std::log(0.6 / 0.39 * 10.0)));
    CHECK(shift[kFear] == 0.0);  // less likely than for neutral faces
    CHECK(shift[kRest] == 0.0);
}

TEST_CASE(
    "After three seconds at rest a face's probabilities are shifted, and those of other faces are not") {
    Video video;
    video.next = 500;
    video.frames(1, kSmilesAtRest);
    video.gather();
    video.next += 50;  // the camera was away
    CHECK(video.baseline.is_active());
    CHECK(video.frames(30, kSmilesAtRest) == kSmilesAtRest);
    CHECK_FALSE(video.shifted);
    CHECK(video.reports.empty());

    const auto at_rest = video.frames(1, kSmilesAtRest, kSmilesAtRest);
    CHECK(video.shifted);
    CHECK_FALSE(video.second_shifted);
    CHECK(std::accumulate(at_rest.begin(), at_rest.end(), 0.0) == Approx(1.0));
    const double shift = NeutralBaseline::kStrength * std::log(0.6 / 0.39 * 10.0);
    CHECK(log_odds(at_rest, kHappy) == Approx(log_odds(kSmilesAtRest, kHappy) - shift).margin(1e-4));
    CHECK(log_odds(at_rest, kFear) == Approx(log_odds(kSmilesAtRest, kFear)).margin(1e-4));
    CHECK_FALSE(model::shown_label(at_rest, card_with_neutral()));

    const auto smile = video.frames(1, {0.98f, 0.005f, 0.015f});
    CHECK(model::shown_label(smile, card_with_neutral()) == 0);
    CHECK(smile[kHappy] < 0.98f);
}

TEST_CASE("The mean of a face's logarithms counts, and a probability of 0 is treated as a tiny one") {
    Video video;
    video.gather(2.0);
    video.frames(10, {0.5f, 0.0f, 0.5f});
    video.frames(11, {0.2f, 0.0f, 0.8f});
    const auto shown = video.frames(1, {0.5f, 0.0f, 0.5f});
    const double rest = 0.5 * (std::log(1.0) + std::log(0.25));
    CHECK(log_odds(shown, kHappy) ==
          Approx(-NeutralBaseline::kStrength * (rest - std::log(0.1))).margin(1e-4));
    CHECK(shown[kFear] == 0.0f);
}

TEST_CASE("Nothing is learned of a face found in too few frames") {
    Video video;
    video.gather();
    video.frames(NeutralBaseline::kMinFrames - 1, kSmilesAtRest);
    video.frames(30, kSmilesAtRest, {}, false);
    CHECK_FALSE(video.shifted);
    CHECK_FALSE(video.baseline.is_active());
    REQUIRE(video.reports.size() == 1);
    CHECK_THAT(video.reports[0], ContainsSubstring("no face was found in 10 frames"));
}

TEST_CASE("One line reports what was learned, and which faces did not look at rest") {
    Video calm;
    calm.gather();
    calm.frames(31, {0.1f, 0.1f, 0.8f}, {0.2f, 0.1f, 0.7f});
    CHECK(calm.reports == std::vector<std::string>{"learned how faces 1, 2 look at rest"});
    Video one;
    one.gather();
    one.frames(31, {0.1f, 0.1f, 0.8f});
    CHECK(one.reports == std::vector<std::string>{"learned how face 1 looks at rest"});
    Video smiling;
    smiling.gather();
    smiling.frames(31, kSmilesAtRest, {0.1f, 0.1f, 0.8f});
    CHECK(smiling.reports ==
          std::vector<std::string>{"face 1 (happy) did not look at rest: if that was an expression, learn it "
                                   "again"});
    CHECK(smiling.second_shifted);
}

TEST_CASE("What was learned is kept as long as the face is tracked, and can be forgotten") {
    Video video;
    video.gather();
    video.frames(31, kSmilesAtRest);
    CHECK(video.baseline.is_active());
    video.next += 590;  // out of sight for 59 seconds
    video.frames(1, kSmilesAtRest);
    CHECK(video.shifted);
    video.baseline.forget();
    CHECK_FALSE(video.baseline.is_active());
    CHECK(video.frames(1, kSmilesAtRest) == kSmilesAtRest);

    video.gather();
    video.frames(32, kSmilesAtRest);
    CHECK(video.shifted);
    video.next += 610;
    video.frames(1, kSmilesAtRest);
    CHECK_FALSE(video.shifted);
    CHECK_FALSE(video.baseline.is_active());
}

TEST_CASE("A planned interval is learned anew in each source, from its own frames only") {
    Video video;
    std::vector<std::string> reports;
    video.baseline.plan(RestInterval{1.0, 3.0}, [&](const std::string& line) { reports.push_back(line); });
    for (int source = 1; source <= 2; ++source) {
        INFO("source " << source);
        video.baseline.start();
        video.next = 0;
        video.frames(10, kSmilesAtRest);  // before it
        video.frames(20, {0.05f, 0.05f, 0.9f});
        CHECK_FALSE(video.shifted);
        const auto shown = video.frames(1, kSmilesAtRest);
        CHECK(video.shifted);
        CHECK(shown[kHappy] == Approx(kSmilesAtRest[kHappy]));  // at rest it did not stand out
        CHECK(reports.size() == static_cast<std::size_t>(source));
    }
    video.baseline.end();
    CHECK(reports.size() == 2);
    video.baseline.start();
    video.next = 0;
    video.frames(29, kSmilesAtRest);
    video.baseline.end();
    REQUIRE(reports.size() == 3);
    CHECK_THAT(reports[2], ContainsSubstring("was not over at the end"));
    video.baseline.plan(std::nullopt, {});
    video.baseline.start();
    CHECK_FALSE(video.baseline.is_active());
}

TEST_CASE("A card without neutral is refused in one line") {
    Video video(test::two_class_card());
    CHECK_THROWS_WITH(video.gather(),
                      "the model fake cannot learn how a face looks at rest: its card has no "
                      "key neutral, which trainer evaluate --write-neutral adds for models "
                      "with a class neutral");
    CHECK_THROWS_AS(video.baseline.plan(RestInterval{0, 3}, {}), ConfigError);
    CHECK_FALSE(video.baseline.is_active());
    CHECK_NOTHROW(video.baseline.plan(std::nullopt, {}));
}

}  // namespace neutral_baseline_test
