#include "training/data/dataset.hpp"

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/image_files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"

namespace dataset_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

TEST_CASE("Pictures are loaded in class order regardless of the number of threads") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"happy", "fear", "other"}, 5);
    const auto folders = list_class_folders(folder.path());
    faces::CropSpec crop;
    crop.width = crop.height = 16;
    std::vector<std::uint8_t> reference;
    for (const int count : {1, 2, 3}) {
        ThreadPool threads(count);
        const auto data = load_dataset(folders, {"happy", "fear"}, crop, threads);
        REQUIRE(data.size() == 10);
        CHECK(data.labels == std::vector<int>{0, 0, 0, 0, 0, 1, 1, 1, 1, 1});
        CHECK(data.names[0] == "happy/1000.png");
        CHECK(data.names[9] == "fear/1004.png");
        CHECK(data.counts() == std::vector<std::int64_t>{5, 5});
        CHECK(data.counts_text() == "5 happy, 5 fear");
        CHECK(data.crops.size() == 10 * 256);
        if (reference.empty()) reference = data.crops;
        CHECK(data.crops == reference);
    }
    const auto first = read_image(folder / "happy" / "1000.png", cv::IMREAD_GRAYSCALE);
    CHECK(std::equal(first.datastart, first.dataend, reference.begin()));
}

TEST_CASE("Unreadable pictures are skipped and named") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"happy", "fear"}, 2);
    write_file(folder / "happy" / "1000a.png", "no picture");
    write_file(folder / "happy" / "empty.jpg", "");
    ThreadPool threads(2);
    const auto data = load_dataset(list_class_folders(folder.path()), {"happy", "fear"}, {}, threads);
    CHECK(data.size() == 4);
    REQUIRE(data.unreadable.size() == 2);
    CHECK_THAT(data.unreadable[0], ContainsSubstring("1000a.png"));
    CHECK_THAT(data.unreadable[1], ContainsSubstring("empty.jpg"));
    CHECK(data.names[2] == "fear/1000.png");
}

TEST_CASE("Pictures that were cut short are left out and named, whatever their format") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"happy", "fear"}, 2);
    const cv::Mat picture = read_image(folder / "happy" / "1000.png");
    cv::Mat large;
    cv::resize(picture, large, cv::Size(160, 120), 0, 0, cv::INTER_CUBIC);
    const std::vector<std::string> endings{"bmp", "jpg", "png", "tiff", "webp"};
    for (const auto& ending : endings) {
        const auto path = folder / "fear" / ("cut." + ending);
        write_image(path, large);
        std::filesystem::resize_file(path, std::filesystem::file_size(path) * 6 / 10);
    }
    ThreadPool threads(2);
    const auto data = load_dataset(list_class_folders(folder.path()), {"happy", "fear"}, {}, threads);
    CHECK(data.size() == 4);
    REQUIRE(data.unreadable.size() == endings.size());
    for (std::size_t i = 0; i < endings.size(); ++i)
        CHECK_THAT(data.unreadable[i],
                   ContainsSubstring("cut." + endings[i]) && ContainsSubstring("is cut short"));
}

TEST_CASE("A class without a folder or without a readable picture is an error") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"happy"}, 2);
    std::filesystem::create_directories(folder / "fear");
    ThreadPool threads(1);
    const auto load = [&](const std::vector<std::string>& classes) {
        load_dataset(list_class_folders(folder.path()), classes, {}, threads);
    };
    CHECK_THROWS_WITH(load({"happy", "joy"}),
                      ContainsSubstring("no folder for the class joy, only fear, happy"));
    CHECK_THROWS_WITH(load({"happy", "fear"}), ContainsSubstring("fear has no picture that can be read"));
    write_file(folder / "fear" / "text.png", "no picture");
    CHECK_THROWS_WITH(load({"happy", "fear"}), ContainsSubstring("text.png"));
}

}  // namespace dataset_test
