#include "media/video/decoded_canvas.hpp"

#include <string>
#include <vector>

#include <opencv2/imgproc.hpp>

#include "media/made_up_video.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace decoded_canvas_test {

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

/// One second of color bars.
std::filesystem::path make_clip(const std::filesystem::path& path, const std::vector<std::string>& options) {
    std::vector<std::string> all{"-f", "lavfi", "-i", "smptebars=rate=25:duration=1:size=320x240"};
    all.insert(all.end(), options.begin(), options.end());
    all.push_back(path.string());
    ffmpeg(all);
    return path;
}

const std::vector<std::vector<std::string>> kColors{
    {"-c:v", "libx264", "-qp", "0"},
    {"-c:v", "libx264", "-qp", "0", "-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709"},
    {"-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuvj420p"},
};

/// The first frame of `video` with a rectangle drawn on it, after writing and reading it back.
cv::Mat written_with(const std::filesystem::path& video, const std::filesystem::path& target,
                     const cv::Rect& place, const cv::Scalar& color) {
    const auto source = open_source(video.string(), {.pixels = Pixels::kDecoded});
    REQUIRE(source->info().decoded_colors);
    DecodedCanvas canvas(*source->info().decoded_colors);
    const auto sink = make_file_sink(target, source->info());
    while (const auto frame = source->next()) {
        REQUIRE(frame->decoded);
        CHECK(frame->bgr.empty());
        CHECK(frame->gray.size() == cv::Size(320, 240));
        canvas.start(frame->decoded);
        canvas.uncover(place);
        if (!place.empty()) canvas.bgr()(place).setTo(color);
        sink->write(frame->time_s, canvas.finish());
    }
    sink->finish();
    return open_source(target.string())->next()->bgr;
}

}  // namespace

TEST_CASE("drawing on a decoded picture gives the right color and changes nothing else") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const cv::Rect place(101, 51, 60, 40), inside(104, 54, 54, 34), around(92, 44, 80, 56);
    for (const auto& options : kColors) {
        INFO(options.back());
        const auto clip = make_clip(folder / "in.mp4", options);
        const cv::Mat before = open_source(clip.string())->next()->bgr;
        cv::Mat after = written_with(clip, folder / "out.mp4", place, {0, 159, 230});
        constexpr double kLossyCoding = 12.0;
        CHECK(cv::norm(cv::mean(after(inside)), cv::Scalar(0, 159, 230)) < kLossyCoding);
        after(around).setTo(cv::Scalar::all(0));
        cv::Mat expected = before.clone();
        expected(around).setTo(cv::Scalar::all(0));
        CHECK(cv::norm(after, expected, cv::NORM_L1) / static_cast<double>(3 * after.total()) < 2.0);
    }
}

TEST_CASE("uncovering a decoded picture gives its colors and changes none of its values") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const auto& options : kColors) {
        INFO(options.back());
        const auto clip = make_clip(folder / "in.mp4", options);
        const auto in_bgr = open_source(clip.string())->next();
        const auto source = open_source(clip.string(), {.pixels = Pixels::kDecoded});
        DecodedCanvas canvas(*source->info().decoded_colors);
        canvas.start(source->next()->decoded);
        canvas.uncover({{}, in_bgr->size()});
        CHECK(cv::norm(canvas.bgr(), in_bgr->bgr, cv::NORM_L1) / (3.0 * 320 * 240) < 2.0);

        const auto unchanged = canvas.finish();
        canvas.start(unchanged);
        canvas.uncover({-5, -5, 400, 400});
        CHECK(cv::norm(canvas.bgr(), in_bgr->bgr, cv::NORM_L1) / (3.0 * 320 * 240) < 2.0);
    }
}

TEST_CASE("videos in formats other than 8-bit 4:2:0 are provided in BGR") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const std::string format : {"yuv420p10le", "yuv444p", "yuv422p"}) {
        INFO(format);
        const auto source =
            open_source(make_clip(folder / "in.mkv", {"-c:v", "ffv1", "-pix_fmt", format}).string(),
                        {.pixels = Pixels::kDecoded});
        CHECK_FALSE(source->info().decoded_colors);
        CHECK_FALSE(source->next()->bgr.empty());
    }
}

TEST_CASE("picture sinks reject decoded pictures") {
    const TemporaryFolder folder;
    SourceInfo info;
    info.kind = SourceKind::kPicture;
    info.frames = 1;
    CHECK_THROWS_AS(make_file_sink(folder / "a.png", info)->write(0.0, DecodedPicture{}),
                    std::invalid_argument);
}

}  // namespace decoded_canvas_test
