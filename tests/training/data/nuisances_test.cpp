#include "training/data/nuisances.hpp"

#include <algorithm>
#include <stdexcept>

#include <opencv2/core.hpp>

#include "support/catch.hpp"
#include "training/data/dot_picture.hpp"

namespace nuisances_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

cv::Mat under(const std::string& name, const cv::Mat& crop) {
    for (const auto& nuisance : nuisances())
        if (nuisance.name == name) return nuisance.apply(crop);
    throw std::invalid_argument(name);
}

cv::Mat gray(int value) {
    return {50, 50, CV_8UC1, cv::Scalar(value)};
}

}  // namespace

TEST_CASE("Light is scaled and clipped at white") {
    CHECK(cv::norm(under("darker", gray(100)), gray(40), cv::NORM_INF) == 0);
    CHECK(cv::norm(under("brighter", gray(100)), gray(160), cv::NORM_INF) == 0);
    CHECK(cv::norm(under("brighter", gray(200)), gray(255), cv::NORM_INF) == 0);
}

TEST_CASE("The half shadow darkens the right half to 0.35") {
    const cv::Mat shaded = under("half in shadow", gray(200));
    CHECK(cv::norm(shaded.colRange(0, 25), gray(200).colRange(0, 25), cv::NORM_INF) == 0);
    CHECK(cv::norm(shaded.colRange(25, 50), gray(70).colRange(25, 50), cv::NORM_INF) == 0);
}

TEST_CASE("Heads are tilted by 15 degrees in both directions") {
    const auto left = place_of_dot(under("tilted left", dot_picture(18)));
    const auto right = place_of_dot(under("tilted right", dot_picture(18)));
    CHECK(left.angle_deg == Approx(-15).margin(0.7));
    CHECK(right.angle_deg == Approx(15).margin(0.7));
    for (const auto& place : {left, right}) CHECK(place.radius == Approx(18).margin(0.3));
}

TEST_CASE("Blur spreads an edge over 3 % of the side and keeps distant pixels") {
    cv::Mat edge = gray(0);
    edge.colRange(25, 50).setTo(200);
    const cv::Mat soft = under("blurred", edge);
    // The integral of a normal distribution of sigma 1.5, half a pixel on either side of the edge.
    CHECK(soft.at<uchar>(20, 24) == Approx(200 * 0.37).margin(4));
    CHECK(soft.at<uchar>(20, 25) == Approx(200 * 0.63).margin(4));
    CHECK(soft.at<uchar>(20, 10) == 0);
    CHECK(soft.at<uchar>(20, 40) == 200);
}

TEST_CASE("Glasses are dark rims around the eyes and leave eyes and mouth visible") {
    const cv::Mat glasses = under("glasses", gray(180));
    const auto darkest = [&](const cv::Rect& place) {
        double min = 0;
        cv::minMaxLoc(glasses(place), &min);
        return min;
    };
    for (const double eye : {0.3, 0.7}) {
        const int x = static_cast<int>(eye * 50), y = 19;
        CHECK(darkest({x - 10, y - 8, 20, 16}) < 40);
        CHECK(darkest({x - 2, y - 2, 5, 5}) == 180);
    }
    CHECK(darkest({22, 16, 6, 5}) < 40);  // the bridge
    CHECK(darkest({0, 28, 50, 22}) == 180);
}

TEST_CASE("A perturbed dataset has every crop perturbed and keeps the labels") {
    Dataset data;
    data.classes = {"happy", "fear"};
    data.labels = {1, 0};
    data.names = {"fear/a", "happy/b"};
    for (int pixel = 0; pixel < 2 * 2500; ++pixel)
        data.crops.push_back(static_cast<std::uint8_t>(80 + pixel % 50 + pixel / 2500));
    const auto before = data.crops;
    for (const auto& nuisance : nuisances()) {
        const auto perturbed = perturb(data, nuisance);
        CHECK(perturbed.labels == data.labels);
        CHECK(perturbed.names == data.names);
        REQUIRE(perturbed.crops.size() == data.crops.size());
        for (std::size_t i = 0; i < 2; ++i)
            CHECK(cv::norm(perturbed.crop_at(i), nuisance.apply(data.crop_at(i)), cv::NORM_INF) == 0);
    }
    CHECK(data.crops == before);
}

}  // namespace nuisances_test
