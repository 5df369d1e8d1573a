#include "apps/detector/recordings.hpp"

#include <filesystem>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "media/frame_source.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace emotion;
using namespace emotion::apps;

namespace {

namespace fs = std::filesystem;

/// The program's working folder for as long as this is there.
class WorkingFolder {
  public:
    WorkingFolder() : before_(fs::current_path()) { fs::current_path(folder_.path()); }
    ~WorkingFolder() { fs::current_path(before_); }
    WorkingFolder(const WorkingFolder&) = delete;
    WorkingFolder& operator=(const WorkingFolder&) = delete;

    std::vector<fs::path> files() const {
        std::vector<fs::path> found;
        for (const auto& entry : fs::directory_iterator(folder_.path())) found.push_back(entry.path());
        return found;
    }
    void remove() { fs::remove(folder_.path()); }

  private:
    test::TemporaryFolder folder_;
    const fs::path before_;
};

media::SourceInfo camera() {
    media::SourceInfo info;
    info.name = "camera";
    info.width = 64;
    info.height = 48;
    info.fps = 25.0;
    info.kind = media::SourceKind::kLive;
    return info;
}

/// Dark on the left, light on the right.
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

const drawing::OverlayStyle kOverlay;

}  // namespace

TEST_CASE("a key's video holds the frames between two presses, counted from the first of them") {
    const WorkingFolder folder;
    std::vector<std::string> told;
    Recordings recordings(camera(), nullptr, [&](const std::string& line) { told.push_back(line); });
    recordings.write(picture(), at(1.0), {kOverlay});  // before: in no video
    CHECK_FALSE(recordings.video_seconds());
    CHECK_THAT(recordings.toggle_video(), ContainsSubstring(".mp4: recording"));
    for (int i = 0; i < 5; ++i) recordings.write(picture(), at(7.0 + i / 25.0), {kOverlay});
    REQUIRE(recordings.video_seconds());
    CHECK(*recordings.video_seconds() == Approx(4 / 25.0));
    CHECK_THAT(recordings.toggle_video(), ContainsSubstring(".mp4: saved"));
    CHECK_FALSE(recordings.video_seconds());
    recordings.write(picture(), at(9.0), {kOverlay});  // after
    recordings.finish();
    CHECK(told.size() == 2);

    REQUIRE(folder.files().size() == 1);
    const auto video = media::open_source(folder.files()[0].string());
    std::vector<double> times;
    while (const auto frame = video->next()) times.push_back(frame->time_s);
    REQUIRE(times.size() == 5);
    CHECK(times.front() == Approx(0.0).margin(0.001));
    CHECK(times.back() == Approx(4 / 25.0).margin(0.001));
}

TEST_CASE("a video without a frame is no file, one at work is completed at the end") {
    const WorkingFolder folder;
    Recordings recordings(camera(), nullptr, [](const std::string&) {});
    recordings.toggle_video();
    CHECK_THAT(recordings.toggle_video(), ContainsSubstring("not written, as no frame came"));
    CHECK(folder.files().empty());
    recordings.toggle_video();
    recordings.write(picture(), at(1.0), {kOverlay});
    recordings.finish();
    REQUIRE(folder.files().size() == 1);
    CHECK(media::open_source(folder.files()[0].string())->next());
}

TEST_CASE("pictures of one second have names of their own and show what the window does") {
    const WorkingFolder folder;
    Recordings recordings(camera(), nullptr, [](const std::string&) {});
    const bool mirror = GENERATE(false, true);
    for (int i = 0; i < 3; ++i) recordings.save_picture(picture(), at(1.0), {kOverlay, mirror});
    REQUIRE(folder.files().size() == 3);
    for (const auto& file : folder.files()) {
        const cv::Mat saved = cv::imread(file.string());
        REQUIRE(saved.size() == cv::Size(64, 48));
        CHECK(saved.at<cv::Vec3b>(10, 5)[0] == (mirror ? 200 : 40));
        CHECK(saved.at<cv::Vec3b>(10, 60)[0] == (mirror ? 40 : 200));
    }
}

TEST_CASE("what cannot be written for a key is told and ends nothing") {
    WorkingFolder folder;
    std::vector<std::string> told;
    Recordings recordings(camera(), nullptr, [&](const std::string& line) { told.push_back(line); });
    folder.remove();
    const auto picture_told = recordings.save_picture(picture(), at(1.0), {kOverlay});
    const auto video_told = recordings.toggle_video();
    CHECK(told == std::vector{picture_told, video_told});
    for (const auto& line : told) {
        CHECK_THAT(line, ContainsSubstring("emotion-") && !ContainsSubstring("saved") &&
                             !ContainsSubstring("recording"));
        CHECK(line.find('\n') == std::string::npos);
    }
    CHECK_FALSE(recordings.video_seconds());
    recordings.write(picture(), at(1.0), {kOverlay});
    recordings.finish();
}
