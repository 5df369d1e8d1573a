#include "training/data/augmentation.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "training/data/dot_picture.hpp"

namespace augmentation_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

AugmentationOptions nothing() {
    AugmentationOptions options;
    options.flip = options.shift = options.rotation_deg = options.scale = 0;
    options.gamma = options.shadow = options.blur = options.noise = options.erase = 0;
    return options;
}

/// Dark on the left, bright on the right.
cv::Mat ramp() {
    cv::Mat crop(50, 50, CV_8UC1);
    for (int row = 0; row < crop.rows; ++row)
        for (int column = 0; column < crop.cols; ++column)
            crop.at<uchar>(row, column) = static_cast<uchar>(5 * column);
    return crop;
}

double largest_difference(const cv::Mat& a, const cv::Mat& b) {
    return cv::norm(a, b, cv::NORM_INF);
}

cv::Mat view_of(const cv::Mat& crop, const AugmentationOptions& options, std::uint64_t seed = 1) {
    Random random(seed);
    return augment(crop, options, random);
}

}  // namespace

TEST_CASE("Without any augmentation the view is the crop") {
    CHECK(largest_difference(view_of(ramp(), nothing()), ramp()) == 0);
}

TEST_CASE("A flip with probability 1 gives the mirror image") {
    auto options = nothing();
    options.flip = 1;
    cv::Mat mirror;
    cv::flip(ramp(), mirror, 1);
    CHECK(largest_difference(view_of(ramp(), options), mirror) == 0);
}

TEST_CASE("A shift stays within its limit") {
    auto options = nothing();
    options.shift = 0.1;
    bool moved = false;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const double difference = largest_difference(view_of(ramp(), options, seed), ramp());
        CHECK(difference <= 5 * 5 + 1);
        moved = moved || difference > 5;
    }
    CHECK(moved);
}

TEST_CASE("A coarse face loses fine lines, and a sharpened one gains contrast at edges") {
    cv::Mat lines(50, 50, CV_8UC1, cv::Scalar(80)), edge(50, 50, CV_8UC1, cv::Scalar(80));
    for (int column = 0; column < lines.cols; column += 2) lines.col(column).setTo(160);
    edge.colRange(25, 50).setTo(160);
    const auto deviation = [](const cv::Mat& picture) {
        cv::Scalar mean, spread;
        cv::meanStdDev(picture, mean, spread);
        return spread[0];
    };
    auto coarse = nothing(), sharp = nothing();
    coarse.coarse = sharp.sharpen = 1;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CHECK(deviation(view_of(lines, coarse, seed)) < 0.75 * deviation(lines));
        double least = 0, most = 0;
        cv::minMaxLoc(view_of(edge, sharp, seed), &least, &most);
        CHECK(least < 80);
        CHECK(most > 160);
    }
}

TEST_CASE("Contrast is raised by up to 2.2 with clipping") {
    cv::Mat faint(50, 50, CV_8UC1, cv::Scalar(120));
    faint.rowRange(0, 25).setTo(130);
    auto options = nothing();
    options.contrast = 1;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        double least = 0, most = 0;
        cv::minMaxLoc(view_of(faint, options, seed), &least, &most);
        CHECK(most - least >= 9);
        CHECK(most - least <= 23);
        const auto stretched = view_of(ramp(), options, seed);
        CHECK(stretched.at<uchar>(0, 0) <= stretched.at<uchar>(0, 49));
    }
}

TEST_CASE("Each augmentation changes the view but not the crop") {
    using Member = double AugmentationOptions::*;
    for (const auto member : {Member(&AugmentationOptions::gamma), Member(&AugmentationOptions::shadow),
                              Member(&AugmentationOptions::blur), Member(&AugmentationOptions::noise),
                              Member(&AugmentationOptions::erase), Member(&AugmentationOptions::scale),
                              Member(&AugmentationOptions::equalize), Member(&AugmentationOptions::contrast),
                              Member(&AugmentationOptions::coarse), Member(&AugmentationOptions::sharpen),
                              Member(&AugmentationOptions::compress)}) {
        auto options = nothing();
        options.*member = 1;
        cv::Mat crop = ramp();
        crop.rowRange(20, 30).setTo(255);
        const cv::Mat before = crop.clone();
        const cv::Mat view = view_of(crop, options);
        CHECK(view.size() == crop.size());
        CHECK(view.type() == crop.type());
        CHECK(largest_difference(view, crop) > 0);
        CHECK(largest_difference(before, crop) == 0);
    }
}

TEST_CASE("A rotation is about the center, in both directions and within its limit") {
    auto options = nothing();
    options.rotation_deg = 30;
    double least = 0, most = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto [radius, angle] = place_of_dot(view_of(dot_picture(15), options, seed));
        CHECK(std::abs(radius - 15) < 0.3);
        CHECK(std::abs(angle) < 30.5);
        least = std::min(least, angle);
        most = std::max(most, angle);
    }
    CHECK(least < -15);
    CHECK(most > 15);
}

TEST_CASE("A zoom enlarges by exactly its factor, a scale by up to its factor or its inverse") {
    auto zoomed = nothing(), scaled = nothing();
    zoomed.zoom = 1.4;
    scaled.scale = 0.5;
    const auto zoomed_dot = place_of_dot(view_of(dot_picture(10), zoomed));
    CHECK(zoomed_dot.radius == Approx(14).margin(0.3));
    CHECK(std::abs(zoomed_dot.angle_deg) < 0.5);
    double least = 10, most = 10;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const double radius = place_of_dot(view_of(dot_picture(10), scaled, seed)).radius;
        CHECK(radius > 10 / 1.5 - 0.3);
        CHECK(radius < 10 * 1.5 + 0.3);
        least = std::min(least, radius);
        most = std::max(most, radius);
    }
    CHECK(least < 8);
    CHECK(most > 12);
}

TEST_CASE("Gamma keeps black, white and the order of grays in between") {
    auto options = nothing();
    options.gamma = 1;
    double least = 255, most = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        cv::Mat crop = ramp();
        crop.col(49).setTo(255);
        const cv::Mat view = view_of(crop, options, seed);
        CHECK(view.at<uchar>(0, 0) == 0);
        CHECK(view.at<uchar>(0, 49) == 255);
        for (int column = 1; column < 50; ++column)
            CHECK(view.at<uchar>(0, column - 1) <= view.at<uchar>(0, column));
        const double middle = view.at<uchar>(0, 25);  // 125
        CHECK(middle >= 255 * std::pow(125 / 255.0, std::exp(0.6)) - 1);
        CHECK(middle <= 255 * std::pow(125 / 255.0, std::exp(-0.6)) + 1);
        least = std::min(least, middle);
        most = std::max(most, middle);
    }
    CHECK(least < 110);
    CHECK(most > 140);
}

TEST_CASE("A shadow darkens one side, by at most 0.3") {
    auto options = nothing();
    options.shadow = 1;
    const cv::Mat crop(50, 50, CV_8UC1, cv::Scalar(200));
    double largest_step = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        double least = 0, most = 0;
        cv::minMaxLoc(view_of(crop, options, seed), &least, &most);
        CHECK(least >= 0.3 * 200 - 1);
        CHECK(most <= 200);
        largest_step = std::max(largest_step, most - least);
    }
    CHECK(largest_step > 100);
}

TEST_CASE("Blur softens an edge, noise keeps the mean, and an erased area is a rectangle of one gray") {
    cv::Mat edge(50, 50, CV_8UC1, cv::Scalar(50));
    edge.colRange(25, 50).setTo(200);
    const cv::Mat flat(50, 50, CV_8UC1, cv::Scalar(100));
    auto blurred = nothing(), noisy = nothing(), erased = nothing();
    blurred.blur = noisy.noise = erased.erase = 1;
    double most_noise = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const cv::Mat soft = view_of(edge, blurred, seed);
        CHECK(soft.at<uchar>(20, 25) - soft.at<uchar>(20, 24) < 130);
        CHECK(soft.at<uchar>(20, 10) == 50);
        CHECK(soft.at<uchar>(20, 40) == 200);

        cv::Scalar mean, deviation;
        cv::meanStdDev(view_of(flat, noisy, seed), mean, deviation);
        CHECK(std::abs(mean[0] - 100) < 1.5);
        CHECK(deviation[0] < 11);
        most_noise = std::max(most_noise, deviation[0]);

        const cv::Mat view = view_of(flat, erased, seed), changed = view != flat;
        const cv::Rect place = cv::boundingRect(changed);
        REQUIRE(place.area() > 0);
        CHECK(cv::countNonZero(changed) == place.area());
        CHECK(place.area() >= 0.015 * 2500);
        CHECK(place.area() <= 0.2 * 2500);
        CHECK(cv::countNonZero(view(place) != view.at<uchar>(place.tl())) == 0);
    }
    CHECK(most_noise > 5);
}

TEST_CASE("The same generator state gives the same view in color too") {
    const AugmentationOptions options;
    cv::Mat crop;
    cv::merge(std::vector<cv::Mat>(3, ramp()), crop);
    CHECK(largest_difference(view_of(crop, options, 9), view_of(crop, options, 9)) == 0);
    CHECK(largest_difference(view_of(crop, options, 9), view_of(crop, options, 10)) > 0);
}

TEST_CASE("Options out of range are reported with their limits") {
    AugmentationOptions options;
    options.shift = 0.7;
    CHECK_THROWS_WITH(config::checked(options), ContainsSubstring("augmentation.shift = 0.7") &&
                                                    ContainsSubstring("expected a number in [0"));
}

}  // namespace augmentation_test
