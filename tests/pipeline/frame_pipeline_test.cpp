#include "pipeline/frame_pipeline.hpp"

#include <memory>

#include <opencv2/core.hpp>

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace frame_pipeline_test {

using namespace emotion;
using namespace emotion::pipeline;
using test::FunctionScorer;
using test::ScriptedDetector;
using test::two_class_card;

namespace {

/// The brighter the crop, the happier the face.
std::vector<float> brightness(const cv::Mat& crop) {
    const auto happy = static_cast<float>(cv::mean(crop)[0] / 255.0);
    return {happy, 1.0f - happy};
}

FramePipeline make_pipeline(std::deque<std::vector<faces::FaceBox>> frames,
                            FunctionScorer::Function score = brightness) {
    return FramePipeline({}, std::make_unique<ScriptedDetector>(std::move(frames)),
                         std::make_unique<FunctionScorer>(two_class_card(), std::move(score)));
}

media::SourceInfo clip(const std::string& name) {
    media::SourceInfo info;
    info.name = name;
    info.fps = 30.0;
    return info;
}

/// White on the left, black on the right.
media::Frame two_tone_frame(std::int64_t index) {
    cv::Mat bgr(120, 200, CV_8UC3, cv::Scalar::all(0));
    bgr.colRange(0, 100).setTo(cv::Scalar::all(255));
    return {bgr, index, static_cast<double>(index) / 30.0};
}

const faces::FaceBox kLeft{{20, 30, 60, 60}};
const faces::FaceBox kRight{{120, 30, 60, 60}};

}  // namespace

TEST_CASE("Each face of a frame gets its own score, label and persistent track") {
    auto pipeline = make_pipeline({{kLeft, kRight}, {kRight, kLeft}, {kLeft, kRight}});
    pipeline.start(clip("clip.mp4"));
    std::map<int, std::optional<int>> label_of;
    for (int i = 0; i < 3; ++i) {
        FrameTimes times;
        const auto result = pipeline.process(two_tone_frame(i), times);
        CHECK(result.source == "clip.mp4");
        CHECK(result.frame == i);
        CHECK(result.size == cv::Size(200, 120));
        REQUIRE(result.faces.size() == 2);
        for (const auto& face : result.faces) {
            const bool left = face.box_in_frame.x < 100;
            CHECK(face.label == (left ? 0 : 1));
            CHECK(face.raw[left ? 0 : 1] == Approx(1.0));
            CHECK(face.probabilities[left ? 0 : 1] == Approx(1.0));
            CHECK(face.confidence == Approx(1.0));
            if (i > 0) CHECK(label_of.at(face.track) == face.label);
            label_of[face.track] = face.label;
        }
    }
    CHECK(label_of.size() == 2);
}

TEST_CASE("A frame without a face has a regular result") {
    auto pipeline = make_pipeline({});
    pipeline.start(clip("empty.mp4"));
    FrameTimes times;
    const auto result = pipeline.process(two_tone_frame(5), times);
    CHECK(result.frame == 5);
    CHECK(result.time_s == Approx(5.0 / 30.0));
    CHECK(result.faces.empty());
}

TEST_CASE("Tracks are discarded at the start of the next source") {
    auto pipeline = make_pipeline({{kLeft}, {kRight}});
    FrameTimes times;
    pipeline.start(clip("first.mp4"));
    pipeline.process(two_tone_frame(100), times);
    pipeline.start(clip("second.mp4"));
    const auto result = pipeline.process(two_tone_frame(0), times);
    REQUIRE(result.faces.size() == 1);
    CHECK(result.source == "second.mp4");
    CHECK(result.faces[0].track == 1);
    CHECK(result.faces[0].label == 1);
}

TEST_CASE("No face is carried over to a frame of another size") {
    auto pipeline = make_pipeline({{kRight}, {kRight}, {kRight}, {}, {{{10, 10, 30, 30}}}});
    pipeline.start(clip("broadcast.ts"));
    FrameTimes times;
    for (int i = 0; i < 3; ++i) pipeline.process(two_tone_frame(i), times);
    const auto small = [](std::int64_t index) {
        return media::Frame{cv::Mat(40, 60, CV_8UC3, cv::Scalar::all(0)), index,
                            static_cast<double>(index) / 30.0};
    };
    const auto result = pipeline.process(small(3), times);
    CHECK(result.size == cv::Size(60, 40));
    CHECK(result.faces.empty());
    const auto next = pipeline.process(small(4), times);
    REQUIRE(next.faces.size() == 1);
    CHECK(next.faces[0].track == 2);
}

TEST_CASE("The scorer gets the crop specified by its card and the frame is not modified") {
    auto card = two_class_card();
    card.crop.width = 32;
    card.crop.height = 24;
    card.crop.color = faces::CropColor::kBgr;
    cv::Mat seen;
    FramePipeline pipeline(
        {}, std::make_unique<ScriptedDetector>(std::deque<std::vector<faces::FaceBox>>{{kLeft}}),
        std::make_unique<FunctionScorer>(card, [&](const cv::Mat& crop) {
            seen = crop.clone();
            return std::vector<float>{0.5f, 0.5f};
        }));
    pipeline.start(clip("clip.mp4"));
    const auto frame = two_tone_frame(0);
    const cv::Mat before = frame.bgr.clone();
    FrameTimes times;
    pipeline.process(frame, times);
    CHECK(seen.size() == cv::Size(32, 24));
    CHECK(seen.type() == CV_8UC3);
    CHECK(cv::norm(before, frame.bgr, cv::NORM_INF) == 0.0);
}

TEST_CASE("The times of a frame are reported per stage") {
    auto pipeline = make_pipeline({{kLeft}});
    pipeline.start(clip("clip.mp4"));
    FrameTimes times;
    pipeline.process(two_tone_frame(0), times);
    for (const auto stage : {Stage::kDetect, Stage::kTrack, Stage::kScore, Stage::kSmooth})
        CHECK(times[stage] > 0.0);
    for (const auto stage : {Stage::kDecode, Stage::kDraw, Stage::kEncode, Stage::kShow})
        CHECK(times[stage] == 0.0);
}

namespace {

/// Records how it was called.
class ListeningDetector : public faces::FaceDetector {
  public:
    explicit ListeningDetector(std::vector<std::string>& calls) : calls_(calls) {}
    std::vector<faces::FaceBox> detect(const cv::Mat&) override {
        calls_.push_back("whole");
        return {kLeft};
    }
    std::vector<faces::FaceBox> detect_next(const cv::Mat&, double,
                                            const std::vector<faces::ExpectedFace>& expected) override {
        calls_.push_back(std::to_string(expected.size()) + " expected");
        return {kLeft};
    }
    void start() override { calls_.push_back("start"); }

  private:
    std::vector<std::string>& calls_;
};

}  // namespace

TEST_CASE("Video frames are searched near expected faces and pictures completely") {
    std::vector<std::string> calls;
    FramePipeline pipeline({}, std::make_unique<ListeningDetector>(calls),
                           std::make_unique<FunctionScorer>(two_class_card(), brightness));
    FrameTimes times;
    media::SourceInfo pictures, camera;
    pictures.kind = media::SourceKind::kPicture;
    camera.kind = media::SourceKind::kLive;
    for (const auto& source : {pictures, camera, clip("clip.mp4")}) {
        pipeline.start(source);
        for (int i = 0; i < 2; ++i) pipeline.process(two_tone_frame(i), times);
    }
    CHECK(calls == std::vector<std::string>{"start", "whole", "whole", "start", "0 expected", "1 expected",
                                            "start", "0 expected", "1 expected"});
}

TEST_CASE("A tilted face is scored upright and its roll is in the result") {
    cv::Mat seen;
    faces::FaceBox tilted{{70, 30, 60, 60}};
    tilted.roll_deg = 90.0f;
    FramePipeline pipeline(
        {}, std::make_unique<ScriptedDetector>(std::deque<std::vector<faces::FaceBox>>{{tilted}}),
        std::make_unique<FunctionScorer>(two_class_card(), [&](const cv::Mat& crop) {
            seen = crop.clone();
            return std::vector<float>{0.5f, 0.5f};
        }));
    pipeline.start(clip("clip.mp4"));
    FrameTimes times;
    const auto result = pipeline.process(two_tone_frame(0), times);
    REQUIRE(result.faces.size() == 1);
    CHECK(result.faces[0].roll_deg == 90.0f);
    // The top of the head is on the right, which is black, the chin on the left, which is white.
    CHECK(cv::mean(seen.rowRange(0, 20))[0] < 10);
    CHECK(cv::mean(seen.rowRange(30, 50))[0] > 245);
}

namespace {

/// Happy, fear, and not_a_face: the darker the crop, the more likely.
FramePipeline make_pipeline_that_knows_faces(std::deque<std::vector<faces::FaceBox>> frames) {
    auto card = two_class_card();
    card.classes.emplace_back(kNotAFace);
    return FramePipeline({}, std::make_unique<ScriptedDetector>(std::move(frames)),
                         std::make_unique<FunctionScorer>(card, [](const cv::Mat& crop) {
                             const auto face = static_cast<float>(cv::mean(crop)[0] / 255.0);
                             return std::vector<float>{face, 0.0f, 1.0f - face};
                         }));
}

}  // namespace

TEST_CASE("Detections that the model rejects are not shown, in pictures and in videos") {
    media::SourceInfo pictures;
    for (const auto& source : {pictures, clip("clip.mp4")}) {
        auto pipeline = make_pipeline_that_knows_faces({{kLeft, kRight}, {kLeft, kRight}, {kRight}});
        pipeline.start(source);
        for (int i = 0; i < 3; ++i) {
            FrameTimes times;
            const auto result = pipeline.process(two_tone_frame(i), times);
            for (const auto& face : result.faces) CHECK(face.box_in_frame.x < 100);
            if (i < 2) CHECK(result.faces.size() == 1);
        }
    }
}

namespace {

/// Records whether weak detections are enabled.
class AskedDetector : public ScriptedDetector {
  public:
    explicit AskedDetector(bool& allowed) : ScriptedDetector({}), allowed_(allowed) {}
    void allow_weak(bool allowed) override { allowed_ = allowed; }

  private:
    bool& allowed_;
};

}  // namespace

TEST_CASE("Weak detections are enabled if the model can reject them") {
    for (const bool knows : {false, true}) {
        auto card = two_class_card();
        if (knows) card.classes.emplace_back(kNotAFace);
        bool allowed = !knows;
        const FramePipeline pipeline({}, std::make_unique<AskedDetector>(allowed),
                                     std::make_unique<FunctionScorer>(card, brightness));
        CHECK(allowed == knows);
    }
}

TEST_CASE("Answers are shifted by how a face that was found often enough looked at rest, smoothed ones too") {
    auto card = two_class_card();
    card.classes = {"happy", "fear", "neutral", kNotAFace};
    card.neutral = {-3.0, -3.0, -0.1, -9.0};
    std::deque<std::vector<faces::FaceBox>> frames;
    for (int i = 0; i < 40; ++i)  // the right one is shown between two finds too, where it may not be
        frames.push_back(i % 3 == 0 ? std::vector{kLeft, kRight} : std::vector{kLeft});
    FramePipeline pipeline({}, std::make_unique<ScriptedDetector>(std::move(frames)),
                           std::make_unique<FunctionScorer>(card, [](const cv::Mat&) {
                               return std::vector<float>{0.7f, 0.1f, 0.2f, 0.0f};
                           }));
    pipeline.start(clip("clip.mp4"));
    pipeline.neutral().gather(0.5, {});
    int carried = 0;
    for (int i = 0; i < 40; ++i) {
        FrameTimes times;
        const auto result = pipeline.process(two_tone_frame(i), times);
        INFO("frame " << i);
        for (const auto& face : result.faces) {
            const bool left = face.box_in_frame.x < 100;
            carried += !left && i % 3 != 0 && i < 15;
            CHECK(face.neutral == (left && i >= 15));
            CHECK(face.raw[0] == (face.neutral ? Approx(0.4446).margin(0.001) : Approx(0.7)));
            if (!left || i == 39) CHECK(face.label == (left ? std::nullopt : std::optional(0)));
        }
    }
    CHECK(carried + 5 >= NeutralBaseline::kMinFrames);
}

}  // namespace frame_pipeline_test
