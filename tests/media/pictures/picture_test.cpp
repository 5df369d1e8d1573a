#include "media/pictures/picture.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/image_files.hpp"
#include "media/made_up_picture.hpp"
#include "media/pictures/picture_header.hpp"
#include "support/catch.hpp"
#include "support/exif.hpp"
#include "support/temporary_folder.hpp"

namespace picture_test {

using emotion::media::read_picture;
using emotion::test::encoded;
using emotion::test::made_up_picture;
using emotion::test::same_bytes;
using emotion::test::TemporaryFolder;
using emotion::test::with_orientation;

namespace {

/// A PNG that claims a size, with a valid checksum and almost no data.
std::string png_claiming(std::uint32_t width, std::uint32_t height) {
    std::string png = encoded(".png", cv::Mat(4, 4, CV_8UC1, cv::Scalar(0)));
    for (int i = 0; i < 4; ++i) {
        png[16 + i] = static_cast<char>(width >> (24 - 8 * i));
        png[20 + i] = static_cast<char>(height >> (24 - 8 * i));
    }
    std::uint32_t crc = 0xffffffff;
    for (int i = 12; i < 29; ++i) {
        crc ^= static_cast<unsigned char>(png[i]);
        for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    for (int i = 0; i < 4; ++i) png[29 + i] = static_cast<char>(~crc >> (24 - 8 * i));
    return png;
}

/// The header of a TIFF file, or of a BigTIFF file, which then says that both are 1.
std::string tiff_claiming(std::uint32_t width, std::uint32_t height, bool big, bool little_endian) {
    std::string tiff = little_endian ? "II" : "MM";
    const auto add = [&](std::uint64_t number, int bytes) {
        for (int i = 0; i < bytes; ++i)
            tiff += static_cast<char>(number >> 8 * (little_endian ? i : bytes - 1 - i));
    };
    const int wide = big ? 8 : 4;
    add(big ? 43 : 42, 2);
    if (big) add(8, 4);
    add(big ? 16 : 8, wide);
    add(4, big ? 8 : 2);
    for (const auto& [tag, value] : {std::pair{256u, width}, {257u, height}, {256u, 1u}, {257u, 1u}}) {
        add(tag, 2);
        add(big ? 16 : 4, 2);
        add(1, wide);
        add(value, wide);
    }
    add(0, wide);
    return tiff;
}

}  // namespace

TEST_CASE("pictures of any format are read as 8-bit BGR") {
    const TemporaryFolder folder;
    const cv::Mat picture = made_up_picture(37, 23);
    for (const std::string name : {"a.png", "a.bmp", "a.ppm", "a.tiff", "a.webp"}) {
        const auto path = (folder / name).string();
        emotion::write_file(path, encoded(std::filesystem::path(name).extension(), picture));
        INFO(name);
        const cv::Mat read = read_picture(path);
        CHECK(read.type() == CV_8UC3);
        CHECK(cv::norm(read, picture, cv::NORM_L1) / static_cast<double>(read.total()) < 6.0);
    }
}

TEST_CASE("the name of a picture may contain spaces and non-ASCII characters") {
    const TemporaryFolder folder;
    const auto path = (folder / "ein Gesicht \xc3\xa4\xe2\x82\xac.png").string();
    emotion::write_file(path, encoded(".png", made_up_picture(5, 5)));
    CHECK(same_bytes(read_picture(path), made_up_picture(5, 5)));
}

TEST_CASE("the extension of a picture does not matter") {
    const TemporaryFolder folder;
    const auto path = (folder / "picture.txt").string();
    emotion::write_file(path, encoded(".png", made_up_picture(5, 5)));
    CHECK(same_bytes(read_picture(path), made_up_picture(5, 5)));
}

TEST_CASE("a gray picture is read with three equal channels") {
    const TemporaryFolder folder;
    const cv::Mat gray = emotion::media::to_gray(made_up_picture(20, 20));
    emotion::write_file(folder / "a.png", encoded(".png", gray));
    const cv::Mat read = read_picture((folder / "a.png").string());
    REQUIRE(read.type() == CV_8UC3);
    CHECK(same_bytes(emotion::media::to_gray(read), gray));
}

TEST_CASE("a 16 bit picture is scaled to 8 bits") {
    const TemporaryFolder folder;
    cv::Mat deep;
    made_up_picture(20, 20).convertTo(deep, CV_16U, 257);
    emotion::write_file(folder / "a.png", encoded(".png", deep));
    CHECK(same_bytes(read_picture((folder / "a.png").string()), made_up_picture(20, 20)));
    CHECK(same_bytes(emotion::media::to_bgr(deep), made_up_picture(20, 20)));
}

TEST_CASE("alpha is blended over mid-gray") {
    const TemporaryFolder folder;
    const cv::Mat bgra = (cv::Mat_<cv::Vec4b>(1, 3) << cv::Vec4b(10, 20, 30, 255), cv::Vec4b(10, 20, 30, 0),
                          cv::Vec4b(0, 255, 128, 128));
    emotion::write_file(folder / "a.png", encoded(".png", bgra));
    const cv::Mat expected = (cv::Mat_<cv::Vec3b>(1, 3) << cv::Vec3b(10, 20, 30), cv::Vec3b(128, 128, 128),
                              cv::Vec3b(64, 192, 128));
    CHECK(same_bytes(read_picture((folder / "a.png").string()), expected));
    emotion::write_file(folder / "a.webp",
                        encoded(".webp", cv::Mat(16, 16, CV_8UC4, cv::Scalar(9, 9, 9, 0))));
    CHECK(same_bytes(read_picture((folder / "a.webp").string()),
                     cv::Mat(16, 16, CV_8UC3, cv::Scalar::all(128))));
}

TEST_CASE("float pictures from 0 to 1 become bytes") {
    const cv::Mat picture = (cv::Mat_<float>(1, 3) << -1.0f, 0.5f, 2.0f);
    const cv::Mat expected = (cv::Mat_<uchar>(1, 3) << 0, 128, 255);
    CHECK(same_bytes(emotion::media::to_gray(picture), expected));
}

TEST_CASE("files of floats from 0 to 1 keep their brightness") {
    const TemporaryFolder folder;
    cv::Mat floats;
    made_up_picture(40, 30).convertTo(floats, CV_32F, 1.0 / 255.0);
    for (const std::string ending : {".pfm", ".tiff"}) {
        if (!emotion::media::picture_codecs().has_writer(ending)) continue;
        INFO(ending);
        emotion::write_file(folder / ("a" + ending), encoded(ending, floats));
        const auto read = read_picture((folder / ("a" + ending)).string());
        REQUIRE(read.type() == CV_8UC3);
        CHECK(cv::norm(read, made_up_picture(40, 30), cv::NORM_L1) / static_cast<double>(read.total()) < 9.0);
    }
    emotion::write_file(folder / "grey.tiff", encoded(".tiff", cv::Mat(20, 20, CV_32FC1, cv::Scalar(0.5))));
    CHECK(cv::mean(read_picture((folder / "grey.tiff").string()))[1] == 128.0);
    emotion::write_file(folder / "signed.tiff", encoded(".tiff", cv::Mat(20, 20, CV_8SC1, cv::Scalar(50))));
    CHECK_FALSE(read_picture((folder / "signed.tiff").string()).empty());
}

TEST_CASE("the linear light of a Radiance picture is encoded as sRGB") {
    const TemporaryFolder folder;
    // Red, green, blue and a common exponent each: 1/2, 1/4, 1, 2 and 1/512 of gray, and 1/2 of red.
    const std::vector<unsigned char> pixels{128, 128, 128, 128, 128, 128, 128, 127, 128, 128, 128, 129,
                                            128, 128, 128, 130, 128, 128, 128, 120, 128, 0,   0,   128};
    emotion::write_file(folder / "a.hdr", "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 6\n" +
                                              std::string(pixels.begin(), pixels.end()));
    const cv::Mat expected =
        (cv::Mat_<cv::Vec3b>(1, 6) << cv::Vec3b::all(188), cv::Vec3b::all(137), cv::Vec3b::all(255),
         cv::Vec3b::all(255), cv::Vec3b::all(6), cv::Vec3b(0, 0, 188));
    CHECK(same_bytes(read_picture((folder / "a.hdr").string()), expected));
}

TEST_CASE("the EXIF orientation is applied") {
    const TemporaryFolder folder;
    cv::Mat picture(16, 32, CV_8UC3, cv::Scalar::all(0));
    picture.colRange(0, 16).setTo(cv::Scalar::all(255));
    emotion::write_file(folder / "a.jpg", with_orientation(encoded(".jpg", picture), 6));
    const cv::Mat read = read_picture((folder / "a.jpg").string());
    REQUIRE(read.size() == cv::Size(16, 32));
    CHECK(cv::mean(read.rowRange(0, 12))[0] > 240);
    CHECK(cv::mean(read.rowRange(20, 32))[0] < 15);
}

TEST_CASE("a picture of one pixel is read") {
    const TemporaryFolder folder;
    emotion::write_file(folder / "a.png", encoded(".png", made_up_picture(1, 1)));
    CHECK(same_bytes(read_picture((folder / "a.png").string()), made_up_picture(1, 1)));
}

TEST_CASE("a picture of 108 million pixels is read") {
    const TemporaryFolder folder;
    emotion::write_file(folder / "a.png", encoded(".png", cv::Mat(9000, 12000, CV_8UC1, cv::Scalar(77))));
    const cv::Mat read = read_picture((folder / "a.png").string());
    CHECK(read.size() == cv::Size(12000, 9000));
    CHECK(read.at<cv::Vec3b>(8999, 11999) == cv::Vec3b(77, 77, 77));
}

TEST_CASE("a file that is no picture is reported in one line that names it") {
    const TemporaryFolder folder;
    const auto path = [&](const char* name) { return (folder / name).string(); };
    emotion::write_file(path("empty.png"), "");
    emotion::write_file(path("text.png"), "This is no picture.\n");
    emotion::write_file(path("half.png"), encoded(".png", made_up_picture(200, 200)).substr(0, 300));
    CHECK_THROWS_WITH(read_picture(path("none.png")), ContainsSubstring("none.png: no such file"));
    CHECK_THROWS_WITH(read_picture(path("empty.png")), ContainsSubstring("empty.png: is empty"));
    CHECK_THROWS_WITH(read_picture(path("text.png")), ContainsSubstring("text.png: is not a picture"));
    CHECK_THROWS_WITH(read_picture(path("half.png")), ContainsSubstring("half.png: is cut short"));
    CHECK_THROWS_WITH(read_picture(folder.path().string()), ContainsSubstring("is a folder"));
}

TEST_CASE("a picture that claims to be huge is rejected before decoding") {
    const TemporaryFolder folder;
    emotion::write_file(folder / "a.png", png_claiming(30000, 30000));
    CHECK_THROWS_WITH(read_picture((folder / "a.png").string()),
                      ContainsSubstring("claims 30000x30000 pixels"));
    emotion::write_file(folder / "b.png", png_claiming(2000000000, 2000000000));
    CHECK_THROWS_AS(read_picture((folder / "b.png").string()), emotion::Error);
    emotion::write_file(folder / "c.png", png_claiming(0xffffffff, 0xffffffff));
    CHECK_THROWS_WITH(read_picture((folder / "c.png").string()), ContainsSubstring("claims"));
    for (const bool big : {false, true})
        for (const bool little_endian : {false, true}) {
            emotion::write_file(folder / "d.tiff", tiff_claiming(40000, 30000, big, little_endian));
            CHECK_THROWS_WITH(read_picture((folder / "d.tiff").string()),
                              ContainsSubstring("claims 40000x30000 pixels"));
        }
}

TEST_CASE("the size is read from picture headers without decoding") {
    const cv::Mat picture = made_up_picture(301, 207);
    for (const std::string ending : {".png", ".jpg", ".webp", ".bmp", ".tiff"}) {
        INFO(ending);
        const auto header = emotion::media::read_picture_header(encoded(ending, picture));
        CHECK(header.width == 301);
        CHECK(header.height == 207);
        CHECK_FALSE(header.may_have_alpha);
    }
    const auto lossless =
        emotion::media::read_picture_header(encoded(".webp", picture, {cv::IMWRITE_WEBP_QUALITY, 101}));
    CHECK(lossless.width == 301);
    CHECK(lossless.height == 207);
}

TEST_CASE("truncated picture headers are handled") {
    for (const std::string ending : {".png", ".jpg", ".webp", ".bmp", ".tiff"}) {
        const auto bytes = encoded(ending, made_up_picture(9, 9));
        for (std::size_t length = 0; length < std::min<std::size_t>(bytes.size(), 400); ++length)
            emotion::media::read_picture_header(bytes.substr(0, length));
    }
    CHECK(emotion::media::read_picture_header("RIFFWEBP").width ==
          0);  // WebP's name, where the length belongs
}

TEST_CASE("a picture is encoded in the format of its extension") {
    const cv::Mat picture = made_up_picture(9, 7);
    CHECK(emotion::media::picture_bytes(picture, ".png") == encoded(".png", picture));
    CHECK(emotion::media::picture_bytes(picture, ".bmp").starts_with("BM"));
    for (const std::string ending : {".unknown", ".webp", ".jpg"})
        CHECK_THROWS_WITH(
            emotion::media::picture_bytes(cv::Mat(1, 70'000, CV_8UC3), ending),
            "70000x1 pixels cannot be written as " + ending + ", expected another ending, such as .png");
}

}  // namespace picture_test
