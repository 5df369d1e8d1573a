#include "model/self_check.hpp"

#include <set>
#include <stdexcept>

#include <opencv2/core.hpp>

#include "base/sha256.hpp"
#include "support/catch.hpp"

namespace self_check_test {

using namespace emotion;
using namespace emotion::model;

namespace {

std::string hash(const cv::Mat& crop) {
    REQUIRE(crop.isContinuous());
    return sha256({reinterpret_cast<const char*>(crop.data), crop.total() * crop.elemSize()}).substr(0, 16);
}

}  // namespace

TEST_CASE("Synthetic crops have the size and type of the card") {
    faces::CropSpec spec;
    for (const auto& [width, height] : {std::pair{8, 8}, std::pair{50, 50}, std::pair{512, 100}})
        for (const auto color : {faces::CropColor::kGray, faces::CropColor::kBgr, faces::CropColor::kRgb}) {
            spec.width = width;
            spec.height = height;
            spec.color = color;
            std::set<std::string> different;
            for (const auto& pattern : self_check_patterns()) {
                const auto crop = self_check_crop(pattern, spec);
                CHECK(crop.type() == (color == faces::CropColor::kGray ? CV_8UC1 : CV_8UC3));
                CHECK(crop.size() == cv::Size(width, height));
                different.insert(hash(crop));
            }
            CHECK(different.size() == self_check_patterns().size());
        }
    CHECK_THROWS_AS(self_check_crop("face", spec), std::invalid_argument);
}

TEST_CASE("Synthetic crops differ from their mirror image and between channels") {
    faces::CropSpec spec;
    spec.color = faces::CropColor::kBgr;
    bool mirror_differs = false;
    for (const auto& pattern : self_check_patterns()) {
        const auto crop = self_check_crop(pattern, spec);
        cv::Mat channels[3], mirrored;
        cv::split(crop, channels);
        CHECK(hash(channels[0]) != hash(channels[1]));
        CHECK(hash(channels[0]) != hash(channels[2]));
        cv::flip(crop, mirrored, 1);
        mirror_differs |= hash(mirrored) != hash(crop);
    }
    CHECK(mirror_differs);
}

TEST_CASE("Synthetic crops never change, because existing cards rely on them") {
    CHECK(hash(self_check_crop("ramp", {})) == "426f5729d3d28d10");
    CHECK(hash(self_check_crop("checks", {})) == "3ee3c09acdb80a5c");
    CHECK(hash(self_check_crop("rings", {})) == "7896393b6f9e6a0a");
    CHECK(hash(self_check_crop("noise", {})) == "080b09f8ab9dbe6b");
}

}  // namespace self_check_test
