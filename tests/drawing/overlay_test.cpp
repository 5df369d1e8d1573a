#include "drawing/overlay.hpp"

#include <limits>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "media/made_up_picture.hpp"
#include "support/catch.hpp"

namespace overlay_test {

using namespace emotion;
using namespace emotion::drawing;
using emotion::test::same_bytes;

namespace {

const OverlayStyle kStyle{{"happy", "fear", "other"}, {0, 1}, 0.0};

faces::FaceResult face_at(cv::Rect2f box, std::optional<int> label = 0, float confidence = 0.9f) {
    faces::FaceResult face;
    face.box_in_frame = box;
    face.label = label;
    face.confidence = confidence;
    face.probabilities = {0.2f, 0.1f, 0.1f};
    if (label) face.probabilities[static_cast<std::size_t>(*label)] = confidence;
    return face;
}

cv::Mat drawn(const cv::Mat& background, const std::vector<faces::FaceResult>& faces,
              const OverlayStyle& style = kStyle) {
    cv::Mat canvas = background.clone();
    faces::FrameResult result;
    result.faces = faces;
    draw_overlay(result, style, canvas);
    return canvas;
}

cv::Mat plain(cv::Size size, int gray) {
    return cv::Mat(size, CV_8UC3, cv::Scalar::all(gray));
}

/// The number of pixels that differ from a plain background.
int changed(const cv::Mat& canvas, int gray) {
    cv::Mat difference;
    cv::absdiff(canvas, cv::Scalar::all(gray), difference);
    cv::cvtColor(difference, difference, cv::COLOR_BGR2GRAY);
    return cv::countNonZero(difference);
}

/// Letters are the only white pixels on a darker background.
int white(const cv::Mat& canvas) {
    cv::Mat mask;
    cv::inRange(canvas, cv::Scalar::all(225), cv::Scalar::all(255), mask);
    return cv::countNonZero(mask);
}

}  // namespace

TEST_CASE("without a face or a frame rate nothing is drawn") {
    CHECK(changed(drawn(plain({640, 480}, 90), {}), 90) == 0);
}

TEST_CASE("the box of a label is wide enough to keep its color in a video") {
    // 4:2:0 video stores the color of two by two pixels at once, which half of all single lines miss.
    const cv::Rect box(200, 200, 40, 40);
    const cv::Mat canvas = drawn(plain({480, 360}, 90), {face_at(box)});
    const auto colored = [&](cv::Point from, cv::Point step) {
        int count = 0;
        for (int i = -6; i <= 6; ++i) {
            const auto pixel = canvas.at<cv::Vec3b>(from + i * step);
            count += std::abs(pixel[0] - pixel[2]) > 40;
        }
        return count;
    };
    const cv::Point middle = (box.tl() + box.br()) / 2, across(1, 0), down(0, 1);
    CHECK(colored({box.x, middle.y}, across) == 2);
    CHECK(colored({box.br().x, middle.y}, across) == 2);
    CHECK(colored({middle.x, box.br().y}, down) == 2);
}

TEST_CASE("overlays of any size stay inside the canvas") {
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(2, 300), cv::Size(300, 2), cv::Size(17, 13),
                                cv::Size(64, 48), cv::Size(640, 480), cv::Size(3840, 2160)}) {
        INFO(size);
        const auto w = static_cast<float>(size.width), h = static_cast<float>(size.height);
        auto style = kStyle;
        style.fps = 29.97;
        const cv::Mat canvas =
            drawn(plain(size, 90), {face_at({0, 0, w, h}), face_at({w / 3, h / 3, w / 3, h / 3}, 1)}, style);
        CHECK(canvas.size() == size);
        CHECK(changed(canvas, 90) > 0);
    }
}

TEST_CASE("boxes of any kind are handled") {
    const float nan = std::numeric_limits<float>::quiet_NaN(), huge = 1e30f;
    const cv::Mat background = plain({200, 150}, 90);
    for (const auto& box :
         {cv::Rect2f(nan, 0, 10, 10), cv::Rect2f(0, 0, nan, 10), cv::Rect2f(500, 500, 10, 10),
          cv::Rect2f(-50, -50, 20, 20), cv::Rect2f(10, 10, 0, 0)})
        CHECK(changed(drawn(background, {face_at(box)}), 90) == 0);
    CHECK(changed(drawn(background, {face_at({-huge, -huge, 2 * huge, 2 * huge})}), 90) > 0);
    CHECK(changed(drawn(background, {face_at({-20, -20, 60, 60})}), 90) > 0);
}

TEST_CASE("the whole label is visible wherever in the frame the face is") {
    const cv::Mat background = plain({640, 480}, 90);
    const int expected = white(drawn(background, {face_at({250, 200, 120, 120})}));
    REQUIRE(expected > 100);
    for (const auto& box :
         {cv::Rect2f(0, 0, 120, 120), cv::Rect2f(520, 0, 120, 120), cv::Rect2f(0, 360, 120, 120),
          cv::Rect2f(520, 360, 120, 120), cv::Rect2f(0, 0, 640, 480)}) {
        INFO(box);
        CHECK(white(drawn(background, {face_at(box)})) >= expected);
    }
}

TEST_CASE("labels of adjacent faces do not cover one another") {
    const cv::Mat background = plain({640, 480}, 90);
    std::vector<faces::FaceResult> faces;
    int expected = 0;
    for (int i = 0; i < 4; ++i) {
        faces.push_back(face_at(cv::Rect(200 + 40 * i, 200 + 25 * i, 120, 120), i % 2));
        expected += white(drawn(background, {faces.back()}));
    }
    CHECK(white(drawn(background, faces)) == Approx(expected).epsilon(0.01));
}

TEST_CASE("text is readable on any background") {
    for (const int gray : {0, 128, 255}) {
        const cv::Mat canvas = drawn(plain({640, 480}, gray), {face_at({250, 200, 120, 120})});
        // The plate is above the box, with aligned left edges.
        const cv::Mat plate = canvas(cv::Rect(256, 166, 60, 12));
        double darkest = 0, brightest = 0;
        cv::minMaxLoc(plate.reshape(1), &darkest, &brightest);
        INFO(gray);
        CHECK(darkest < 80);
        CHECK(brightest > 240);
    }
}

TEST_CASE("the boxes of two classes and of an unsure face differ") {
    const cv::Mat background = plain({640, 480}, 90);
    const cv::Rect2f box(250, 200, 120, 120);
    const auto color = [&](std::optional<int> label) {
        return drawn(background, {face_at(box, label)}).at<cv::Vec3b>(260, 249);
    };
    CHECK(cv::norm(color(0), color(1)) > 100);
    CHECK(cv::norm(color(0), color(std::nullopt)) > 100);
    const cv::Mat unsure = drawn(background, {face_at(box, std::nullopt)});
    CHECK(changed(unsure, 90) < changed(drawn(background, {face_at(box)}), 90));
}

TEST_CASE("the confidence bar grows with the confidence") {
    const cv::Mat background = plain({640, 480}, 90);
    const auto orange = [&](float confidence) {
        cv::Mat mask;
        cv::inRange(drawn(background, {face_at({250, 200, 120, 120}, 0, confidence)}),
                    cv::Scalar(0, 150, 220), cv::Scalar(10, 168, 240), mask);
        return cv::countNonZero(mask);
    };
    CHECK(orange(0.9f) > orange(0.6f) + 20);
    CHECK(orange(0.6f) > orange(0.0f) + 20);
    CHECK(orange(7.0f) == orange(1.0f));
}

TEST_CASE("the frame rate is drawn in a corner that labels avoid") {
    auto style = kStyle;
    style.fps = 25.0;
    const cv::Mat background = plain({640, 480}, 90);
    const int rate = changed(drawn(background, {}, style), 90);
    CHECK(rate > 200);
    const auto face = face_at({0, 50, 120, 120});
    CHECK(changed(drawn(background, {face}, style), 90) == rate + changed(drawn(background, {face}), 90));
}

TEST_CASE("the overlay announces every part of the canvas before drawing on it") {
    auto style = kStyle;
    style.fps = 30.0;
    faces::FrameResult result;
    result.faces = {face_at({60, 50, 60, 60}), face_at({-20, 100, 50, 50}, std::nullopt),
                    face_at({250, 170, 90, 90}, 1)};
    cv::Mat canvas = plain({320, 240}, 128), announced(canvas.size(), CV_8UC1, cv::Scalar(0));
    draw_overlay(result, style, canvas, [&](const cv::Rect& part) {
        const auto seen = part & cv::Rect({}, canvas.size());
        if (seen.empty()) return;
        cv::Mat unannounced = canvas(seen).clone();
        unannounced.setTo(cv::Scalar::all(128), announced(seen));
        CHECK(changed(unannounced, 128) == 0);
        announced(seen).setTo(255);
    });
    REQUIRE(changed(canvas, 128) > 0);
    canvas.setTo(cv::Scalar::all(128), announced);
    CHECK(changed(canvas, 128) == 0);
}

TEST_CASE("a canvas that is not BGR is rejected by the overlay") {
    cv::Mat gray(10, 10, CV_8UC1, cv::Scalar(0)), empty;
    CHECK_THROWS_AS(draw_overlay({}, kStyle, gray), std::invalid_argument);
    CHECK_THROWS_AS(draw_overlay({}, kStyle, empty), std::invalid_argument);
}

TEST_CASE("the box of a tilted head is rotated") {
    auto face = face_at({100, 100, 100, 100});
    face.roll_deg = 45.0f;
    const auto canvas = drawn(plain({300, 300}, 128), {face});
    const auto is_drawn_about = [&](cv::Point place) {
        return changed(canvas(cv::Rect(place.x - 4, place.y - 4, 8, 8)).clone(), 128) > 0;
    };
    for (const cv::Point corner :
         {cv::Point(150, 79), cv::Point(221, 150), cv::Point(150, 221), cv::Point(79, 150)})
        CHECK(is_drawn_about(corner));
    for (const cv::Point corner : {cv::Point(100, 100), cv::Point(200, 200)})
        CHECK_FALSE(is_drawn_about(corner));
}

TEST_CASE("a long name is shortened to leave room for its confidence") {
    OverlayStyle style = kStyle;
    style.classes[0] = std::string(40, 'w');
    for (const cv::Size size : {cv::Size(160, 120), cv::Size(320, 240), cv::Size(1920, 1080)}) {
        INFO(size);
        const auto side = static_cast<float>(size.height) / 3.0f;
        const auto face = face_at({side, side, side, side});
        const auto normal = drawn(plain(size, 90), {face}), longer = drawn(plain(size, 90), {face}, style);
        CHECK(white(normal) > 20);
        CHECK(white(longer) > white(normal));  // part of the name, and the percentage
        cv::Mat difference;
        cv::inRange(longer, cv::Scalar::all(225), cv::Scalar::all(255), difference);
        CHECK(cv::boundingRect(difference).width < 3 * size.width / 4);
    }
}

TEST_CASE("a face whose look at rest is known has a mark beside its label") {
    auto face = face_at({300, 300, 120, 120});
    const auto without = drawn(plain({640, 480}, 90), {face});
    face.neutral = true;
    const auto with = drawn(plain({640, 480}, 90), {face});
    CHECK(white(with) > white(without) + 10);
    const int added = changed(with, 90) - changed(without, 90);  // the plate is wider by the mark
    CHECK(added > 50);
    face.label.reset();
    const auto unsure = drawn(plain({640, 480}, 90), {face});
    face.neutral = false;
    CHECK_FALSE(same_bytes(unsure, drawn(plain({640, 480}, 90), {face})));
    auto small = face_at({10, 10, 9, 9});
    small.neutral = true;
    CHECK_NOTHROW(drawn(plain({32, 24}, 90), {small}));
}

}  // namespace overlay_test
