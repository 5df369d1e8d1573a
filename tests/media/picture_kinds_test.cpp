#include "media/picture_kinds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/frame_source.hpp"
#include "media/made_up_picture.hpp"
#include "media/made_up_video.hpp"
#include "media/orientation.hpp"
#include "media/pictures/picture.hpp"
#include "media/pictures/picture_header.hpp"
#include "media/sources.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace picture_kinds_test {

// Pictures are read as displayed however they are stored, and truncation is reported.

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

/// The brightness of the four corners, row by row.
using Corners = std::array<int, 4>;

constexpr int kWidth = 64, kHeight = 32;

cv::Mat with_corners(int channels) {
    cv::Mat picture(kHeight, kWidth, channels == 4 ? CV_8UC4 : CV_8UC3);
    for (int i = 0; i < 4; ++i)
        picture(cv::Rect(i % 2 * kWidth / 2, i / 2 * kHeight / 2, kWidth / 2, kHeight / 2))
            .setTo(cv::Scalar(30 + 60 * i, 30 + 60 * i, 30 + 60 * i, 255));
    return picture;
}

Corners corners_of(const cv::Mat& picture) {
    Corners corners{};
    for (int i = 0; i < 4; ++i) {
        const cv::Size half(picture.cols / 2, picture.rows / 2);
        const cv::Rect inside(i % 2 * half.width + half.width / 4, i / 2 * half.height + half.height / 4,
                              half.width / 2, half.height / 2);
        corners[static_cast<std::size_t>(i)] =
            static_cast<int>(std::lround((cv::mean(picture(inside))[0] - 30.0) / 60.0)) * 60 + 30;
    }
    return corners;
}

/// As shown by ImageMagick with -auto-orient, by EXIF value.
const std::vector<Corners> kOriented{{30, 90, 150, 210}, {90, 30, 210, 150}, {210, 150, 90, 30},
                                     {150, 210, 30, 90}, {30, 150, 90, 210}, {150, 30, 210, 90},
                                     {210, 90, 150, 30}, {90, 210, 30, 150}};

std::string of_kind(const std::string& kind, int orientation) {
    const auto bgr = with_corners(3), bgra = with_corners(4);
    const cv::Size size(kWidth, kHeight);
    if (kind == "jpg") return with_orientation(encoded(".jpg", bgr), static_cast<char>(orientation));
    if (kind == "png") return png_with_orientation(encoded(".png", bgr), orientation);
    if (kind == "alpha.png") return png_with_orientation(encoded(".png", bgra), orientation);
    if (kind == "webp") return webp_with_orientation(encoded(".webp", bgr), size, orientation, false);
    if (kind == "lossless.webp")
        return webp_with_orientation(encoded(".webp", bgr, {cv::IMWRITE_WEBP_QUALITY, 101}), size,
                                     orientation, false);
    if (kind == "intel.tiff") return tiff_with_orientation(bgr, orientation, true);
    return tiff_with_orientation(bgr, orientation, false);
}

std::vector<std::string> warnings_of(const std::string& name) {
    std::vector<std::string> warnings;
    const auto source =
        open_source(name, {.warn = [&](const std::string& line) { warnings.push_back(line); }});
    CHECK(all_frames(*source).size() == 1);
    return warnings;
}

}  // namespace

TEST_CASE("pictures of every kind are rotated and mirrored by their metadata") {
    const TemporaryFolder folder;
    for (const std::string kind :
         {"jpg", "png", "alpha.png", "webp", "lossless.webp", "intel.tiff", "motorola.tiff"})
        for (int orientation = 1; orientation <= 8; ++orientation) {
            INFO(kind << ' ' << orientation);
            const auto path = (folder / ("a." + kind)).string();
            write_file(path, of_kind(kind, orientation));
            const auto picture = read_picture_file(path);
            CHECK(picture.bgr.type() == CV_8UC3);
            CHECK(picture.bgr.size() ==
                  (orientation > 4 ? cv::Size(kHeight, kWidth) : cv::Size(kWidth, kHeight)));
            CHECK(corners_of(picture.bgr) == kOriented[static_cast<std::size_t>(orientation - 1)]);
            CHECK_FALSE(picture.cut_short);
            CHECK(picture.pictures == 1);
            CHECK(same_bytes(open_source(path)->next()->bgr, picture.bgr));
            CHECK(same_bytes(read_picture(path), picture.bgr));
        }
}

TEST_CASE("an invalid orientation is ignored") {
    const TemporaryFolder folder;
    for (const int orientation : {0, 9, 200}) {
        write_file(folder / "a.png", of_kind("png", orientation));
        CHECK(corners_of(read_picture((folder / "a.png").string())) == kOriented[0]);
    }
}

TEST_CASE("a truncated picture gives the data present and a warning") {
    const TemporaryFolder folder;
    const cv::Mat picture = made_up_picture(320, 240);
    const std::vector<std::pair<std::string, std::string>> whole{
        {"base.jpg", encoded(".jpg", picture)},
        {"progressive.jpg", encoded(".jpg", picture, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})},
        {"a.png", encoded(".png", picture)},
        {"a.webp", encoded(".webp", picture, {cv::IMWRITE_WEBP_QUALITY, 90})},
        {"a.tiff", tiff_with_orientation(picture, 1, true)},
        {"a.bmp", encoded(".bmp", picture)}};
    for (const auto& [name, bytes] : whole)
        for (const std::size_t percent : {50, 80, 99}) {
            INFO(name << ' ' << percent);
            const auto path = (folder / name).string();
            write_file(path, bytes);
            CHECK_FALSE(read_picture_file(path).cut_short);
            CHECK(warnings_of(path).empty());
            write_file(path, bytes.substr(0, bytes.size() * percent / 100));
            const auto cut = read_picture_file(path);
            CHECK(cut.cut_short);
            REQUIRE(cut.bgr.size() == picture.size());
            if (name != "progressive.jpg") {  // progressive files are coarse everywhere
                const int rows = 240 * static_cast<int>(percent) / 250;
                const cv::Rect there(0, name == "a.bmp" ? 240 - rows : 0, 320, rows);  // stored bottom up
                const double kLossy = 12.0;
                CHECK(cv::norm(cut.bgr(there), picture(there), cv::NORM_L1) / (3.0 * there.area()) < kLossy);
            }
            const auto warnings = warnings_of(path);
            REQUIRE(warnings.size() == 1);
            CHECK_THAT(warnings[0], ContainsSubstring(name + ": is cut short"));
        }
    // Nothing can be decoded from these, and the error says so.
    for (const auto& [name, bytes] : std::vector<std::pair<std::string, std::string>>{
             {"lossless.webp", encoded(".webp", picture, {cv::IMWRITE_WEBP_QUALITY, 101})},
             {"tags_behind.tiff", encoded(".tiff", picture)}}) {
        INFO(name);
        write_file(folder / name, bytes.substr(0, bytes.size() / 2));
        CHECK(read_picture_header(bytes.substr(0, bytes.size() / 2)).cut_short);
        try {
            const auto cut = read_picture_file((folder / name).string());
            CHECK(cut.cut_short);
        } catch (const Error& error) {
            CHECK_THAT(error.what(), ContainsSubstring(name + ": is cut short"));
        }
    }
}

TEST_CASE("data after the end of a picture does not make it look truncated") {
    const TemporaryFolder folder;
    for (const std::string ending : {".jpg", ".png", ".webp", ".tiff", ".bmp"}) {
        INFO(ending);
        const auto path = (folder / ("a" + ending)).string();
        write_file(path,
                   encoded(ending, made_up_picture(64, 48)) + std::string(1000, '\0') + "\xff\xd8 more");
        CHECK_FALSE(read_picture_file(path).cut_short);
    }
    // Comments and thumbnails may contain markers of their own.
    const auto jpeg = encoded(".jpg", made_up_picture(64, 48));
    using namespace std::string_literals;
    const auto comment = "\xff\xfe\0\x08\xff\xd9\xff\xda\0\x04"s;
    write_file(folder / "b.jpg", jpeg.substr(0, 2) + comment + jpeg.substr(2));
    CHECK_FALSE(read_picture_file((folder / "b.jpg").string()).cut_short);
    write_file(folder / "b.jpg", jpeg.substr(0, 2) + comment + jpeg.substr(2, jpeg.size() / 2));
    CHECK(read_picture_file((folder / "b.jpg").string()).cut_short);
}

TEST_CASE("a JPEG picture with damaged data is read with a warning, and refused where it must be whole") {
    const TemporaryFolder folder;
    using namespace std::string_literals;
    const auto plain = encoded(".jpg", made_up_picture(320, 240));
    const auto restarts = encoded(".jpg", made_up_picture(320, 240), {cv::IMWRITE_JPEG_RST_INTERVAL, 4});
    const auto progressive = encoded(".jpg", made_up_picture(320, 240), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
    for (const auto& whole : {plain, restarts, progressive}) {
        CHECK_FALSE(read_picture_header(whole).damaged);
        CHECK_FALSE(read_picture_header(whole).cut_short);
    }
    const auto scan = plain.find("\xff\xda"s);
    REQUIRE(scan != std::string::npos);
    const auto middle = scan + (plain.size() - scan) / 2;
    const auto third = restarts.find("\xff\xd2"s, restarts.find("\xff\xda"s));
    REQUIRE(third != std::string::npos);
    // A marker that does not exist, a restart without an interval, and one that is out of order.
    for (const auto& damaged : {plain.substr(0, middle) + "\xff\x5a" + plain.substr(middle + 2),
                                plain.substr(0, middle) + "\xff\xd0" + plain.substr(middle + 2),
                                restarts.substr(0, third) + "\xff\xd5" + restarts.substr(third + 2)}) {
        const auto path = (folder / "a.jpg").string();
        write_file(path, damaged);
        const auto read = read_picture_file(path);
        CHECK(read.damaged);
        CHECK_FALSE(read.cut_short);
        CHECK(read.bgr.size() == cv::Size(320, 240));
        const auto warnings = warnings_of(path);
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0], ContainsSubstring("a.jpg: is damaged"));
        CHECK_THROWS_WITH(read_picture(path), ContainsSubstring("a.jpg: is damaged"));
    }
}

TEST_CASE("pictures of formats that are not read are refused with advice to convert them") {
    const TemporaryFolder folder;
    using namespace std::string_literals;
    const auto tga = "\0\0\x02\0\0\0\0\0\0\0\0\0\x04\0\x02\0\x18\0"s + std::string(4 * 2 * 3, '\x50');
    const auto rest = std::string(200, '\0');
    const std::vector<std::array<std::string, 3>> files{
        {"a.tga", "TGA", tga},
        {"a.texture", "TGA", tga + std::string(8, '\0') + "TRUEVISION-XFILE.\0"s},
        {"a.pcx", "PCX", "\x0a\x05\x01\x08"s + rest},
        {"a.psd", "PSD", "8BPS"s + rest},
        {"a.sgi", "SGI", "\x01\xda\0\x01\0\x03"s + rest},
        {"a.dds", "DDS", "DDS "s + rest}};
    for (const auto& [name, format, bytes] : files) {
        INFO(name);
        const auto path = folder / name;
        write_file(path, bytes);
        CHECK(is_picture_file(path));
        const auto advice = name + ": is a picture in the " + format +
                            " format, which cannot be read here; convert it to PNG";
        CHECK_THROWS_WITH(open_source(path.string()), ContainsSubstring(advice));
        CHECK_THROWS_WITH(read_picture(path.string()), ContainsSubstring(advice));
    }
    // The content decides, where it can.
    write_file(folder / "png.tga", encoded(".png", made_up_picture(8, 6)));
    CHECK(same_bytes(open_source((folder / "png.tga").string())->next()->bgr, made_up_picture(8, 6)));
    write_file(folder / "text.tga", "no picture");
    CHECK_FALSE(is_picture_file(folder / "text.tga"));
}

TEST_CASE("a file with several pictures is reported") {
    const TemporaryFolder folder;
    write_file(folder / "pages.tiff", tiff_with_orientation(made_up_picture(20, 16), 1, true, 3));
    const auto pages = read_picture_file((folder / "pages.tiff").string());
    CHECK(pages.pictures == 3);
    CHECK(same_bytes(pages.bgr, made_up_picture(20, 16)));
    auto warnings = warnings_of((folder / "pages.tiff").string());
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0],
               ContainsSubstring("pages.tiff: holds 3 pictures, of which only the first is used; save the "
                                 "other pages as files of their own"));
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=32x24:rate=5:duration=1", "-f", "apng",
            (folder / "moving.png").string()});
    warnings = warnings_of((folder / "moving.png").string());
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0],
               ContainsSubstring("moving.png: holds 5 pictures, of which only the first is used; "
                                 "FFmpeg can convert an animation to a video"));
    for (const std::string lossless : {"0", "1"}) {
        ffmpeg({"-f", "lavfi", "-i", "testsrc=size=32x24:rate=5:duration=1", "-c:v", "libwebp_anim",
                "-lossless", lossless, (folder / "moving.webp").string()});
        ffmpeg({"-f", "lavfi", "-i", "testsrc=size=32x24:rate=5:duration=1", "-frames:v", "1",
                (folder / "first.png").string()});
        warnings = warnings_of((folder / "moving.webp").string());
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0], ContainsSubstring("moving.webp: holds 5 pictures"));
        const auto first = read_picture((folder / "moving.webp").string());
        REQUIRE(first.size() == cv::Size(32, 24));
        const auto expected = read_picture((folder / "first.png").string());
        CHECK(cv::norm(first, expected, cv::NORM_L1) / (3.0 * 32 * 24) < 30.0);
    }
}

TEST_CASE("an animated AVIF is reported as such") {
    const auto number = [](std::uint32_t value) { return number_bytes(value, 4, false); };
    const auto box = [&](const std::string& name, const std::string& content) {
        return number(static_cast<std::uint32_t>(content.size()) + 8) + name + content;
    };
    const auto track = [&](const std::string& handler, std::uint32_t pictures) {
        return box(
            "trak",
            box("mdia", box("hdlr", number(0) + number(0) + handler) +
                            box("minf", box("stbl", box("stsz", number(0) + number(0) + number(pictures))))));
    };
    const auto start = box("ftyp", "avis" + number(0) + "avif");
    const auto moving = start + box("moov", track("soun", 90) + track("pict", 5));
    CHECK(read_picture_header(moving).pictures == 5);
    CHECK(read_picture_header(start).pictures == 1);
    for (std::size_t length = 0; length < moving.size(); ++length)
        CHECK(read_picture_header(moving.substr(0, length)).pictures == 1);

    const TemporaryFolder folder;
    const auto file = (folder / "moving.avif").string();
    const auto made =
        run_program("ffmpeg", {"-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1",
                               "-c:v", "libaom-av1", "-cpu-used", "8", file});
    if (made.exit_code != 0) SKIP_TEST("ffmpeg is not installed, or writes no AVIF");
    const auto warnings = warnings_of(file);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("moving.avif: holds 5 pictures, of which only the first is "
                                              "used; FFmpeg can convert an animation to a video"));
}

TEST_CASE("an AVIF picture that FFmpeg wrote is rotated and mirrored by its boxes") {
    const TemporaryFolder folder;
    const auto file = folder / "a.avif";
    const auto made =
        run_program("ffmpeg", {"-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48", "-frames:v", "1",
                               "-c:v", "libaom-av1", "-cpu-used", "8", "-still-picture", "1", file.string()});
    if (made.exit_code != 0) SKIP_TEST("ffmpeg is not installed, or writes no AVIF");
    const auto bytes = read_file(file);
    const auto place = bytes.find("pixi");  // of the same size as what replaces it, and not required
    if (place == std::string::npos) SKIP_TEST("this ffmpeg writes another kind of AVIF");
    const auto stored = read_picture(file.string());
    REQUIRE(stored.size() == cv::Size(64, 48));
    const auto shown = [&](const std::string& box, char content) {
        auto changed = bytes;
        changed.replace(place, 5, box + content);
        write_file(file, changed);
        return read_picture(file.string());
    };
    cv::Mat expected;
    for (int quarters = 1; quarters < 4; ++quarters) {
        INFO(quarters);
        const int codes[] = {cv::ROTATE_90_COUNTERCLOCKWISE, cv::ROTATE_180, cv::ROTATE_90_CLOCKWISE};
        cv::rotate(stored, expected, codes[quarters - 1]);
        CHECK(same_bytes(shown("irot", static_cast<char>(quarters)), expected));
    }
    for (const int axis : {0, 1}) {
        INFO(axis);
        cv::flip(stored, expected, axis);
        CHECK(same_bytes(shown("imir", static_cast<char>(axis)), expected));
    }
}

TEST_CASE("a BMP with the short header of OS/2 is read") {
    const TemporaryFolder folder;
    const auto number = [](std::uint32_t value, int bytes) { return number_bytes(value, bytes, true); };
    const std::string rows(3 * 4 * 2, '\x50');  // 4 x 2 pixels
    const auto path = (folder / "os2.bmp").string();
    write_file(path, "BM" + number(26 + 24, 4) + number(0, 4) + number(26, 4) + number(12, 4) + number(4, 2) +
                         number(2, 2) + number(1, 2) + number(24, 2) + rows);
    const auto header = read_picture_header(read_file(path));
    CHECK(header.width == 4);
    CHECK(header.height == 2);
    CHECK(read_picture(path).size() == cv::Size(4, 2));
}

TEST_CASE("a HEIC picture is rejected with advice to convert it") {
    const TemporaryFolder folder;
    using namespace std::string_literals;
    const auto heic = "\0\0\0\x18"s + "ftypheic" + "\0\0\0\0"s + "mif1heic" + std::string(200, '\0');
    write_file(folder / "IMG_1.HEIC", heic);
    CHECK(is_picture_file(folder / "IMG_1.HEIC"));
    CHECK_THROWS_WITH(
        open_source((folder / "IMG_1.HEIC").string()),
        ContainsSubstring("IMG_1.HEIC: is a HEIC picture, which cannot be read here; convert it"));
    CHECK_THROWS_WITH(read_picture((folder / "IMG_1.HEIC").string()), ContainsSubstring("convert it"));
}

TEST_CASE("an AVIF picture is rotated and mirrored by the boxes of its own item, in order") {
    const auto number = [](std::uint32_t value, int bytes) { return number_bytes(value, bytes, false); };
    const auto box = [&](const std::string& name, const std::string& content) {
        return number(static_cast<std::uint32_t>(content.size()) + 8, 4) + name + content;
    };
    // Item 2 is the picture; item 1, a preview, is rotated differently.
    const auto file = [&](const std::string& transforms, const std::string& places, bool wide) {
        const auto ispe = box("ispe", number(0, 4) + number(48, 4) + number(32, 4));
        const auto properties = box("ipco", ispe + box("irot", "\x02") + transforms);
        const auto id = [&](std::uint32_t item) { return number(item, wide ? 4 : 2); };
        const auto count = [&](const std::string& list) {
            return number(static_cast<std::uint32_t>(wide ? list.size() / 2 : list.size()), 1) + list;
        };
        const auto preview = wide ? number(2, 2) : number(2, 1);
        const auto associations = box("ipma", number(wide ? 0x01000001 : 0, 4) + number(2, 4) + id(1) +
                                                  count(preview) + id(2) + count(places));
        return box("ftyp", "avif" + number(0, 4) + "mif1") +
               box("meta", number(0, 4) + box("pitm", number(0, 4) + number(2, 2)) +
                               box("iprp", properties + associations)) +
               box("mdat", "");
    };
    const cv::Mat stored = made_up_picture(5, 3);
    for (const bool wide : {false, true})
        for (int angle = 0; angle < 4; ++angle)
            for (int mirror = -1; mirror < 2; ++mirror)
                for (const bool mirror_first : {false, true}) {
                    const auto irot = box("irot", number(static_cast<std::uint32_t>(angle), 1));
                    const auto imir = box("imir", number(static_cast<std::uint32_t>(std::max(0, mirror)), 1));
                    std::string places;
                    for (const int place : mirror < 0     ? std::vector<int>{1, 3}
                                           : mirror_first ? std::vector<int>{1, 4, 3}
                                                          : std::vector<int>{1, 3, 4})
                        places += wide ? number(0x8000u + static_cast<std::uint32_t>(place), 2)
                                       : number(0x80u + static_cast<std::uint32_t>(place), 1);
                    INFO(angle << " quarters, mirror " << mirror << ", first " << mirror_first);
                    const auto header = read_picture_header(file(irot + imir, places, wide));
                    CHECK(header.width == 48);
                    CHECK(header.height == 32);
                    cv::Mat expected = stored.clone();
                    const auto swap = [&] {
                        if (mirror >= 0) cv::flip(expected.clone(), expected, mirror);
                    };
                    if (mirror_first) swap();
                    for (int turn = 0; turn < angle; ++turn)
                        cv::rotate(expected.clone(), expected, cv::ROTATE_90_COUNTERCLOCKWISE);
                    if (!mirror_first) swap();
                    const cv::Mat shown = oriented(stored, orientation_of_exif(header.orientation));
                    REQUIRE(shown.size() == expected.size());
                    CHECK(same_bytes(shown.clone(), expected.clone()));
                }
    const auto whole = file("", "\x81", false);
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK(read_picture_header(whole.substr(0, length)).orientation == 1);
}

}  // namespace picture_kinds_test
