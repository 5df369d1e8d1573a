#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "base/files.hpp"
#include "media/frame_sink.hpp"
#include "media/made_up_video.hpp"
#include "media/orientation.hpp"
#include "media/pixel_aspect.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace seen_frame_test {

// Videos are analyzed as displayed by players: rotated, mirrored and stretched.

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

/// The brightness of the four corners, row by row.
using Corners = std::array<int, 4>;

constexpr Corners kStored{30, 90, 150, 210};

cv::Mat with_corners(cv::Size size) {
    cv::Mat picture(size, CV_8UC3);
    for (int i = 0; i < 4; ++i) {
        const cv::Rect corner(i % 2 * size.width / 2, i / 2 * size.height / 2, size.width / 2,
                              size.height / 2);
        picture(corner).setTo(cv::Scalar::all(kStored[static_cast<std::size_t>(i)]));
    }
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

/// A video with this matrix in its track header (the first two rows, ISO 14496-12, in 1/65536).
std::filesystem::path with_matrix(const std::filesystem::path& path, const std::array<double, 4>& matrix) {
    const auto sink = make_file_sink(path, video_info({96, 48}));
    for (int i = 0; i < 3; ++i) sink->write(i / 25.0, with_corners({96, 48}));
    sink->finish();
    auto bytes = read_file(path);
    const auto start = bytes.find("tkhd") + 44;
    constexpr std::array<std::size_t, 4> kPlaces{0, 4, 12, 16};  // a, b, c, d
    for (std::size_t i = 0; i < 4; ++i) {
        const auto value =
            static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(matrix[i] * 65536)));
        for (std::size_t byte = 0; byte < 4; ++byte)
            bytes[start + kPlaces[i] + byte] = static_cast<char>(value >> (24 - 8 * byte));
    }
    write_file(path, bytes);
    return path;
}

std::string probed(const std::filesystem::path& video, const std::string& entry) {
    auto out = run_program("ffprobe", {"-v", "error", "-select_streams", "v:0", "-show_entries",
                                       "stream=" + entry, "-of", "csv=p=0", video.string()})
                   .out;
    while (out.ends_with('\n')) out.pop_back();
    return out;
}

/// A disc, twice as wide as high if `stored` pixels are twice as high as wide.
std::vector<std::string> disc(cv::Size stored, double pixel_width) {
    const auto geq = "lum='255*lte(pow((X-W/2)*" + std::to_string(pixel_width) + ",2)+pow(Y-H/2,2),pow(" +
                     std::to_string(stored.height) + "/3,2))':cb=128:cr=128";
    return {"-f",
            "lavfi",
            "-i",
            "color=size=" + std::to_string(stored.width) + "x" + std::to_string(stored.height) +
                ":rate=25:duration=0.4",
            "-vf",
            "geq=" + geq};
}

}  // namespace

TEST_CASE("all eight display matrices are applied") {
    const TemporaryFolder folder;
    struct Case {
        std::array<double, 4> matrix;
        Corners corners;
    };
    // As shown by ffmpeg and ffplay.
    const std::vector<Case> cases{{{1, 0, 0, 1}, {30, 90, 150, 210}},   {{-1, 0, 0, 1}, {90, 30, 210, 150}},
                                  {{-1, 0, 0, -1}, {210, 150, 90, 30}}, {{1, 0, 0, -1}, {150, 210, 30, 90}},
                                  {{0, 1, 1, 0}, {30, 150, 90, 210}},   {{0, 1, -1, 0}, {150, 30, 210, 90}},
                                  {{0, -1, -1, 0}, {210, 90, 150, 30}}, {{0, -1, 1, 0}, {90, 210, 30, 150}}};
    for (const auto& [matrix, corners] : cases) {
        INFO(matrix[0] << ' ' << matrix[1] << ' ' << matrix[2] << ' ' << matrix[3]);
        const auto video = with_matrix(folder / "turned.mp4", matrix);
        const cv::Size size = matrix[0] == 0.0 ? cv::Size(48, 96) : cv::Size(96, 48);
        for (const auto pixels : {Pixels::kBgr, Pixels::kDecoded, Pixels::kGray}) {
            std::vector<std::string> warnings;
            const auto source = open_source(
                video.string(),
                {.warn = [&](const std::string& line) { warnings.push_back(line); }, .pixels = pixels});
            const auto frame = source->next();
            REQUIRE(frame);
            CHECK(frame->size() == size);
            CHECK(cv::Size(source->info().width, source->info().height) == size);
            CHECK(corners_of(frame->gray) == corners);
            if (pixels == Pixels::kBgr) CHECK(corners_of(frame->bgr) == corners);
            if (pixels == Pixels::kDecoded) CHECK(frame->decoded);
            CHECK(warnings.empty());
        }
    }
}

TEST_CASE("another angle is rounded with a warning, and a degenerate matrix is ignored") {
    const TemporaryFolder folder;
    const double angle = 75.0 * CV_PI / 180.0, c = std::cos(angle), s = std::sin(angle);
    std::vector<std::string> warnings;
    const auto source = open_source(with_matrix(folder / "tilted.mp4", {c, s, -s, c}).string(),
                                    {.warn = [&](const std::string& line) { warnings.push_back(line); }});
    CHECK(corners_of(source->next()->bgr) == Corners{150, 30, 210, 90});
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("tilted.mp4: its rotation is not a multiple of 90 degrees"));
    CHECK(corners_of(open_source(with_matrix(folder / "none.mp4", {0, 0, 0, 0}).string())->next()->bgr) ==
          kStored);
    const std::int32_t scaled[9] = {0, 1 << 17, 0, -(1 << 15), 0, 0, 0, 0, 1 << 30};
    CHECK(orientation_of_matrix(scaled).orientation == Orientation::kQuarterTurn);
    CHECK(orientation_of_matrix(scaled).exact);
}

TEST_CASE("a video that says inside its pictures how it is to be shown is turned in every container") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto plain = with_matrix(folder / "plain.mp4", {1, 0, 0, 1});
    struct Case {
        std::string options;
        Corners corners;
    };
    // H.264, D.2.27: mirrored first, then turned counter-clockwise.
    for (const auto& [options, corners] :
         std::vector<Case>{{"rotate=90", {90, 210, 30, 150}},
                           {"rotate=180", {210, 150, 90, 30}},
                           {"flip=horizontal", {90, 30, 210, 150}},
                           {"rotate=90:flip=horizontal", {30, 150, 90, 210}}})
        for (const std::string name : {"told.h264", "told.mov", "told.mkv"}) {
            INFO(name << ' ' << options);
            ffmpeg({"-i", plain.string(), "-c", "copy", "-bsf:v",
                    std::string(name.ends_with("h264") ? "h264_mp4toannexb," : "") +
                        "h264_metadata=display_orientation=insert:" + options,
                    (folder / name).string()});
            CHECK(corners_of(open_source((folder / name).string())->next()->bgr) == corners);
        }
}

TEST_CASE("sides are stretched to square pixels where visible") {
    CHECK(seen_size({720, 576}, {64, 45}) == cv::Size(1024, 576));
    CHECK(seen_size({720, 576}, {16, 15}) == cv::Size(768, 576));
    CHECK(seen_size({320, 240}, {1, 2}) == cv::Size(320, 480));
    CHECK(visible_aspect({64, 45}) == Rational{64, 45});
    CHECK(visible_aspect({0, 1}) == Rational{1, 1});
    CHECK(visible_aspect({1, 0}) == Rational{1, 1});
    CHECK(visible_aspect({-4, 3}) == Rational{1, 1});
    CHECK(visible_aspect({4319, 4320}) == Rational{1, 1});
    CHECK(visible_aspect({1, 1000}) == Rational{1, 1});
}

TEST_CASE("videos with non-square pixels are analyzed as displayed") {
    if (!have_program("ffmpeg") || !have_program("ffprobe")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    struct Case {
        std::string name, aspect;
        std::vector<std::string> codec;
        cv::Size stored, seen;
    };
    for (const auto& [name, aspect, codec, stored, seen] : std::vector<Case>{
             {"wide.mp4", "64/45", {"-c:v", "libx264", "-pix_fmt", "yuv420p"}, {180, 144}, {256, 144}},
             {"wide.mkv", "4/3", {"-c:v", "ffv1", "-pix_fmt", "yuv444p"}, {180, 144}, {240, 144}},
             {"wide.ts",
              "16/11",
              {"-c:v", "mpeg2video", "-q:v", "2", "-aspect", "16:9"},
              {176, 144},
              {256, 144}},
             {"high.mp4", "1/2", {"-c:v", "libx264", "-pix_fmt", "yuv420p"}, {160, 120}, {160, 240}}}) {
        INFO(name);
        const auto width_to_height = static_cast<double>(seen.width) / stored.width /
                                     (static_cast<double>(seen.height) / stored.height);
        auto arguments = disc(stored, width_to_height);
        arguments.back() += ",setsar=" + aspect;
        arguments.insert(arguments.end(), codec.begin(), codec.end());
        arguments.push_back((folder / name).string());
        ffmpeg(arguments);
        for (const auto pixels : {Pixels::kBgr, Pixels::kDecoded, Pixels::kGray}) {
            const auto source = open_source((folder / name).string(), {.pixels = pixels});
            CHECK(cv::Size(source->info().width, source->info().height) == seen);
            CHECK(source->info().stored == stored);
            CHECK_FALSE(source->info().decoded_colors);
            const auto frame = source->next();
            REQUIRE(frame);
            CHECK(frame->size() == seen);
            CHECK(frame->stored == stored);
            CHECK((frame->gray.empty() || frame->gray.size() == seen));
            const cv::Mat gray = frame->gray.empty() ? frame->bgr : frame->gray;
            cv::Mat white;
            cv::inRange(gray, cv::Scalar::all(128), cv::Scalar::all(255), white);
            const auto box = cv::boundingRect(white);
            CHECK(std::abs(box.width - box.height) <= 4);  // round
        }

        // Written again it has its stored size and aspect, and is displayed correctly by any player.
        const auto source = open_source((folder / name).string());
        const auto sink = make_file_sink(folder / "out.mp4", source->info());
        while (const auto frame = source->next()) sink->write(frame->time_s, frame->bgr);
        sink->finish();
        CHECK(probed(folder / "out.mp4", "width,height") ==
              std::to_string(stored.width) + "," + std::to_string(stored.height));
        CHECK(open_source((folder / "out.mp4").string())->next()->size() == seen);
    }
}

TEST_CASE("a rotated video with non-square pixels has them rotated too") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    auto arguments = disc({160, 120}, 2.0);
    arguments.back() += ",setsar=2/1";
    for (const char* argument : {"-c:v", "libx264", "-pix_fmt", "yuv420p"}) arguments.emplace_back(argument);
    arguments.push_back((folder / "flat.mp4").string());
    ffmpeg(arguments);
    auto bytes = read_file(folder / "flat.mp4");
    const auto start = bytes.find("tkhd") + 44;
    for (const auto& [place, value] : {std::pair<std::size_t, int>{0, 0}, {4, 1}, {12, -1}, {16, 0}}) {
        bytes[start + place] = bytes[start + place + 1] = static_cast<char>(value < 0 ? -1 : 0);
        bytes[start + place + 1] = static_cast<char>(value);
    }
    write_file(folder / "turned.mp4", bytes);
    const auto source = open_source((folder / "turned.mp4").string());
    CHECK(source->info().stored == cv::Size(120, 160));
    CHECK(cv::Size(source->info().width, source->info().height) == cv::Size(120, 320));
    cv::Mat white;
    cv::inRange(source->next()->bgr, cv::Scalar::all(128), cv::Scalar::all(255), white);
    const auto box = cv::boundingRect(white);
    CHECK(std::abs(box.width - box.height) <= 4);
}

}  // namespace seen_frame_test
