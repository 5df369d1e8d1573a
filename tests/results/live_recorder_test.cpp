#include "results/live_recorder.hpp"

#include <filesystem>
#include <vector>

#include <opencv2/core.hpp>

#include "media/image_files.hpp"
#include "media/sources.hpp"
#include "support/catch.hpp"
#include "support/working_folder.hpp"

namespace live_recorder_test {

using namespace emotion;
using namespace emotion::results;
using test::WorkingFolder;

namespace {

media::SourceInfo camera() {
    media::SourceInfo info;
    info.name = "camera";
    info.width = 64;
    info.height = 48;
    info.fps = 25.0;
    info.kind = media::SourceKind::kLive;
    return info;
}

/// Dark on the left, bright on the right.
media::Frame picture() {
    media::Frame frame;
    frame.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(40));
    frame.bgr.colRange(32, 64) = cv::Scalar::all(200);
    return frame;
}

faces::FrameResult at(double time_s) {
    faces::FrameResult result;
    result.time_s = time_s;
    result.size = {64, 48};
    return result;
}

/// Writes a frame with this time.
void write(LiveRecorder& recorder, double time_s, drawing::Canvas& canvas) {
    const auto result = at(time_s);
    canvas.start(picture(), result);
    recorder.write(result, canvas);
}

}  // namespace

TEST_CASE("a recorded video holds the frames between two key presses, timed from the first") {
    const WorkingFolder folder;
    std::vector<std::string> reported;
    LiveRecorder recorder([&](const std::string& line) { reported.push_back(line); });
    drawing::Canvas canvas({}, {});
    recorder.start(camera());
    write(recorder, 1.0, canvas);  // before: in no video
    CHECK_FALSE(recorder.video_seconds());
    CHECK_THAT(recorder.toggle_video(), ContainsSubstring(".mp4: recording"));
    for (int i = 0; i < 5; ++i) write(recorder, 7.0 + i / 25.0, canvas);
    REQUIRE(recorder.video_seconds());
    CHECK(*recorder.video_seconds() == Approx(4 / 25.0));
    CHECK_THAT(recorder.toggle_video(), ContainsSubstring(".mp4: saved"));
    CHECK_FALSE(recorder.video_seconds());
    write(recorder, 9.0, canvas);  // after
    recorder.finish();
    CHECK(reported.size() == 2);

    REQUIRE(folder.files().size() == 1);
    const auto video = media::open_source(folder.files()[0].string());
    std::vector<double> times;
    while (const auto frame = video->next()) times.push_back(frame->time_s);
    REQUIRE(times.size() == 5);
    CHECK(times.front() == Approx(0.0).margin(0.001));
    CHECK(times.back() == Approx(4 / 25.0).margin(0.001));
}

TEST_CASE("a video without frames leaves no file, and an open one is completed at the end") {
    const WorkingFolder folder;
    LiveRecorder recorder([](const std::string&) {});
    drawing::Canvas canvas({}, {});
    recorder.start(camera());
    recorder.toggle_video();
    CHECK_THAT(recorder.toggle_video(), ContainsSubstring("not written, because no frame arrived"));
    CHECK(folder.files().empty());
    recorder.toggle_video();
    write(recorder, 1.0, canvas);
    recorder.finish();
    REQUIRE(folder.files().size() == 1);
    CHECK(media::open_source(folder.files()[0].string())->next());
}

TEST_CASE("pictures saved within a second get different names and match the window") {
    const WorkingFolder folder;
    LiveRecorder recorder([](const std::string&) {});
    drawing::Canvas canvas({}, {});
    recorder.start(camera());
    const bool mirror = GENERATE(false, true);
    canvas.set_mirror(mirror);
    canvas.start(picture(), at(1.0));
    for (int i = 0; i < 3; ++i) recorder.save_picture(canvas);
    REQUIRE(folder.files().size() == 3);
    for (const auto& file : folder.files()) {
        const cv::Mat saved = test::read_image(file);
        REQUIRE(saved.size() == cv::Size(64, 48));
        CHECK(saved.at<cv::Vec3b>(10, 5)[0] == (mirror ? 200 : 40));
        CHECK(saved.at<cv::Vec3b>(10, 60)[0] == (mirror ? 40 : 200));
    }
}

TEST_CASE("recordings that cannot be written are reported and end nothing") {
    WorkingFolder folder;
    std::vector<std::string> reported;
    LiveRecorder recorder([&](const std::string& line) { reported.push_back(line); });
    drawing::Canvas canvas({}, {});
    recorder.start(camera());
    folder.remove();
    canvas.start(picture(), at(1.0));
    const auto picture_reported = recorder.save_picture(canvas);
    const auto video_reported = recorder.toggle_video();
    CHECK(reported == std::vector{picture_reported, video_reported});
    for (const auto& line : reported) {
        CHECK_THAT(line, ContainsSubstring("emotion-") && !ContainsSubstring("saved") &&
                             !ContainsSubstring("recording"));
        CHECK(line.find('\n') == std::string::npos);
    }
    CHECK_FALSE(recorder.video_seconds());
    write(recorder, 1.0, canvas);
    recorder.finish();
}

}  // namespace live_recorder_test
