#include <cmath>
#include <memory>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "faces/face_search.hpp"
#include "faces/face_tracker.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"

namespace tilted_faces_test {

using namespace emotion::faces;

namespace {

constexpr double kFrame = 1.0 / 30;
const cv::Point kMiddle(320, 240);

/// An average face in the center of a gray frame, tilted clockwise.
cv::Mat frame_with_tilted(double roll_deg, int side = 180, int background = 120) {
    static const cv::Mat face =
        emotion::media::to_gray(emotion::media::read_picture(EMOTION_SOURCE_DIR "/assets/faces/happy-5.png"));
    cv::Mat upright(480, 640, CV_8UC1, cv::Scalar(background)), frame;
    const cv::Rect place(kMiddle.x - side / 2, kMiddle.y - side / 2, side, side);
    cv::resize(face, upright(place), place.size(), 0, 0, cv::INTER_AREA);
    cv::warpAffine(upright, frame, cv::getRotationMatrix2D(kMiddle, -roll_deg, 1.0), upright.size(),
                   cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return frame;
}

bool stands_in_the_middle(const cv::Rect2f& box) {
    return cv::norm((box.tl() + box.br()) * 0.5f - cv::Point2f(kMiddle)) < 0.2 * box.width;
}

/// A video that is searched and tracked.
class FollowedVideo {
  public:
    FollowedVideo() { search_->start(); }
    std::vector<TrackedFace> next(const cv::Mat& frame) {
        const double time = kFrame * frames_++;
        return tracker_.update(search_->detect_next(frame, time, tracker_.expected(time)), time);
    }

  private:
    std::unique_ptr<FaceDetector> search_ = make_face_search({}, {});
    FaceTracker tracker_{{}};
    int frames_ = 0;
};

}  // namespace

TEST_CASE("a tilted face in a single picture is detected with its roll") {
    const auto detector = make_haar_detector({});
    for (const double roll_deg : {-45.0, -30.0, -18.0, 18.0, 30.0, 45.0}) {
        const auto faces = detector->detect(frame_with_tilted(roll_deg));
        INFO(roll_deg);
        REQUIRE(faces.size() == 1);
        CHECK(stands_in_the_middle(faces[0].box_in_frame));
        CHECK(faces[0].roll_deg == Approx(roll_deg).margin(7));
    }
}

TEST_CASE("a slightly tilted face counts as upright") {
    for (const double roll_deg : {-5.0, 0.0, 5.0}) {
        const auto faces = make_haar_detector({})->detect(frame_with_tilted(roll_deg));
        REQUIRE(faces.size() == 1);
        CHECK(faces[0].roll_deg == 0.0f);
    }
}

TEST_CASE("no tilted face is detected when only upright ones are searched") {
    HaarOptions options;
    options.tilt_deg = 0;
    CHECK(make_haar_detector(options)->detect(frame_with_tilted(40)).empty());
    CHECK(make_haar_detector(options)->detect(frame_with_tilted(15)).at(0).roll_deg == 0.0f);
}

TEST_CASE("a head that tilts slowly to the side and back is tracked in every frame") {
    FollowedVideo video;
    for (int i = 0; i < 150; ++i) {
        const double roll_deg = 60.0 * std::sin(i * kFrame * 1.25);
        const auto faces = video.next(frame_with_tilted(roll_deg));
        INFO("frame " << i << ", " << roll_deg << " degrees");
        REQUIRE(faces.size() == 1);
        CHECK(faces[0].track == 1);
        CHECK(stands_in_the_middle(faces[0].box_in_frame));
        if (std::abs(roll_deg) > 20) CHECK(faces[0].roll_deg == Approx(roll_deg).margin(12));
    }
}

TEST_CASE("a head tilted from the start is tracked from the first frame") {
    FollowedVideo video;
    for (int i = 0; i < 30; ++i) {
        const auto faces = video.next(frame_with_tilted(-35));
        REQUIRE(faces.size() == 1);
        if (i > 10) CHECK(faces[0].roll_deg == Approx(-35).margin(4));
    }
}

TEST_CASE("a tilted head entering the picture is detected by sweeps") {
    FollowedVideo video;
    CHECK(video.next(cv::Mat(480, 640, CV_8UC1, cv::Scalar(120))).empty());
    double found_s = -1.0;
    for (int i = 1; i < 105 && found_s < 0.0; ++i)
        if (!video.next(frame_with_tilted(35)).empty()) found_s = i * kFrame;
    CHECK(found_s > 0.0);
    CHECK(found_s <= SearchOptions{}.tilted_sweep_s + kFrame);
}

TEST_CASE("a dim face is detected in pictures and tracked in videos") {
    cv::Mat dim;
    frame_with_tilted(0).convertTo(dim, CV_8U, 0.15);
    HaarOptions as_it_is;
    as_it_is.full_contrast = 0;
    as_it_is.tilt_deg = 0;
    CHECK(make_haar_detector(as_it_is)->detect(dim).empty());
    CHECK(make_haar_detector({})->detect(dim).size() == 1);
    FollowedVideo video;
    for (int i = 0; i < 10; ++i) CHECK(video.next(dim).size() == 1);
}

TEST_CASE("a face that extends beyond the picture is detected") {
    const cv::Mat face = frame_with_tilted(0, 460);
    const cv::Mat close(face, cv::Rect(kMiddle.x - 110, kMiddle.y - 150, 300, 300));
    HaarOptions within;
    within.tilt_deg = 0;
    CHECK(make_haar_detector(within)->detect(close.clone()).empty());
    CHECK(make_haar_detector({})->detect(close.clone()).size() == 1);
}

}  // namespace tilted_faces_test
