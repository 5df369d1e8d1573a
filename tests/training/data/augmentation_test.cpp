#include "training/data/augmentation.hpp"

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "support/catch.hpp"

using namespace emotion;
using namespace emotion::training;

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

TEST_CASE("Without any change the view is the crop") {
    CHECK(largest_difference(view_of(ramp(), nothing()), ramp()) == 0);
}

TEST_CASE("A certain flip gives the mirror image") {
    auto options = nothing();
    options.flip = 1;
    cv::Mat mirror;
    cv::flip(ramp(), mirror, 1);
    CHECK(largest_difference(view_of(ramp(), options), mirror) == 0);
}

TEST_CASE("A shift moves by no more than was allowed") {
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

TEST_CASE("A face seen from afar loses its fine lines, and a sharpened one gains contrast at its edges") {
    cv::Mat lines(50, 50, CV_8UC1, cv::Scalar(80)), edge(50, 50, CV_8UC1, cv::Scalar(80));
    for (int column = 0; column < lines.cols; column += 2) lines.col(column).setTo(160);
    edge.colRange(25, 50).setTo(160);
    const auto deviation = [](const cv::Mat& picture) {
        cv::Scalar mean, deviation;
        cv::meanStdDev(picture, mean, deviation);
        return deviation[0];
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

TEST_CASE("Contrast is raised by up to 2.2 and what leaves the range is cut off") {
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

TEST_CASE("Each change alone changes a crop and leaves the crop itself alone") {
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

TEST_CASE("The same generator state gives the same view also in colour") {
    const AugmentationOptions options;
    cv::Mat crop;
    cv::merge(std::vector<cv::Mat>(3, ramp()), crop);
    CHECK(largest_difference(view_of(crop, options, 9), view_of(crop, options, 9)) == 0);
    CHECK(largest_difference(view_of(crop, options, 9), view_of(crop, options, 10)) > 0);
}

TEST_CASE("Options out of range are named with their limits") {
    AugmentationOptions options;
    options.shift = 0.7;
    CHECK_THROWS_WITH(options.validate(), ContainsSubstring("augmentation.shift = 0.7") &&
                                              ContainsSubstring("expected a number in [0"));
}
