#include "pipeline/recording_analysis.hpp"

#include <atomic>
#include <chrono>
#include <climits>
#include <memory>
#include <optional>
#include <thread>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace recording_analysis_test {

using namespace emotion;
using namespace emotion::pipeline;
using test::FunctionScorer;
using test::two_class_card;

namespace {

/// This many dark frames at 25 per second, optionally followed by an error.
class DarkSource : public media::FrameSource {
  public:
    DarkSource(int frames, bool fails, int smaller_from = INT_MAX)
        : frames_(frames), smaller_from_(smaller_from), fails_(fails) {
        info_.name = "dark.mp4";
        info_.fps = 25.0;
    }
    const media::SourceInfo& info() const override { return info_; }
    std::optional<media::Frame> next() override {
        if (given_ == frames_ && fails_) throw Error("dark.mp4: broke off");
        if (given_ == frames_) return std::nullopt;
        const int number = given_++;
        const cv::Size size = number < smaller_from_ ? cv::Size(64, 48) : cv::Size(48, 48);
        return media::Frame{cv::Mat(size, CV_8UC3, cv::Scalar::all(0)), number, number / 25.0};
    }
    int given() const { return given_; }

  private:
    media::SourceInfo info_;
    int frames_, smaller_from_, given_ = 0;
    bool fails_;
};

/// A face that moves by a pixel with every search.
class MovingFace : public faces::FaceDetector {
  public:
    explicit MovingFace(int& searches) : searches_(searches) {}
    std::vector<faces::FaceBox> detect(const cv::Mat&) override {
        const int x = searches_++ % 16;
        return {{cv::Rect(x, 4, 40, 40)}};
    }

  private:
    int& searches_;
};

/// A static face.
class StillFace : public faces::FaceDetector {
  public:
    std::vector<faces::FaceBox> detect(const cv::Mat&) override { return {{cv::Rect(4, 4, 40, 40)}}; }
};

/// Waits for the next frame; nullopt at the end.
std::optional<AnalyzedFrame> next(RecordingAnalysis& analysis) {
    while (!analysis.ended())
        if (auto frame = analysis.next(std::chrono::seconds(1))) return frame;
    return std::nullopt;
}

struct Fixture {
    int searches = 0;
    FramePipeline pipeline{DetectorConfig{}, std::make_unique<MovingFace>(searches),
                           std::make_unique<FunctionScorer>(two_class_card(), [](const cv::Mat&) {
                               return std::vector<float>{0.8f, 0.2f};
                           })};

    std::vector<AnalyzedFrame> run(const AnalysisOptions& options, int frames = 60) {
        DarkSource source(frames, false);
        RecordingAnalysis analysis(source, pipeline, options);
        std::vector<AnalyzedFrame> results;
        while (auto frame = next(analysis)) results.push_back(std::move(*frame));
        return results;
    }
};

AnalysisOptions smoothed() {
    AnalysisOptions options;
    options.look_ahead = SmoothingOptions{};
    return options;
}

}  // namespace

TEST_CASE("A recording is returned frame by frame in order with its faces") {
    Fixture fixture;
    for (const auto& options : {AnalysisOptions{}, smoothed()}) {
        const auto results = fixture.run(options);
        REQUIRE(results.size() == 60);
        for (int i = 0; i < 60; ++i) {
            CHECK(results[i].result.frame == i);
            CHECK(results[i].result.time_s == i / 25.0);
            CHECK(results[i].frame.bgr.size() == cv::Size(64, 48));
            REQUIRE(results[i].result.faces.size() == 1);
            CHECK(results[i].result.faces[0].label == 0);
            CHECK(results[i].times[Stage::kDetect] > 0.0);
        }
    }
    CHECK(fixture.searches == 120);
}

TEST_CASE("Frames between searched ones get the faces of the last searched one") {
    Fixture fixture;
    auto options = smoothed();
    options.every = 7;
    const auto results = fixture.run(options);
    REQUIRE(results.size() == 60);
    CHECK(fixture.searches == 9);
    for (int i = 0; i < 60; ++i) {
        CHECK(results[i].searched == (i % 7 == 0));
        CHECK(results[i].result.frame == i);
        REQUIRE(results[i].result.faces.size() == 1);
        CHECK(results[i].result.faces[0].box_in_frame == results[i - i % 7].result.faces[0].box_in_frame);
    }
}

TEST_CASE("Frames of another size than the last searched one get none of its faces") {
    Fixture fixture;
    DarkSource source(15, false, 9);
    AnalysisOptions options;
    options.every = 7;
    RecordingAnalysis analysis(source, fixture.pipeline, options);
    for (int i = 0; i < 15; ++i) {
        const auto frame = next(analysis);
        REQUIRE(frame);
        CHECK(frame->result.faces.size() == (i < 9 || i == 14 ? 1 : 0));
    }
}

TEST_CASE("An analysis respects the requested end") {
    Fixture fixture;
    auto options = smoothed();
    options.end_s = 1.0;
    CHECK(fixture.run(options).size() == 25);
}

TEST_CASE("Unneeded pixels are not kept") {
    Fixture fixture;
    auto options = smoothed();
    options.keep_pixels = false;
    for (const auto& frame : fixture.run(options)) {
        CHECK(frame.frame.bgr.empty());
        CHECK(frame.result.size == cv::Size(64, 48));
    }
}

TEST_CASE("A failing source returns the frames before its error") {
    Fixture fixture;
    DarkSource source(10, true);
    RecordingAnalysis analysis(source, fixture.pipeline, smoothed());
    for (int i = 0; i < 10; ++i) REQUIRE(next(analysis)->result.frame == i);
    CHECK_THROWS_WITH(next(analysis), "dark.mp4: broke off");
}

TEST_CASE("An abandoned analysis runs ahead only by the length of its queues") {
    Fixture fixture;
    DarkSource source(1000, false);
    {
        RecordingAnalysis analysis(source, fixture.pipeline, AnalysisOptions{});
        CHECK(next(analysis));
    }
    CHECK(source.given() < 20);
}

TEST_CASE("Faces are smoothed once, and errors of smoothing follow the source's own") {
    /// Two probabilities for three classes make smoothing throw.
    auto card = two_class_card();
    card.classes.emplace_back("sad");
    FramePipeline pipeline(DetectorConfig{}, std::make_unique<StillFace>(),
                           std::make_unique<FunctionScorer>(card, [](const cv::Mat&) {
                               return std::vector<float>{0.8f, 0.2f};
                           }));
    for (const bool fails : {false, true}) {
        DarkSource source(3, fails);
        RecordingAnalysis analysis(source, pipeline, smoothed());
        CHECK_THROWS_WITH(next(analysis), fails ? "dark.mp4: broke off" : "expected 3 probabilities, got 2");
    }
}

TEST_CASE("An analysis reports that nothing has arrived from a slow source, and that it has ended") {
    struct SlowSource : DarkSource {
        using DarkSource::DarkSource;
        std::optional<media::Frame> next() override {
            while (!may_go_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return DarkSource::next();
        }
        std::atomic<bool> may_go_on = false;
    };
    Fixture fixture;
    SlowSource source(1, false);
    RecordingAnalysis analysis(source, fixture.pipeline, AnalysisOptions{});
    CHECK_FALSE(analysis.next(std::chrono::milliseconds(1)));
    CHECK_FALSE(analysis.ended());
    CHECK(analysis.info()->name == "dark.mp4");
    source.may_go_on = true;
    CHECK(next(analysis));
    CHECK_FALSE(next(analysis));
    CHECK(analysis.ended());
    CHECK_FALSE(analysis.next(std::chrono::milliseconds(1)));
}

}  // namespace recording_analysis_test
