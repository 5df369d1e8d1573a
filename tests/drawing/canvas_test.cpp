#include "drawing/canvas.hpp"

#include <opencv2/core.hpp>

#include "drawing/mirror.hpp"
#include "support/catch.hpp"

namespace canvas_test {

using namespace emotion;
using namespace emotion::drawing;

namespace {

const cv::Rect kFace(60, 50, 80, 80);

media::Frame noise(int seed = 7) {
    media::Frame frame;
    frame.bgr.create(240, 320, CV_8UC3);
    cv::RNG(static_cast<std::uint64_t>(seed)).fill(frame.bgr, cv::RNG::UNIFORM, 0, 256);
    return frame;
}

faces::FrameResult one_face(double time_s = 0.0) {
    faces::FrameResult result;
    result.time_s = time_s;
    result.size = {320, 240};
    faces::FaceResult face;
    face.track = 1;
    face.box_in_frame = kFace;
    face.label = 0;
    face.confidence = 0.9f;
    face.probabilities = {0.9f, 0.1f};
    result.faces.push_back(face);
    return result;
}

faces::FrameResult no_face(double time_s) {
    auto result = one_face(time_s);
    result.faces.clear();
    return result;
}

const OverlayStyle kStyle{{"happy", "fear"}, {0, 1}, 0.0};

bool same(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0.0;
}

cv::Mat flipped(const cv::Mat& picture) {
    cv::Mat result;
    cv::flip(picture, result, 1);
    return result;
}

}  // namespace

TEST_CASE("A canvas applies overlay, mirror and blur") {
    const auto frame = noise();
    const auto result = one_face();
    Canvas canvas(kStyle, {});
    canvas.start(frame, result);
    CHECK(same(canvas.pixels({}), frame.bgr));
    CHECK(same(canvas.pixels({true, false}), flipped(frame.bgr)));

    cv::Mat expected = frame.bgr.clone();
    draw_overlay(result, kStyle, expected);
    CHECK(same(canvas.drawn({}), expected));
    expected = flipped(frame.bgr);
    draw_overlay(mirrored(result), kStyle, expected);
    CHECK(same(canvas.drawn({true, false}), expected));

    expected = frame.bgr.clone();
    FaceBlur blur;
    blur.follow(result);
    blur.hide(expected);
    CHECK(same(canvas.pixels({false, true}), expected));
    CHECK_FALSE(same(expected(kFace), frame.bgr(kFace)));
    CHECK(same(canvas.pixels({true, true}), flipped(expected)));
    draw_overlay(result, kStyle, expected);
    CHECK(same(canvas.drawn({false, true}), expected));
}

TEST_CASE("Drawing does not modify the pixels of the frame") {
    const auto frame = noise();
    const cv::Mat before = frame.bgr.clone();
    Canvas canvas(kStyle, {});
    canvas.start(frame, one_face());
    for (const bool mirror : {false, true})
        for (const bool blur : {false, true}) {
            CHECK(canvas.drawn({mirror, blur}).data != frame.bgr.data);
            if (mirror || blur) CHECK(canvas.pixels({mirror, blur}).data != frame.bgr.data);
        }
    CHECK(same(frame.bgr, before));
}

TEST_CASE("A view is drawn once per frame regardless of the number of requests") {
    Canvas canvas(kStyle, {});
    canvas.start(noise(), one_face());
    CHECK(canvas.draw_ms() == 0.0);
    auto first = canvas.drawn({true, true});
    const double once_ms = canvas.draw_ms();
    CHECK(once_ms > 0.0);
    first.setTo(0);  // shared with the canvas; redrawing would not give black
    CHECK(same(canvas.drawn({true, true}), first));
    CHECK(canvas.draw_ms() == once_ms);
    CHECK_FALSE(same(canvas.drawn({true, false}), first));

    const auto next = noise(8);
    canvas.start(next, no_face(0.04));
    CHECK(canvas.draw_ms() == 0.0);
    CHECK(same(canvas.drawn({true, false}), flipped(next.bgr)));
}

TEST_CASE("A face lost before the first blurred view stays hidden in it") {
    Canvas canvas(kStyle, {});
    canvas.start(noise(), one_face(0.0));
    const auto next = noise(8);
    canvas.start(next, no_face(0.5));
    CHECK_FALSE(same(canvas.pixels({false, true})(kFace), next.bgr(kFace)));
    canvas.start(next, no_face(1.6));
    CHECK(same(canvas.pixels({false, true}), next.bgr));
}

TEST_CASE("A canvas without a frame is empty, and its written view can be mirrored later") {
    Canvas canvas(kStyle, {false, true});
    CHECK(canvas.empty());
    canvas.set_mirror(true);
    CHECK(canvas.written_view().mirror);
    CHECK(canvas.written_view().blur);
    canvas.start(noise(), one_face());
    CHECK_FALSE(canvas.empty());
    CHECK_FALSE(canvas.drawn_decoded());
}

TEST_CASE("The heat map of a tilted face is mirrored with it") {
    const auto frame = noise();
    cv::Mat heat = cv::Mat::zeros(5, 5, CV_32FC1);
    heat.row(0).setTo(1.0f);
    Canvas canvas(kStyle, {});
    canvas.start(frame, {});
    canvas.set_heat(heat, {{100, 100}, {60, 60}, 90.0f});
    const cv::Mat explained = canvas.explained({}).clone();
    CHECK_FALSE(same(explained.colRange(110, 131), frame.bgr.colRange(110, 131)));
    CHECK(same(explained.colRange(0, 100), frame.bgr.colRange(0, 100)));
    cv::Mat mirrored;
    cv::flip(explained, mirrored, 1);
    CHECK(cv::norm(canvas.explained({true, false}), mirrored, cv::NORM_INF) <= 2.0);
}

TEST_CASE("Drawing a heat map mirrored leaves it as it was") {
    cv::Mat heat = cv::Mat::zeros(5, 5, CV_32FC1);
    heat.col(0).setTo(1.0f);
    const cv::Mat given = heat.clone();
    Canvas canvas(kStyle, {});
    canvas.start(noise(), {});
    canvas.set_heat(heat, {{100, 100}, {60, 60}, 0.0f});
    canvas.explained({true, false});
    CHECK(cv::norm(heat, given, cv::NORM_INF) == 0.0);
}

TEST_CASE("A heat map lies under the box, only in its view and until the next frame") {
    const auto frame = noise();
    Canvas canvas(kStyle, {});
    canvas.start(frame, one_face());
    const cv::Mat plain = canvas.drawn({}).clone(), mirrored = canvas.drawn({true, false}).clone();
    CHECK(same(canvas.explained({}), plain));
    const cv::RotatedRect region(cv::Point2f(kFace.tl() + kFace.br()) * 0.5f, cv::Size2f(kFace.size()), 0.0f);
    canvas.set_heat(cv::Mat(5, 5, CV_32FC1, cv::Scalar(1.0)), region);
    const cv::Mat explained = canvas.explained({}).clone();
    CHECK_FALSE(same(explained(kFace), plain(kFace)));
    CHECK(same(explained.colRange(200, 320), plain.colRange(200, 320)));
    CHECK_FALSE(same(canvas.explained({true, false}), mirrored));
    CHECK(same(canvas.drawn({}), plain));
    canvas.set_heat({}, {});
    CHECK(same(canvas.explained({}), plain));
    canvas.set_heat(cv::Mat(5, 5, CV_32FC1, cv::Scalar(1.0)), region);
    canvas.start(frame, one_face());
    CHECK(same(canvas.explained({}), plain));
    CHECK(same(frame.bgr, noise().bgr));
}

}  // namespace canvas_test
