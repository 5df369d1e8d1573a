#include "faces/preprocess.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <opencv2/core.hpp>

#include "faces/turned_crop.hpp"
#include "media/image_files.hpp"
#include "media/made_up_picture.hpp"
#include "support/catch.hpp"

namespace preprocess_test {

using emotion::faces::CropColor;
using emotion::faces::CropSpec;
using emotion::faces::Normalization;
using emotion::faces::preprocess;
using emotion::faces::preprocess_turned;
using emotion::test::made_up_picture;
using emotion::test::same_bytes;

namespace {

cv::Mat golden(const std::string& name) {
    return emotion::test::read_image(EMOTION_SOURCE_DIR "/tests/faces/golden/" + name, cv::IMREAD_UNCHANGED);
}

cv::Rect2f whole(const cv::Mat& picture) {
    return cv::Rect({}, picture.size());
}

}  // namespace

TEST_CASE("an enlarged crop equals the stored golden crop") {
    const cv::Mat picture = made_up_picture(48, 48);
    CHECK(same_bytes(preprocess(picture, whole(picture), {}), golden("grown_crop.png")));
}

TEST_CASE("a reduced crop equals the stored golden crop") {
    const cv::Mat picture = made_up_picture(100, 150);
    CHECK(same_bytes(preprocess(picture, whole(picture), {}), golden("shrunk_crop.png")));
}

TEST_CASE("a rotated crop equals the stored golden crop") {
    const cv::Mat picture = made_up_picture(160, 120);
    CHECK(same_bytes(preprocess_turned(picture, {50, 30, 70, 70}, 30.0f, {}), golden("turned_crop.png")));
}

TEST_CASE("a crop with a roll of zero is unrotated, and a quarter turn permutes its pixels") {
    const cv::Mat picture = made_up_picture(160, 120);
    const cv::Rect2f region(50.3f, 30.2f, 70, 70);
    CHECK(same_bytes(preprocess_turned(picture, region, 0.0f, {}), preprocess(picture, region, {})));
    cv::Mat upright;
    const CropSpec as_it_is{.width = 70, .height = 70};
    cv::rotate(preprocess(picture, {50, 30, 70, 70}, as_it_is), upright, cv::ROTATE_90_COUNTERCLOCKWISE);
    cv::Mat difference;
    cv::absdiff(upright, preprocess_turned(picture, {50, 30, 70, 70}, 90.0f, as_it_is), difference);
    double most = 0.0;
    cv::minMaxLoc(difference, nullptr, &most);
    CHECK(most <= 1.0);
}

TEST_CASE("a rotated region beyond the frame replicates its border") {
    const cv::Mat white(60, 60, CV_8UC3, cv::Scalar::all(200));
    CHECK(same_bytes(preprocess_turned(white, {-20, -20, 70, 70}, 40.0f, {}),
                     cv::Mat(50, 50, CV_8UC1, cv::Scalar(200))));
    CHECK_THROWS_AS(preprocess_turned(white, {70, 0, 10, 10}, 40.0f, {}), std::invalid_argument);
}

TEST_CASE("a face larger than the training resolution is reduced to it first") {
    const cv::Mat picture = made_up_picture(100, 150);
    const CropSpec as_learned{.resolution = 48};
    const cv::Mat small = preprocess(picture, whole(picture), {.width = 48, .height = 48});
    const cv::Mat crop = preprocess(picture, whole(picture), as_learned);
    CHECK(same_bytes(crop, preprocess(small, whole(small), {})));
    CHECK_FALSE(same_bytes(crop, preprocess(picture, whole(picture), {})));
    // Faces of that resolution or smaller are unchanged.
    CHECK(same_bytes(preprocess(small, whole(small), as_learned), preprocess(small, whole(small), {})));
}

TEST_CASE("a gray frame gives the same gray crop as its color frame") {
    const cv::Mat picture = made_up_picture(120, 90);
    const cv::Rect2f region(10.4f, 20.6f, 55.0f, 61.2f);
    CHECK(same_bytes(preprocess(picture, region, {}),
                     preprocess(emotion::media::to_gray(picture), region, {})));
}

TEST_CASE("a region is rounded to whole pixels") {
    const cv::Mat picture = made_up_picture(120, 90);
    CHECK(same_bytes(preprocess(picture, {9.6f, 20.4f, 50.2f, 50.3f}, {}),
                     preprocess(picture(cv::Rect(10, 20, 50, 51)).clone(), {0, 0, 50, 51}, {})));
}

TEST_CASE("a region beyond the frame replicates its border") {
    CropSpec spec;
    spec.width = spec.height = 6;
    cv::Mat picture = (cv::Mat_<uchar>(2, 2) << 10, 20, 30, 40);
    const cv::Mat crop = preprocess(picture, {-2, -2, 6, 6}, spec);
    const cv::Mat expected = (cv::Mat_<uchar>(6, 6) << 10, 10, 10, 20, 20, 20,  //
                              10, 10, 10, 20, 20, 20,                           //
                              10, 10, 10, 20, 20, 20,                           //
                              30, 30, 30, 40, 40, 40,                           //
                              30, 30, 30, 40, 40, 40,                           //
                              30, 30, 30, 40, 40, 40);
    CHECK(same_bytes(crop, expected));
}

TEST_CASE("a crop inside a larger picture does not access pixels outside of the frame") {
    const cv::Mat picture = made_up_picture(60, 60);
    const cv::Rect part(20, 20, 10, 10);
    CHECK(same_bytes(preprocess(picture(part), {-5, -5, 20, 20}, {}),
                     preprocess(picture(part).clone(), {-5, -5, 20, 20}, {})));
}

TEST_CASE("color crops have the specified channel order") {
    const cv::Mat picture(60, 60, CV_8UC3, cv::Scalar(10, 20, 30));
    CropSpec spec;
    spec.color = CropColor::kBgr;
    CHECK(preprocess(picture, whole(picture), spec).at<cv::Vec3b>(0, 0) == cv::Vec3b(10, 20, 30));
    spec.color = CropColor::kRgb;
    CHECK(preprocess(picture, whole(picture), spec).at<cv::Vec3b>(0, 0) == cv::Vec3b(30, 20, 10));
    CHECK(preprocess(emotion::media::to_gray(picture), whole(picture), spec).type() == CV_8UC3);
}

TEST_CASE("preprocessing does not modify the frame") {
    const cv::Mat picture = made_up_picture(64, 64);
    const cv::Mat before = picture.clone();
    cv::Mat crop = preprocess(picture, {-10, -10, 50, 50}, {});
    crop = preprocess(emotion::media::to_gray(picture), whole(picture), {});
    crop.setTo(0);
    CHECK(same_bytes(picture, before));
}

TEST_CASE("an invalid region is rejected") {
    const cv::Mat picture = made_up_picture(40, 30);
    const float nan = std::numeric_limits<float>::quiet_NaN(), huge = 1e30f;
    for (const auto& region : {cv::Rect2f(0, 0, 0, 5), cv::Rect2f(0, 0, 5, -1), cv::Rect2f(nan, 0, 5, 5),
                               cv::Rect2f(0, 0, nan, 5), cv::Rect2f(40, 0, 5, 5), cv::Rect2f(-9, 0, 8, 8),
                               cv::Rect2f(0, 0, huge, huge), cv::Rect2f(huge, 0, 5, 5)})
        CHECK_THROWS_AS(preprocess(picture, region, {}), std::invalid_argument);
    CHECK_THROWS_AS(preprocess({}, {0, 0, 5, 5}, {}), std::invalid_argument);
}

TEST_CASE("a frame of one pixel can be cropped") {
    const cv::Mat picture(1, 1, CV_8UC3, cv::Scalar(70, 70, 70));
    CHECK(same_bytes(preprocess(picture, {0, 0, 1, 1}, {}), cv::Mat(50, 50, CV_8UC1, cv::Scalar(70))));
}

TEST_CASE("the margin is added on every side of the box") {
    CropSpec spec;
    spec.margin = 0.25;
    CHECK(emotion::faces::crop_region({10, 20, 40, 80}, spec) == cv::Rect2f(0, 0, 60, 120));
    spec.margin = -0.1;
    CHECK(emotion::faces::crop_region({10, 20, 40, 80}, spec).width == Approx(32));
}

TEST_CASE("affine normalization subtracts the mean and scales") {
    CropSpec spec;
    spec.width = 2;
    spec.height = 1;
    spec.mean.front() = 10;
    spec.scale.front() = 0.5;
    const cv::Mat crop = (cv::Mat_<uchar>(1, 2) << 0, 110);
    std::array<float, 2> input{};
    emotion::faces::normalize(crop, spec, input);
    CHECK(input == std::array<float, 2>{-5.0f, 50.0f});
}

TEST_CASE("normalized color crops are ordered by channel then row") {
    CropSpec spec;
    spec.width = 2;
    spec.height = 1;
    spec.color = CropColor::kBgr;
    spec.scale = {1};
    const cv::Mat crop = (cv::Mat_<cv::Vec3b>(1, 2) << cv::Vec3b(1, 2, 3), cv::Vec3b(4, 5, 6));
    std::array<float, 6> input{};
    emotion::faces::normalize(crop, spec, input);
    CHECK(input == std::array<float, 6>{1, 4, 2, 5, 3, 6});
}

TEST_CASE("each channel can have its own mean and scale") {
    CropSpec spec;
    spec.width = 2;
    spec.height = 1;
    spec.color = CropColor::kRgb;
    spec.mean = {1, 2, 3};
    spec.scale = {1, 10, 100};
    const cv::Mat crop = (cv::Mat_<cv::Vec3b>(1, 2) << cv::Vec3b(1, 2, 3), cv::Vec3b(4, 5, 6));
    std::array<float, 6> input{};
    emotion::faces::normalize(crop, spec, input);
    CHECK(input == std::array<float, 6>{0, 3, 0, 30, 0, 300});
    spec.scale = {1, 10};
    CHECK_THROWS_AS(emotion::faces::normalize(crop, spec, input), std::invalid_argument);
}

TEST_CASE("per-picture normalization gives mean 0 and standard deviation 1") {
    CropSpec spec;
    spec.normalization = Normalization::kPerPicture;
    const cv::Mat picture = made_up_picture(80, 80);
    std::vector<float> input(2500);
    emotion::faces::normalize(preprocess(picture, whole(picture), spec), spec, input);
    double sum = 0, squares = 0;
    for (const float value : input) sum += value, squares += value * value;
    CHECK(sum / 2500 == Approx(0).margin(1e-6));
    CHECK(squares / 2500 == Approx(1));
}

TEST_CASE("per-picture normalization of a flat crop is 0 and finite") {
    CropSpec spec;
    spec.normalization = Normalization::kPerPicture;
    std::vector<float> input(2500, 1.0f);
    emotion::faces::normalize(cv::Mat(50, 50, CV_8UC1, cv::Scalar(200)), spec, input);
    CHECK(input == std::vector<float>(2500, 0.0f));
}

TEST_CASE("a crop of another size than the card's is rejected") {
    std::vector<float> input(2500);
    CHECK_THROWS_AS(emotion::faces::normalize(cv::Mat(50, 49, CV_8UC1, cv::Scalar(0)), {}, input),
                    std::invalid_argument);
    CHECK_THROWS_AS(emotion::faces::normalize(cv::Mat(50, 50, CV_8UC3, cv::Scalar(0)), {}, input),
                    std::invalid_argument);
    input.pop_back();
    CHECK_THROWS_AS(emotion::faces::normalize(cv::Mat(50, 50, CV_8UC1, cv::Scalar(0)), {}, input),
                    std::invalid_argument);
}

}  // namespace preprocess_test
