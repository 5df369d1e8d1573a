#include "faces/face_search.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "faces/face_tracker.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"

namespace face_search_test {

using namespace emotion;
using namespace emotion::faces;

namespace {

constexpr double kFrame = 1.0 / 30;

/// A plain gray frame with average faces, the last in front.
cv::Mat frame_with(const std::vector<cv::Rect>& places, cv::Size size = {640, 480}) {
    static const cv::Mat face =
        media::to_gray(media::read_picture(EMOTION_SOURCE_DIR "/assets/faces/happy-1.png"));
    cv::Mat frame(size, CV_8UC1, cv::Scalar(120));
    for (const auto& place : places) cv::resize(face, frame(place), place.size(), 0, 0, cv::INTER_AREA);
    return frame;
}

bool inside(const FaceBox& face, const cv::Rect& place) {
    return (cv::Rect2f(place) & face.box_in_frame).area() > 0.95f * face.box_in_frame.area();
}

/// A video that is searched and tracked.
class FollowedVideo {
  public:
    FollowedVideo() { search_->start(); }
    std::vector<TrackedFace> next(const cv::Mat& frame) {
        const double time = kFrame * frames_++;
        found_ = search_->detect_next(frame, time, tracker_.expected(time));
        return shown_ = tracker_.update(found_, time);
    }

    /// The track last seen in `place`; 0: none.
    int track_at(const cv::Rect& place) const {
        for (const auto& face : shown_) {
            const auto is_it = [&](const FaceBox& found) {
                return overlap(found.box_in_frame, face.box_in_frame) > 0.5;
            };
            if (inside({face.box_in_frame}, place) && std::any_of(found_.begin(), found_.end(), is_it))
                return face.track;
        }
        return 0;
    }

  private:
    std::unique_ptr<FaceDetector> search_ = make_face_search({}, {});
    FaceTracker tracker_{{}};
    std::vector<FaceBox> found_;
    std::vector<TrackedFace> shown_;
    int frames_ = 0;
};

/// A search that has seen one frame without a face at 0 s.
std::unique_ptr<FaceDetector> begun_search(cv::Size size = {640, 480}) {
    auto search = make_face_search({}, {});
    search->start();
    CHECK(search->detect_next(frame_with({}, size), 0.0, {}).empty());
    return search;
}

}  // namespace

TEST_CASE("the first frame of a video is searched completely") {
    const auto search = make_face_search({}, {});
    const auto first = frame_with({{20, 30, 90, 90}});
    const auto second = frame_with({{300, 200, 200, 200}});
    for (const auto& frame : {first, second}) {
        search->start();
        CHECK(search->detect_next(frame, 0.0, {}).size() == 1);
    }
}

TEST_CASE("a new face is detected within a sweep at any place and size") {
    for (const cv::Rect place : {cv::Rect(0, 0, 80, 80), cv::Rect(500, 20, 140, 140),
                                 cv::Rect(200, 200, 280, 280), cv::Rect(100, 10, 470, 470)}) {
        const auto search = begun_search();
        const auto frame = frame_with({place});
        std::vector<FaceBox> faces;
        double time = 0.0;
        while (faces.empty() && time < 1.0) faces = search->detect_next(frame, time += kFrame, {});
        INFO(place);
        REQUIRE(faces.size() == 1);
        CHECK(inside(faces[0], place));
        CHECK(time <= SearchOptions{}.sweep_s + kFrame);
    }
}

TEST_CASE("new faces are detected at once after a cut") {
    const auto search = begun_search();
    const auto frame = frame_with({{20, 40, 150, 150}, {400, 200, 220, 220}});
    CHECK(search->detect_next(frame, kFrame, {}).size() == 2);
}

TEST_CASE("a new face is detected at once at low frame rates") {
    const auto search = begun_search();
    CHECK(search->detect_next(frame_with({{200, 200, 160, 160}}), 1.0, {}).size() == 1);
}

TEST_CASE("expected faces are detected in every frame") {
    const auto search = begun_search();
    const std::vector<cv::Rect> places{{20, 40, 150, 150}, {400, 200, 220, 220}};
    const auto faces = search->detect(frame_with(places));
    REQUIRE(faces.size() == 2);
    std::vector<ExpectedFace> expected{{faces[0].box_in_frame, kFrame}, {faces[1].box_in_frame, kFrame}};
    for (int i = 1; i < 20; ++i) {
        const int moved = 6 * i;
        const auto found = search->detect_next(
            frame_with({places[0] + cv::Point(moved, 0), places[1] - cv::Point(moved, 0)}), i * kFrame,
            expected);
        INFO("frame " << i);
        REQUIRE(found.size() == 2);
        CHECK(inside(found[0], places[1] - cv::Point(moved, 0)));
        CHECK(inside(found[1], places[0] + cv::Point(moved, 0)));
        expected = {{found[0].box_in_frame, kFrame}, {found[1].box_in_frame, kFrame}};
    }
}

TEST_CASE("an expected face that is absent is not detected") {
    const auto search = begun_search();
    for (const cv::Rect2f box : {cv::Rect2f(200, 200, 100, 100), cv::Rect2f(-90, -90, 100, 100),
                                 cv::Rect2f(900, 900, 50, 50), cv::Rect2f(10, 10, 3, 3)})
        CHECK(search->detect_next(frame_with({}), kFrame, {{box, kFrame}}).empty());
}

TEST_CASE("two expectations of one face give one detection") {
    const auto search = begun_search();
    const auto frame = frame_with({{200, 200, 160, 160}});
    const auto box = search->detect(frame).at(0).box_in_frame;
    CHECK(search->detect_next(frame, kFrame, {{box, kFrame}, {box + cv::Point2f(8, 5), kFrame}}).size() == 1);
}

TEST_CASE("boxes are in pixels of the large frame") {
    const cv::Size size(1920, 1080);
    const auto search = begun_search(size);
    const cv::Rect place(1300, 500, 400, 400);
    auto faces = search->detect_next(frame_with({place}, size), 1.0, {});
    REQUIRE(faces.size() == 1);
    CHECK(inside(faces[0], place));
    faces = search->detect_next(frame_with({place}, size), 1.01, {{faces[0].box_in_frame, 0.01}});
    REQUIRE(faces.size() == 1);
    CHECK(inside(faces[0], place));
    CHECK(faces[0].box_in_frame.width > 200);
}

TEST_CASE("a frame of another size is searched completely") {
    const auto search = begun_search();
    CHECK(search->detect_next(frame_with({{100, 100, 160, 160}}, {800, 600}), 0.001, {}).size() == 1);
}

TEST_CASE("with a sweep duration of zero each frame is searched completely") {
    SearchOptions options;
    options.sweep_s = 0;
    const auto search = make_face_search({}, options);
    search->start();
    CHECK(search->detect_next(frame_with({}), 0.0, {}).empty());
    const auto frame = frame_with({{20, 40, 150, 150}, {400, 200, 220, 220}});
    const auto whole = search->detect(frame), next = search->detect_next(frame, 0.0, {});
    REQUIRE(next.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(next[i].box_in_frame == whole[i].box_in_frame);
}

TEST_CASE("a face hidden for a second keeps its id") {
    FollowedVideo video;
    int before = 0;
    for (int i = 0; i < 75; ++i) {
        const cv::Rect place(60 + 4 * i, 150, 160, 160);
        const bool hidden = i >= 25 && i < 55;
        const auto faces = video.next(hidden ? frame_with({}) : frame_with({place}));
        if (i == 24) before = video.track_at(place);
        INFO("frame " << i);
        if (hidden && i > 35) CHECK(faces.empty());
        if (i > 64) CHECK(video.track_at(place) == before);
    }
    CHECK(before == 1);
}

TEST_CASE("faces that cross in a video keep their ids") {
    FollowedVideo video;
    int behind = 0, before = 0;
    for (int i = 0; i < 80; ++i) {
        const cv::Rect front(5 * i, 150, 180, 180), back(450 - 5 * i + 5, 160, 150, 150);
        video.next(frame_with({back, front}));
        if (i == 10) {
            behind = video.track_at(back);
            before = video.track_at(front);
            REQUIRE(behind * before == 2);
        }
        INFO("frame " << i);
        if (i > 75) {
            CHECK(video.track_at(back) == behind);
            CHECK(video.track_at(front) == before);
        }
    }
}

TEST_CASE("the box of a still face in a noisy video does not jitter") {
    FollowedVideo video;
    cv::RNG random(1);
    cv::Mat widths, centers;
    for (int i = 0; i < 90; ++i) {
        cv::Mat frame = frame_with({{200, 120, 200, 200}}), noise(frame.size(), CV_16SC1);
        random.fill(noise, cv::RNG::NORMAL, 0.0, 4.0);
        cv::add(frame, noise, frame, cv::noArray(), CV_8U);
        const auto faces = video.next(frame);
        REQUIRE(faces.size() == 1);
        if (i < 20) continue;
        const auto& box = faces[0].box_in_frame;
        widths.push_back(static_cast<double>(box.width));
        centers.push_back(static_cast<double>(box.x + box.width / 2));
    }
    cv::Scalar mean, deviation, ignored;
    cv::meanStdDev(widths, mean, deviation);
    CHECK(deviation[0] < 0.01 * mean[0]);
    const double width = mean[0];
    cv::meanStdDev(centers, ignored, deviation);
    CHECK(deviation[0] < 0.01 * width);
}

TEST_CASE("a search setting out of range is reported with its value and limit") {
    SearchOptions options;
    options.sweep_s = -1;
    CHECK_THROWS_WITH(make_face_search({}, options),
                      ContainsSubstring("search.sweep_s = -1, expected a number in [0, 10]"));
    options = {};
    options.sweep_scale_factor = 1.001;
    CHECK_THROWS_WITH(config::checked(options), ContainsSubstring("search.sweep_scale_factor = 1.001"));
    options = {};
    options.rare_s = 11;
    CHECK_THROWS_AS(make_face_search({}, options), ConfigError);
    CHECK_THROWS_AS(make_face_search({}, {})->detect_next(cv::Mat(10, 10, CV_8UC3), 0.0, {}),
                    std::invalid_argument);
}

}  // namespace face_search_test
