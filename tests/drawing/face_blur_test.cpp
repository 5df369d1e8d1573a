#include "drawing/face_blur.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "support/catch.hpp"

namespace face_blur_test {

using namespace emotion;
using namespace emotion::drawing;

namespace {

faces::FrameResult result_with(std::vector<cv::Rect2f> boxes, double time_s = 0.0) {
    faces::FrameResult result;
    result.time_s = time_s;
    result.size = {320, 240};
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        faces::FaceResult face;
        face.track = static_cast<int>(i) + 1;
        face.box_in_frame = boxes[i];
        result.faces.push_back(face);
    }
    return result;
}

cv::Mat noise() {
    cv::Mat picture(240, 320, CV_8UC3);
    cv::RNG(7).fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

/// The difference of adjacent pixels: large in noise, small where sixteen colors blend.
double detail(const cv::Mat& picture) {
    cv::Mat edges;
    cv::Laplacian(picture, edges, CV_32F);
    return cv::norm(edges, cv::NORM_L1) / static_cast<double>(edges.total());
}

const cv::Rect kBox(100, 80, 60, 60);

void hide(FaceBlur& blur, const faces::FrameResult& result, cv::Mat& picture) {
    blur.follow(result);
    blur.hide(picture);
}

void hide(const faces::FrameResult& result, cv::Mat& picture) {
    FaceBlur blur;
    hide(blur, result, picture);
}

}  // namespace

TEST_CASE("Only sixteen colors remain of a blurred face") {
    const cv::Mat before = noise();
    cv::Mat after = before.clone();
    hide(result_with({kBox}), after);
    CHECK(detail(after(kBox)) < 0.02 * detail(before(kBox)));
    // Two faces with the same sixteen means become identical.
    cv::Mat shuffled = before.clone();
    const cv::Rect hidden(82, 62, 96, 96);
    for (int row = 0; row < 4; ++row)
        for (int column = 0; column < 4; ++column) {
            cv::Mat cell = shuffled(cv::Rect(hidden.x + 24 * column, hidden.y + 24 * row, 24, 24));
            cv::flip(cell, cell, -1);
        }
    hide(result_with({kBox}), shuffled);
    CHECK(cv::norm(after(hidden), shuffled(hidden), cv::NORM_INF) <= 1.0);
}

TEST_CASE("Blurring does not change pixels far from faces") {
    const cv::Mat before = noise();
    cv::Mat after = before.clone();
    hide(result_with({kBox}), after);
    const cv::Rect far(200, 0, 120, 240);
    CHECK(cv::norm(before(far), after(far), cv::NORM_INF) == 0.0);
}

TEST_CASE("Faces at and beyond the edges are blurred as far as visible") {
    for (const auto& box : {cv::Rect2f(-30, -30, 60, 60), cv::Rect2f(290, 210, 60, 60),
                            cv::Rect2f(400, 300, 60, 60), cv::Rect2f(-1000, -1000, 3000, 3000)}) {
        cv::Mat picture = noise();
        INFO(box);
        hide(result_with({box}), picture);
        const auto seen = cv::Rect(box) & cv::Rect({}, picture.size());
        if (seen.empty())
            CHECK(cv::norm(picture, noise(), cv::NORM_INF) == 0.0);
        else
            CHECK(detail(picture(seen)) < 0.05 * detail(noise()(seen)));
    }
}

TEST_CASE("A lost face stays blurred for a second") {
    FaceBlur blur;
    cv::Mat first = noise();
    hide(blur, result_with({kBox}, 0.0), first);
    cv::Mat lost = noise();
    hide(blur, result_with({}, 0.9), lost);
    CHECK(detail(lost(kBox)) < 0.02 * detail(noise()(kBox)));
    cv::Mat later = noise();
    hide(blur, result_with({}, 1.1), later);
    CHECK(cv::norm(later, noise(), cv::NORM_INF) == 0.0);
}

TEST_CASE("A lost face stays blurred at its place in a picture of another size") {
    FaceBlur blur;
    cv::Mat large = noise(), small;
    cv::resize(large, small, {160, 60}, 0, 0, cv::INTER_NEAREST);
    const cv::Mat before = small.clone();
    hide(blur, result_with({kBox}, 0.0), large);
    auto lost = result_with({}, 0.1);
    lost.size = small.size();
    hide(blur, lost, small);
    const cv::Rect place(50, 20, 30, 15);
    CHECK(detail(small(place)) < 0.1 * detail(before(place)));
    CHECK(cv::norm(small.colRange(100, 160), before.colRange(100, 160), cv::NORM_INF) == 0.0);
}

}  // namespace face_blur_test
