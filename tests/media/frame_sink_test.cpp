#include "media/frame_sink.hpp"

#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/image_files.hpp"
#include "media/made_up_picture.hpp"
#include "media/made_up_video.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace frame_sink_test {

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

SourceInfo picture_info() {
    SourceInfo info;
    info.name = "made up";
    info.width = 64;
    info.height = 48;
    info.kind = SourceKind::kPicture;
    info.frames = 1;
    return info;
}

/// Limits the size of files this process writes, like a full disk.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

  private:
    rlimit before_{};
    void (*handler_)(int);
};

}  // namespace

TEST_CASE("sinks of every kind move the output into place only when finished") {
    for (const std::string name :
         {"a.mp4", "a.m4v", "a.mov", "a.mkv", "a.avi", "a.png", "a.jpg", "a.bmp", "a.tiff"}) {
        INFO(name);
        const TemporaryFolder folder;
        const auto target = folder / name;
        const bool picture = name == "a.png" || name == "a.jpg" || name == "a.bmp" || name == "a.tiff";
        const auto info = picture ? picture_info() : video_info({64, 48});
        write_file(target, "old");
        {
            const auto sink = make_file_sink(target, info);
            write_numbered(*sink, 1, {64, 48});
        }
        CHECK(read_file(target) == "old");
        CHECK(files_in(folder.path()) == 1);
        {
            const auto sink = make_file_sink(target, info);
            sink->finish();
        }
        CHECK(read_file(target) == "old");
        CHECK(files_in(folder.path()) == 1);

        const auto sink = make_file_sink(target, info);
        write_numbered(*sink, picture ? 1 : 12, {64, 48});
        CHECK(read_file(target) == "old");
        sink->finish();
        CHECK(files_in(folder.path()) == 1);
        CHECK(all_frames(*open_source(target.string())).size() == (picture ? 1 : 12));
    }
}

TEST_CASE("sinks do not modify the canvas") {
    const TemporaryFolder folder;
    const cv::Mat canvas = made_up_picture(63, 47), before = canvas.clone();
    for (const std::string name : {"a.mp4", "a.avi"})
        make_file_sink(folder / name, video_info({63, 47}))->write(0.0, canvas);
    make_file_sink(folder / "a.png", picture_info())->write(0.0, canvas);
    CHECK(same_bytes(canvas, before));
}

TEST_CASE("frames that come at any times take as long in every container") {
    const TemporaryFolder folder;
    const std::vector<double> times{0.0, 0.04, 0.2, 0.24, 0.6, 1.0};
    for (const std::string name : {"a.mp4", "a.mkv", "a.avi"}) {
        INFO(name);
        const auto sink = make_file_sink(folder / name, video_info({64, 48}));
        for (std::size_t i = 0; i < times.size(); ++i)
            sink->write(times[i], numbered_frame(static_cast<int>(i), {64, 48}));
        sink->finish();
        const auto frames = all_frames(*open_source((folder / name).string()));
        REQUIRE(frames.size() == times.size());
        for (std::size_t i = 0; i < times.size(); ++i) {
            CHECK(number_of(frames[i].bgr) == static_cast<int>(i));
            CHECK(frames[i].time_s == Approx(times[i]).margin(0.021));
        }
    }
}

TEST_CASE("odd sizes are padded by a pixel") {
    const TemporaryFolder folder;
    for (const std::string name : {"a.mp4", "a.avi"}) {
        const auto sink = make_file_sink(folder / name, video_info({63, 47}));
        write_numbered(*sink, 3, {63, 47});
        sink->finish();
        const auto source = open_source((folder / name).string());
        CHECK(source->info().width == 64);
        CHECK(source->info().height == 48);
        CHECK(number_of(source->next()->bgr) == 0);
    }
}

TEST_CASE("videos of one pixel and of 4K can be written") {
    const TemporaryFolder folder;
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(3840, 2160)}) {
        INFO(size);
        make_video(folder / "a.mp4", 2, size);
        CHECK(all_frames(*open_source((folder / "a.mp4").string())).size() == 2);
    }
}

TEST_CASE("canvases of another size are resized to that of the video") {
    const TemporaryFolder folder;
    const auto sink = make_file_sink(folder / "a.mp4", video_info({64, 48}));
    sink->write(0.0, numbered_frame(0, {64, 48}));
    sink->write(0.04, numbered_frame(5, {128, 96}));
    sink->finish();
    const auto frames = all_frames(*open_source((folder / "a.mp4").string()));
    REQUIRE(frames.size() == 2);
    CHECK(number_of(frames[1].bgr) == 5);
    CHECK(frames[1].bgr.size() == cv::Size(64, 48));
}

TEST_CASE("canvases keep their colors in a video of decoded pictures") {
    const TemporaryFolder folder;
    constexpr int kSmpte170m = 6, kBt709 = 1, kLimited = 1, kFull = 2;
    for (const ColorTags& colors : {ColorTags{kBt709, kLimited, kBt709, kBt709},
                                    {kBt709, kFull, 1, 1},
                                    {kSmpte170m, kFull, 6, 6},
                                    {kSmpte170m, kLimited, 6, 6}}) {
        INFO("space " << colors.space << ", range " << colors.range);
        auto info = video_info({64, 48});
        info.decoded_colors = colors;
        const auto sink = make_file_sink(folder / "a.mp4", info);
        const std::vector<cv::Scalar> painted{{20, 200, 30}, {30, 40, 220}, {200, 90, 20}, {250, 250, 250}};
        for (std::size_t i = 0; i < painted.size(); ++i) {
            sink->write(static_cast<double>(i) / 25.0, cv::Mat(96, 96, CV_8UC3, painted[i]));
        }
        sink->finish();
        const auto frames = all_frames(*open_source((folder / "a.mp4").string()));
        REQUIRE(frames.size() == painted.size());
        for (std::size_t i = 0; i < painted.size(); ++i)
            CHECK(cv::norm(cv::mean(frames[i].bgr) - painted[i], cv::NORM_INF) < 5.0);
    }
}

TEST_CASE("presentation times are those of the source") {
    const TemporaryFolder folder;
    const std::vector<double> times{0.0, 0.04, 0.05, 0.4, 0.401, 3.0, 3.04};
    for (const std::string name : {"a.mp4", "a.mkv", "a.mov"}) {
        INFO(name);
        auto info = video_info({64, 48});
        info.time_base = {1, 1000};
        const auto sink = make_file_sink(folder / name, info);
        for (std::size_t i = 0; i < times.size(); ++i) {
            sink->write(times[i], numbered_frame(static_cast<int>(i), {64, 48}));
        }
        sink->finish();
        const auto frames = all_frames(*open_source((folder / name).string()));
        REQUIRE(frames.size() == times.size());
        for (std::size_t i = 0; i < times.size(); ++i) {
            CHECK(frames[i].time_s == Approx(times[i]).margin(1e-9));
            CHECK(number_of(frames[i].bgr) == static_cast<int>(i));
        }
    }
}

TEST_CASE("a picture can become a video of one frame") {
    const TemporaryFolder folder;
    write_image(folder / "a.png", numbered_frame(3, {64, 48}));
    const auto source = open_source((folder / "a.png").string());
    for (const std::string name : {"a.mp4", "a.mkv", "a.avi"}) {
        INFO(name);
        const auto sink = make_file_sink(folder / name, source->info());
        sink->write(0.0, numbered_frame(3, {64, 48}));
        sink->finish();
        const auto frames = all_frames(*open_source((folder / name).string()));
        REQUIRE(frames.size() == 1);
        CHECK(number_of(frames[0].bgr) == 3);
    }
}

TEST_CASE("frames with equal times are both kept") {
    const TemporaryFolder folder;
    const auto sink = make_file_sink(folder / "a.mp4", video_info({64, 48}));
    for (int i = 0; i < 5; ++i) sink->write(0.0, numbered_frame(i, {64, 48}));
    sink->finish();
    CHECK(all_frames(*open_source((folder / "a.mp4").string())).size() == 5);
}

TEST_CASE("an mp4 begins with its index so that it plays while it loads") {
    const TemporaryFolder folder;
    make_video(folder / "a.mp4", 10);
    const auto bytes = read_file(folder / "a.mp4");
    CHECK(bytes.find("moov") < bytes.find("mdat"));
}

TEST_CASE("a video without space for a second copy stays fragmented") {
    for (const std::string name : {"a.mp4", "a.mov"}) {
        INFO(name);
        const TemporaryFolder folder;
        std::string note;
        const auto sink = make_file_sink(folder / name, video_info({64, 48}),
                                         [&](const std::string& line) { note += line; });
        write_numbered(*sink, 60, {64, 48});
        const PartFile part(folder / name), whole(part.path());
        std::filesystem::create_directory(whole.path());
        sink->finish();
        CHECK_THAT(note, ContainsSubstring(name + ": cannot be written: Is a directory; it is complete"));
        CHECK(all_frames(*open_source((folder / name).string())).size() == 60);
        CHECK(files_in(folder.path()) == 1);
    }
}

TEST_CASE("a written video has the properties players expect") {
    if (!have_program("ffprobe")) SKIP_TEST("ffprobe is not installed");
    const TemporaryFolder folder;
    auto info = video_info({720, 576}, 30000.0 / 1001);
    info.pixel_aspect = {16, 15};
    const auto sink = make_file_sink(folder / "a.mp4", info);
    write_numbered(*sink, 30, {720, 576}, 30000.0 / 1001);
    sink->finish();
    const auto probe = run_program(
        "ffprobe", {"-v", "error", "-count_frames", "-show_entries",
                    "stream=pix_fmt,avg_frame_rate,sample_aspect_ratio,color_space,nb_read_frames", "-of",
                    "default=nw=1", (folder / "a.mp4").string()});
    CHECK_THAT(probe.out, ContainsSubstring("pix_fmt=yuv420p\n"));
    CHECK_THAT(probe.out, ContainsSubstring("sample_aspect_ratio=16:15\n"));
    CHECK_THAT(probe.out, ContainsSubstring("nb_read_frames=30\n"));
    CHECK_THAT(probe.out, ContainsSubstring("color_space=smpte170m\n"));
    CAPTURE(probe.out);
    CHECK(probe.err.empty());
}

TEST_CASE("an unknown extension is rejected listing the known ones") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(make_file_sink(folder / "a.xyz", video_info({64, 48})),
                      ContainsSubstring("a.xyz: the ending .xyz is unknown, expected .mp4"));
    CHECK_THROWS_WITH(make_file_sink(folder / "video", video_info({64, 48})),
                      ContainsSubstring("video: the ending is missing, expected .mp4"));
    CHECK_THROWS_WITH(make_file_sink(folder / "a.png", video_info({64, 48})),
                      ContainsSubstring("one picture cannot hold the frames"));
}

TEST_CASE("an unwritable output is reported before the work starts") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "folder.mp4");
    CHECK_THROWS_WITH(make_file_sink(folder / "no" / "a.mp4", video_info({64, 48})),
                      ContainsSubstring("a.mp4: cannot be written: there is no folder "));
    CHECK_THROWS_WITH(make_file_sink(folder / "no" / "a.png", picture_info()),
                      ContainsSubstring("a.png: cannot be written"));
    CHECK_THROWS_WITH(make_file_sink(folder / "folder.mp4", video_info({64, 48})),
                      ContainsSubstring("folder.mp4: cannot be written"));
}

TEST_CASE("a picture too large for its format is reported with its size") {
    const TemporaryFolder folder;
    const auto sink = make_file_sink(folder / "a.webp", picture_info());
    CHECK_THROWS_WITH(sink->write(0.0, cv::Mat(1, 70'000, CV_8UC3)),
                      ContainsSubstring("a.webp: 70000x1 pixels cannot be written as .webp, expected"));
}

TEST_CASE("sizes that no encoder accepts are reported with the encoders tried") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(make_file_sink(folder / "a.mp4", video_info({40000, 40000})),
                      ContainsSubstring("no encoder works here for 40000x40000 pixels, tried libx264"));
    CHECK(files_in(folder.path()) == 0);
}

TEST_CASE("a full disk is an error that names the output") {
    const TemporaryFolder folder;
    const cv::Size size(320, 240);
    for (const std::string name : {"a.mp4", "a.mkv", "a.avi"}) {
        INFO(name);
        const auto write_much = [&] {
            const auto sink = make_file_sink(folder / name, video_info(size));
            cv::Mat noise(size, CV_8UC3);
            const FullDisk full(200'000);
            for (int i = 0; i < 50; ++i) {
                cv::randu(noise, 0, 255);
                sink->write(i / 25.0, noise);
            }
            sink->finish();
        };
        CHECK_THROWS_WITH(write_much(), ContainsSubstring(name + ": "));
        CHECK(files_in(folder.path()) == 0);
    }
    const auto write_picture = [&] {
        const auto sink = make_file_sink(folder / "a.bmp", picture_info());
        const FullDisk full(1000);
        sink->write(0.0, numbered_frame(0, {64, 48}));
        sink->finish();
    };
    CHECK_THROWS_WITH(write_picture(), ContainsSubstring("a.bmp: could not be written completely"));
    CHECK(files_in(folder.path()) == 0);
}

}  // namespace frame_sink_test
