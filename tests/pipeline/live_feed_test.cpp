#include "pipeline/live_feed.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/live_analysis.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace live_feed_test {

using namespace emotion;
using namespace emotion::pipeline;
using namespace std::chrono_literals;
using Phase = FeedState::Phase;

namespace {

constexpr auto kTimeout = 120s;  // for the feed's thread, however busy the machine

/// Advanced only by the script.
class ScriptedClock : public FeedClock {
  public:
    struct Shared {
        std::atomic<std::int64_t> now_ms = 1'000'000;
        std::vector<std::chrono::milliseconds> pauses;  ///< read it after the feed has ended
    };
    explicit ScriptedClock(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
    Time now() const override { return Time(std::chrono::milliseconds(shared_->now_ms)); }
    void pause(std::chrono::milliseconds duration, std::stop_token) override {
        shared_->pauses.push_back(duration);
        shared_->now_ms += duration.count();
    }

  private:
    std::shared_ptr<Shared> shared_;
};

/// Each step returns a frame, the end, or throws.
using Script = std::deque<std::function<std::optional<media::Frame>()>>;

class ScriptedSource : public media::FrameSource {
  public:
    explicit ScriptedSource(Script script) : script_(std::move(script)) {
        info_.kind = media::SourceKind::kLive;
    }
    const media::SourceInfo& info() const override { return info_; }
    std::optional<media::Frame> next() override {
        if (script_.empty()) return std::nullopt;
        const auto step = std::move(script_.front());
        script_.pop_front();
        return step();
    }

  private:
    Script script_;
    media::SourceInfo info_;
};

struct Rig {
    std::shared_ptr<ScriptedClock::Shared> clock = std::make_shared<ScriptedClock::Shared>();
    std::deque<std::function<std::unique_ptr<media::FrameSource>()>> openings;

    std::unique_ptr<LiveFeed> start(const FeedOptions& options = {}) {
        return std::make_unique<LiveFeed>(
            [this]() -> std::unique_ptr<media::FrameSource> {
                if (openings.empty()) return std::make_unique<ScriptedSource>(Script{});
                const auto open = std::move(openings.front());
                openings.pop_front();
                return open();
            },
            options, std::make_unique<ScriptedClock>(clock));
    }
    void opens(Script script) {
        openings.push_back([script] { return std::make_unique<ScriptedSource>(script); });
    }
    void refuses(const std::string& problem) {
        openings.push_back([problem]() -> std::unique_ptr<media::FrameSource> { throw Error(problem); });
    }
    /// A frame that arrives `after` the previous step.
    auto frame(std::int64_t index, double time_s, std::chrono::milliseconds after = 0ms,
               cv::Size size = {8, 6}) {
        return [=, this]() -> std::optional<media::Frame> {
            clock->now_ms += after.count();
            return media::Frame{cv::Mat(size, CV_8UC3, cv::Scalar::all(0)), index, time_s};
        };
    }
};

std::optional<media::Frame> unplugged() {
    throw Error("camera 0: unplugged");
}

FeedState end_of(LiveFeed& feed) {
    const auto limit = std::chrono::steady_clock::now() + kTimeout;
    for (;;) {
        const auto state = feed.state();
        if (state.phase == Phase::kEnded || state.phase == Phase::kFailed) return state;
        REQUIRE(std::chrono::steady_clock::now() < limit);
        std::this_thread::sleep_for(1ms);
    }
}

}  // namespace

TEST_CASE("A source whose frames are all kept waits until each is taken") {
    Rig rig;
    std::atomic<int> read = 0;
    Script script;
    for (int i = 0; i < 20; ++i)
        script.push_back([&, next = rig.frame(i, 0.1 * i)] {
            ++read;
            return next();
        });
    rig.opens(script);
    const auto feed = rig.start({.keeps_all = true});
    for (int i = 0; i < 20; ++i) {
        const auto arrived = feed->take(kTimeout);
        REQUIRE(arrived);
        CHECK(arrived->frame.index == i);
        CHECK(read <= i + 3);  // this one, one that is queued and one that waits
    }
    CHECK(end_of(*feed).phase == Phase::kEnded);
}

TEST_CASE("While an analysis is paused, a source whose frames are all kept waits") {
    Rig rig;
    Script script;
    for (int i = 0; i < 6; ++i) script.push_back(rig.frame(i, 0.1 * i, 0ms, {64, 48}));
    FramePipeline pipeline(
        {}, std::make_unique<test::ScriptedDetector>(std::deque<std::vector<faces::FaceBox>>()),
        std::make_unique<test::FunctionScorer>(test::two_class_card(), nullptr));
    LiveAnalysis analysis([&] { return std::make_unique<ScriptedSource>(script); }, {.keeps_all = true},
                          pipeline, [](const std::string&) {});
    std::vector<std::int64_t> seen;
    while (!analysis.ended()) {
        if (const auto frame = analysis.next(kTimeout)) {
            seen.push_back(frame->frame.index);
            CHECK(frame->dropped == 0);
        }
        if (seen.size() != 2) continue;
        analysis.set_paused(true);
        for (int i = 0; i < 5; ++i) CHECK_FALSE(analysis.next(2ms));
        analysis.set_paused(false);
    }
    CHECK(seen == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("Skipped frames leave a gap in the numbers") {
    Rig rig;
    std::promise<void> first_taken;
    auto go_on = first_taken.get_future().share();
    rig.opens({rig.frame(0, 0.0),
               [&, go_on, next = rig.frame(1, 0.1)] {
                   go_on.wait();
                   return next();
               },
               rig.frame(2, 0.2), rig.frame(3, 0.3)});
    const auto feed = rig.start();
    const auto first = feed->take(kTimeout);
    REQUIRE(first);
    CHECK(first->frame.index == 0);
    first_taken.set_value();
    CHECK(end_of(*feed).phase == Phase::kEnded);
    const auto last = feed->take(kTimeout);
    REQUIRE(last);
    CHECK(last->frame.index == 3);
    CHECK(last->frame.time_s == Approx(0.3));
}

TEST_CASE("A lost source is reopened after pauses that grow to a limit") {
    Rig rig;
    rig.opens({rig.frame(0, 0.0), unplugged});
    for (int i = 0; i < 4; ++i) rig.refuses("camera 0: not there");
    rig.opens({rig.frame(0, 0.0), unplugged});
    const auto feed = rig.start({false, 100ms, 500ms});
    const auto state = end_of(*feed);
    CHECK(state.phase == Phase::kEnded);
    CHECK(state.openings == 3);
    CHECK(rig.clock->pauses ==
          std::vector<std::chrono::milliseconds>{100ms, 200ms, 400ms, 500ms, 500ms, 100ms});
}

TEST_CASE("Numbers and times continue when a source is back") {
    Rig rig;
    rig.opens({rig.frame(0, 0.0), rig.frame(1, 0.04, 40ms), unplugged});
    rig.opens({rig.frame(0, 0.0, 1000ms), rig.frame(1, 0.04, 40ms, {16, 12})});
    const auto feed = rig.start({false, 200ms, 500ms});
    end_of(*feed);
    const auto last = feed->take(0ms);
    REQUIRE(last);
    CHECK(last->frame.index == 3);
    CHECK(last->frame.time_s == Approx(0.04 + 0.2 + 1.0 + 0.04));
    CHECK(last->frame.bgr.size() == cv::Size(8, 6));
}

TEST_CASE("A source that is missing at the start fails unless waiting is requested") {
    Rig rig;
    rig.refuses("camera 0: not there");
    rig.opens({rig.frame(0, 0.0)});
    SECTION("at once") {
        const auto feed = rig.start();
        const auto state = end_of(*feed);
        CHECK(state.phase == Phase::kFailed);
        CHECK(state.problem == "camera 0: not there");
        CHECK_FALSE(feed->take(kTimeout));
    }
    SECTION("waited for") {
        const auto feed = rig.start({true, 100ms, 500ms});
        const auto state = end_of(*feed);
        CHECK(state.phase == Phase::kEnded);
        CHECK(state.openings == 1);
        CHECK(feed->take(kTimeout));
    }
}

TEST_CASE("A feed can be destroyed while its source is lost") {
    const auto started = std::chrono::steady_clock::now();
    {
        LiveFeed feed([]() -> std::unique_ptr<media::FrameSource> { throw Error("camera 0: not there"); },
                      {true, 3'600'000ms, 3'600'000ms});
        const auto limit = std::chrono::steady_clock::now() + kTimeout;
        while (feed.state().phase != Phase::kLost && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(1ms);
        CHECK(feed.state().phase == Phase::kLost);
        CHECK(feed.state().problem == "camera 0: not there");
    }
    CHECK(std::chrono::steady_clock::now() - started < kTimeout);
}

}  // namespace live_feed_test
