#include "pipeline/stage_times.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

#include "base/random.hpp"
#include "support/catch.hpp"

namespace stage_times_test {

using namespace emotion;
using namespace emotion::pipeline;

TEST_CASE("Percentiles of durations are accurate to half a percent") {
    Random random(1);
    std::vector<double> values;
    DurationHistogram histogram;
    double sum = 0.0;
    for (int i = 0; i < 10'001; ++i) {
        values.push_back(std::exp(random.normal() * 2.0));
        histogram.add(values.back());
        sum += values.back();
    }
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(std::ceil(share * 10'001)) - 1];
    };
    const auto summary = histogram.summary();
    CHECK(histogram.count() == 10'001);
    CHECK(summary.mean_ms == Approx(sum / 10'001));
    CHECK(summary.p50_ms == Approx(at(0.50)).epsilon(0.0051));
    CHECK(summary.p95_ms == Approx(at(0.95)).epsilon(0.0051));
    CHECK(summary.p99_ms == Approx(at(0.99)).epsilon(0.0051));
}

TEST_CASE("A single duration is its own mean and percentile whatever its size") {
    for (const double ms : {0.0, 1e-7, 0.04, 33.3, 1e9}) {
        DurationHistogram histogram;
        histogram.add(ms);
        const auto summary = histogram.summary();
        CHECK(summary.mean_ms == ms);
        CHECK(summary.p50_ms == ms);
        CHECK(summary.p99_ms == ms);
    }
}

TEST_CASE("The 99th percentile ignores one slow frame in a hundred, but not two") {
    DurationHistogram histogram;
    for (int i = 0; i < 99; ++i) histogram.add(1.0);
    histogram.add(100.0);
    CHECK(histogram.summary().p99_ms == Approx(1.0).epsilon(0.006));
    histogram.add(100.0);
    CHECK(histogram.summary().p99_ms == Approx(100.0).epsilon(0.006));
}

TEST_CASE("Without durations the summary is all zeros") {
    const auto summary = DurationHistogram().summary();
    CHECK(summary.mean_ms == 0.0);
    CHECK(summary.p99_ms == 0.0);
}

TEST_CASE("The compute time of a frame is the sum of detecting, tracking, scoring and smoothing") {
    FrameTimes frame;
    frame[Stage::kDecode] = 100.0;
    frame[Stage::kDetect] = 1.0;
    frame[Stage::kTrack] = 2.0;
    frame[Stage::kScore] = 4.0;
    frame[Stage::kSmooth] = 8.0;
    frame[Stage::kDraw] = frame[Stage::kEncode] = frame[Stage::kShow] = 1000.0;
    CHECK(frame.compute_ms() == 15.0);

    StageTimes times;
    times.add(frame);
    times.add(FrameTimes());
    CHECK(times.frames() == 2);
    CHECK(times.compute().mean_ms == 7.5);
    CHECK(times.stage(Stage::kDecode).mean_ms == 50.0);
    CHECK(times.stage(Stage::kScore).mean_ms == 2.0);
}

TEST_CASE("A stopwatch measures each lap separately") {
    const auto started = std::chrono::steady_clock::now();
    Stopwatch stopwatch;
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    const auto first_ms = stopwatch.lap_ms(), second_ms = stopwatch.lap_ms();
    const std::chrono::duration<double, std::milli> in_all = std::chrono::steady_clock::now() - started;
    CHECK(first_ms >= 29.0);
    CHECK(second_ms >= 0.0);
    CHECK(first_ms + second_ms <= in_all.count());
}

}  // namespace stage_times_test
