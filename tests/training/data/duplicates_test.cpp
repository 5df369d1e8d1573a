#include "training/data/duplicates.hpp"

#include <vector>

#include <opencv2/imgproc.hpp>

#include "base/random.hpp"
#include "media/image_files.hpp"
#include "support/catch.hpp"

namespace duplicates_test {

using namespace emotion;
using namespace emotion::training;

namespace {

/// Smooth blobs that differ from one another at least as much as faces.
cv::Mat blots(std::uint64_t seed, int side = 48) {
    Random random(seed);
    cv::Mat coarse(6, 6, CV_8UC1), picture;
    for (auto& pixel : cv::Mat_<std::uint8_t>(coarse)) pixel = static_cast<std::uint8_t>(random.below(256));
    cv::resize(coarse, picture, cv::Size(side, side), 0, 0, cv::INTER_CUBIC);
    return picture;
}

cv::Mat compressed(const cv::Mat& picture, int quality) {
    return test::decoded(test::encoded(".jpg", picture, {cv::IMWRITE_JPEG_QUALITY, quality}),
                         cv::IMREAD_GRAYSCALE);
}

std::vector<DuplicateGroup> duplicates_among(const std::vector<cv::Mat>& pictures, int threads = 1) {
    std::vector<PictureSignature> signatures;
    for (const auto& picture : pictures) signatures.push_back(signature_of(picture));
    ThreadPool pool(threads);
    return find_duplicates(signatures, pool);
}

using Places = std::vector<std::size_t>;

}  // namespace

TEST_CASE("The same pixels are an exact duplicate and other pictures are not") {
    const auto groups = duplicates_among({blots(1), blots(2), blots(1), blots(3), blots(1)});
    REQUIRE(groups.size() == 1);
    CHECK(groups[0].pictures == Places{0, 2, 4});
    CHECK(groups[0].exact);
    CHECK(duplicates_among({blots(1), blots(2), blots(3)}).empty());
    CHECK(duplicates_among({}).empty());
}

TEST_CASE("A different size, compression, light or border is a near duplicate") {
    const cv::Mat picture = blots(1);
    cv::Mat larger, darker, shifted;
    cv::resize(picture, larger, cv::Size(120, 120), 0, 0, cv::INTER_CUBIC);
    picture.convertTo(darker, -1, 0.6, 10);
    cv::resize(picture(cv::Rect(1, 0, 47, 47)), shifted, picture.size());
    for (const auto& copy : {larger, darker, shifted, compressed(picture, 30)}) {
        const auto groups = duplicates_among({picture, blots(2), copy});
        REQUIRE(groups.size() == 1);
        CHECK(groups[0].pictures == Places{0, 2});
        CHECK_FALSE(groups[0].exact);
    }
}

TEST_CASE("Copies of copies form one group regardless of the number of threads") {
    const cv::Mat picture = blots(4);
    const std::vector<cv::Mat> pictures{blots(5), compressed(picture, 40), picture, compressed(picture, 20),
                                        blots(5)};
    for (const int threads : {1, 3}) {
        const auto groups = duplicates_among(pictures, threads);
        REQUIRE(groups.size() == 2);
        CHECK(groups[0].pictures == Places{0, 4});
        CHECK(groups[0].exact);
        CHECK(groups[1].pictures == Places{1, 2, 3});
        CHECK_FALSE(groups[1].exact);
    }
}

TEST_CASE("Uniform pictures resemble only themselves") {
    const cv::Mat black(48, 48, CV_8UC1, cv::Scalar(0)), white(48, 48, CV_8UC1, cv::Scalar(255));
    CHECK(duplicates_among({black, white, blots(1)}).empty());
    CHECK(duplicates_among({black, black}).size() == 1);
    CHECK(duplicates_among({cv::Mat(1, 1, CV_8UC3, cv::Scalar(9, 9, 9)), blots(1)}).empty());
}

}  // namespace duplicates_test
