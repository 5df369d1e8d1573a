#include "media/frame_source.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "faces/preprocess.hpp"
#include "media/image_files.hpp"
#include "media/made_up_picture.hpp"
#include "media/made_up_video.hpp"
#include "media/natural_order.hpp"
#include "media/sources.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace frame_source_test {

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

/// The contract of every source that ends.
void check_source(FrameSource& source, std::size_t expected) {
    const auto info = source.info();
    const auto frames = all_frames(source);
    REQUIRE(frames.size() == expected);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        INFO("frame " << i);
        CHECK(frames[i].index == static_cast<std::int64_t>(i));
        CHECK(frames[i].bgr.type() == CV_8UC3);
        CHECK_FALSE(frames[i].bgr.empty());
        if (i > 0) CHECK(frames[i].time_s > frames[i - 1].time_s);
        const double ticks = frames[i].time_s / info.time_base.value();
        CHECK(std::abs(ticks - std::round(ticks)) < 1e-6);
        for (std::size_t j = 0; j < i; ++j) REQUIRE(frames[i].bgr.data != frames[j].bgr.data);
    }
    CHECK(frames[0].time_s == 0.0);
    CHECK(frames[0].bgr.size() == cv::Size(info.width, info.height));
    CHECK(source.next() == std::nullopt);
    CHECK(source.next() == std::nullopt);
}

/// Every numbered frame once, in order, at 25 per second.
void check_numbered(const std::string& path, int expected) {
    const auto source = open_source(path);
    const auto frames = all_frames(*source);
    REQUIRE(static_cast<int>(frames.size()) == expected);
    for (int i = 0; i < expected; ++i) {
        INFO("frame " << i);
        CHECK(number_of(frames[i].bgr) == i % 32);
        CHECK(frames[i].time_s == Approx(i / 25.0).margin(6e-4));
    }
}

std::string write_picture(const std::filesystem::path& path, const cv::Mat& picture) {
    write_image(path, picture);
    return path.string();
}

void cut_file(const std::filesystem::path& path, unsigned percent) {
    std::filesystem::resize_file(path, std::filesystem::file_size(path) * percent / 100);
}

/// Overwrites bytes in the middle.
void damage(const std::filesystem::path& path, std::size_t length) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(path) / 2));
    for (std::size_t i = 0; i < length; ++i) file.put(static_cast<char>(i * 37));
}

}  // namespace

TEST_CASE("sources of every kind keep the contract") {
    const TemporaryFolder folder;
    make_video(folder / "v.mp4", 10);
    make_video(folder / "v.mkv", 10);
    make_video(folder / "v.avi", 10);
    std::filesystem::create_directory(folder / "pictures");
    for (int i = 0; i < 3; ++i)
        write_picture(folder / "pictures" / (std::to_string(i) + ".png"), made_up_picture(30 + i, 20));
    write_picture(folder / "p.png", made_up_picture(30, 20));
    const std::vector<std::pair<std::string, int>> sources{{folder / "v.mp4", 10},
                                                           {folder / "v.mkv", 10},
                                                           {folder / "v.avi", 10},
                                                           {folder / "pictures", 3},
                                                           {folder / "p.png", 1}};
    for (const auto& [name, frames] : sources) {
        INFO(name);
        const auto source = open_source(name);
        CHECK(source->info().name == name);
        CHECK(source->info().kind == (frames == 10 ? SourceKind::kRecording : SourceKind::kPicture));
        CHECK(source->info().frames == frames);
        check_source(*source, static_cast<std::size_t>(frames));
    }
}

TEST_CASE("a video gives every frame once and in order") {
    const TemporaryFolder folder;
    for (const std::string name : {"a.mp4", "a.mov", "a.mkv", "a.avi"}) {
        INFO(name);
        make_video(folder / name, 75);
        check_numbered((folder / name).string(), 75);
    }
}

TEST_CASE("the trainer and a source read the same crop from a picture") {
    const TemporaryFolder folder;
    const auto path = write_picture(folder / "face.png", made_up_picture(48, 48));
    const cv::Mat trained = read_picture(path);
    const cv::Mat watched = open_source(path)->next()->bgr;
    const faces::CropSpec spec;
    const cv::Mat crop = faces::preprocess(trained, cv::Rect({}, trained.size()), spec);
    CHECK(same_bytes(crop, faces::preprocess(watched, cv::Rect({}, watched.size()), spec)));
    CHECK(same_bytes(crop, faces::preprocess(to_gray(watched), cv::Rect({}, watched.size()), spec)));
    CHECK(same_bytes(
        crop, read_image(EMOTION_SOURCE_DIR "/tests/faces/golden/grown_crop.png", cv::IMREAD_UNCHANGED)));
}

TEST_CASE("a folder gives its pictures in natural order and warns of skipped files") {
    const TemporaryFolder folder;
    for (const int number : {10, 9, 1})
        write_picture(folder / ("p" + std::to_string(number) + ".png"), numbered_frame(number, {8, 8}));
    write_file(folder / "notes.txt", "no picture");
    write_file(folder / "p5.png", "");
    write_file(folder / ".hidden", "not worth a word");
    std::filesystem::create_directory(folder / "inner");
    std::vector<std::string> warnings;
    const auto source = open_source(folder.path().string(),
                                    {.warn = [&](const std::string& line) { warnings.push_back(line); }});
    const auto frames = all_frames(*source);
    REQUIRE(frames.size() == 3);
    CHECK(number_of(frames[0].bgr) == 1);
    CHECK(number_of(frames[1].bgr) == 9);
    CHECK(number_of(frames[2].bgr) == 10);
    REQUIRE(warnings.size() == 2);
    CHECK_THAT(warnings[0],
               ContainsSubstring("left out: ") && ContainsSubstring("notes.txt: is not a picture"));
    CHECK_THAT(warnings[1], ContainsSubstring("p5.png"));
}

TEST_CASE("names are ordered by the numbers in them") {
    CHECK(natural_less("9.png", "10.png"));
    CHECK_FALSE(natural_less("10.png", "9.png"));
    CHECK(natural_less("a2b10", "a2b11"));
    CHECK(natural_less("a", "a1"));
    CHECK(natural_less("a01", "a2"));
    CHECK(natural_less("a01", "a1"));
    CHECK_FALSE(natural_less("a1", "a01"));
    CHECK_FALSE(natural_less("a1", "a1"));
    CHECK(natural_less("99999999999999999999998", "99999999999999999999999"));
}

TEST_CASE("a source that cannot be opened is reported in one line that names it") {
    const TemporaryFolder folder;
    const auto path = [&](const char* name) { return (folder / name).string(); };
    write_file(path("empty.mp4"), "");
    write_file(path("text.mp4"), "This is not a video, however long one looks at it.\n");
    write_file(path("text.txt"), "This is not a video, however long one looks at it.\n");
    write_file(path("text.png"), "This is not a picture, however long one looks at it.\n");
    std::filesystem::create_directory(path("nothing"));
    CHECK_THROWS_WITH(open_source(path("none.mp4")),
                      ContainsSubstring("none.mp4: no such file") && ContainsSubstring("a folder of these"));
    CHECK_THROWS_WITH(
        open_source(path("text.png")),
        ContainsSubstring("text.png: ") && ContainsSubstring("expected an undamaged video or picture"));
    CHECK_THROWS_WITH(open_source(path("empty.mp4")), ContainsSubstring("empty.mp4: is empty"));
    CHECK_THROWS_WITH(open_source(path("text.mp4")),
                      ContainsSubstring("text.mp4: is neither a picture nor a video"));
    CHECK_THROWS_WITH(open_source(path("text.txt")), ContainsSubstring("text.txt: "));
    CHECK_THROWS_WITH(open_source(path("nothing")), ContainsSubstring("nothing: holds no picture"));
    REQUIRE(::mkfifo(path("pipe").c_str(), 0600) == 0);
    CHECK_FALSE(is_picture_file(path("pipe")));  // without waiting for a writer
    CHECK(is_pipe(path("pipe")));
    CHECK_THROWS_WITH(open_source("987654"), ContainsSubstring("camera 987654"));
    CHECK_THROWS_WITH(open_source("http://127.0.0.1:9/clip.mp4"),
                      ContainsSubstring("127.0.0.1:9/clip.mp4: cannot be opened"));
}

TEST_CASE("names with spaces, colons and non-ASCII characters are files") {
    const TemporaryFolder folder;
    for (const std::string name : {"ein Film \xc3\xa4\xe2\x82\xac.mp4", "http:a.mp4", "100%d.mkv"}) {
        INFO(name);
        make_video(folder / name, 3);
        check_numbered((folder / name).string(), 3);
    }
}

TEST_CASE("a playlist file opens no network connections") {
    const TemporaryFolder folder;
    write_file(folder / "list.m3u8", "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n");
    CHECK_THROWS_AS(open_source((folder / "list.m3u8").string()), Error);
}

TEST_CASE("a truncated video gives the frames present and a warning") {
    const TemporaryFolder folder;
    const cv::Size size(320, 240);
    for (const std::string name : {"a.mp4", "a.mkv", "a.avi"}) {
        INFO(name);
        const auto path = folder / name;
        const auto sink = make_file_sink(path, video_info(size));
        cv::Mat noise(size, CV_8UC3);
        for (int i = 0; i < 60; ++i) {
            cv::randu(noise, 0, 255);
            sink->write(i / 25.0, noise);
        }
        sink->finish();
        std::vector<std::string> warnings;
        const auto read = [&] {
            const auto source = open_source(
                path.string(), {.warn = [&](const std::string& line) { warnings.push_back(line); }});
            return all_frames(*source).size();
        };
        CHECK(read() == 60);
        CHECK(warnings.empty());
        cut_file(path, 50);
        const auto frames = read();
        CHECK(frames > 15);
        CHECK(frames < 60);
        REQUIRE(warnings.size() >= 1);
        // The duration of an AVI is an estimate from the size of the file.
        CHECK_THAT(warnings[0],
                   ContainsSubstring(
                       name + (name == "a.avi" ? ": ends in the middle of a picture" : ": ends after ")));
    }
}

TEST_CASE(
    "an MPEG stream that ends in the middle of a picture is reported, and one between pictures is not") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto warnings_of = [](const std::string& file) {
        std::vector<std::string> warnings;
        const auto source =
            open_source(file, {.warn = [&](const std::string& line) { warnings.push_back(line); }});
        CHECK(all_frames(*source).size() > 10);
        return warnings;
    };
    struct Kind {
        std::string name;
        std::vector<std::string> codec;
    };
    for (const auto& [name, codec] :
         std::vector<Kind>{{"mpeg2.ts", {"-c:v", "mpeg2video", "-q:v", "2"}},
                           {"h264.ts", {"-c:v", "libx264", "-qp", "10", "-bf", "0"}},
                           {"mpeg2.mpg", {"-c:v", "mpeg2video", "-q:v", "2", "-f", "vob"}}}) {
        INFO(name);
        const auto file = (folder / name).string();
        std::vector<std::string> all{"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=2"};
        all.insert(all.end(), codec.begin(), codec.end());
        all.push_back(file);
        ffmpeg(all);
        CHECK(warnings_of(file).empty());
        const auto bytes = read_file(file);
        const auto expect_cut = [&](std::size_t length) {
            write_file(file, bytes.substr(0, length));
            const auto warnings = warnings_of(file);
            REQUIRE(warnings.size() == 1);
            CHECK_THAT(warnings[0], ContainsSubstring(file + ": ends in the middle of a picture"));
        };
        if (name.ends_with(".mpg")) {
            constexpr std::size_t kPack = 2048;
            expect_cut(bytes.size() / 2 / kPack * kPack);
            continue;
        }
        constexpr std::size_t kPacket = 188;
        const auto begins_picture = [&](std::size_t at) {  // of the program's first stream
            const auto* head = reinterpret_cast<const unsigned char*>(bytes.data()) + at;
            return (head[1] & 0x5f) == 0x41 && head[2] == 0;
        };
        auto at = bytes.size() / 2 / kPacket * kPacket;
        while (!begins_picture(at)) at += kPacket;
        expect_cut(at + 4 * kPacket);
        write_file(file, bytes.substr(0, at));
        CHECK(warnings_of(file).empty());
    }
}

TEST_CASE("a video damaged in the middle continues after the damage") {
    const TemporaryFolder folder;
    make_video(folder / "a.mp4", 300, {320, 240});
    damage(folder / "a.mp4", 200);
    const auto source = open_source((folder / "a.mp4").string());
    const auto frames = all_frames(*source);
    CHECK(frames.size() >= 250);
    CHECK(frames.back().time_s == Approx(299 / 25.0));
}

TEST_CASE("videos of many kinds made by ffmpeg are read frame by frame") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    make_video(folder / "in.mkv", 50, {128, 96});
    const auto in = (folder / "in.mkv").string();
    const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
        {"h264.mp4", {"-c:v", "libx264", "-bf", "3"}},
        {"ten_bits.mp4", {"-c:v", "libx264", "-pix_fmt", "yuv420p10le"}},
        {"chroma444.mkv", {"-c:v", "libx264", "-pix_fmt", "yuv444p"}},
        {"motion.avi", {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2"}},
        {"odd.mkv", {"-vf", "crop=101:75", "-c:v", "ffv1"}},
        {"mpeg.ts", {"-c:v", "mpeg2video", "-q:v", "2"}},
        {"flash.flv", {"-c:v", "flv", "-q:v", "2"}},
        {"vp9.webm", {"-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"}},
        {"raw.h264", {"-c:v", "libx264"}},
        {"picture.gif", {}},
    };
    for (const auto& [name, arguments] : kinds) {
        INFO(name);
        const auto out = (folder / name).string();
        std::vector<std::string> all{"-i", in};
        all.insert(all.end(), arguments.begin(), arguments.end());
        all.push_back(out);
        ffmpeg(all);
        const auto frames = all_frames(*open_source(out));
        REQUIRE(frames.size() == 50);
        for (int i = 0; i < 50; ++i) {
            INFO("frame " << i);
            CHECK(number_of(frames[i].bgr) == i % 32);
            CHECK(frames[i].time_s == Approx(i / 25.0).margin(0.011));
        }
    }
}

TEST_CASE("variable frame rates keep their times") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    make_video(folder / "in.mkv", 40);
    const auto out = (folder / "vfr.mkv").string();
    ffmpeg({"-i", (folder / "in.mkv").string(), "-vf", "select='lt(n,10)+gt(n,30)'", "-vsync", "vfr", out});
    const auto frames = all_frames(*open_source(out));
    REQUIRE(frames.size() == 19);
    CHECK(frames[9].time_s == Approx(9 / 25.0).margin(1e-3));
    CHECK(frames[10].time_s == Approx(31 / 25.0).margin(1e-3));
    CHECK(number_of(frames[10].bgr) == 31);
}

TEST_CASE("a rotated video is shown upright") {
    const TemporaryFolder folder;
    cv::Mat picture(48, 96, CV_8UC3, cv::Scalar::all(0));
    picture.colRange(0, 48).setTo(cv::Scalar::all(255));
    const auto sink = make_file_sink(folder / "flat.mp4", video_info(picture.size()));
    sink->write(0.0, picture);
    sink->finish();
    const auto flat = read_file(folder / "flat.mp4");

    struct Turn {
        std::vector<int> matrix;  ///< the first two rows of the track header's, ISO 14496-12
        cv::Size size;
        cv::Rect white;
    };
    for (const auto& [matrix, size, white] : {Turn{{0, 1, 0, -1, 0, 0}, {48, 96}, {8, 8, 32, 32}},
                                              Turn{{-1, 0, 0, 0, -1, 0}, {96, 48}, {56, 8, 32, 32}},
                                              Turn{{0, -1, 0, 1, 0, 0}, {48, 96}, {8, 56, 32, 32}},
                                              Turn{{1, 0, 0, 0, 1, 0}, {96, 48}, {8, 8, 32, 32}}}) {
        auto bytes = flat;
        const auto start = bytes.find("tkhd") + 44;
        for (std::size_t i = 0; i < matrix.size(); ++i) {
            bytes[start + 4 * i] = bytes[start + 4 * i + 1] = static_cast<char>(matrix[i] < 0 ? -1 : 0);
            bytes[start + 4 * i + 1] = static_cast<char>(matrix[i]);
        }
        write_file(folder / "turned.mp4", bytes);
        const auto source = open_source((folder / "turned.mp4").string());
        const auto frame = source->next()->bgr;
        INFO(cv::Mat(matrix).t());
        REQUIRE(frame.size() == size);
        CHECK(cv::Size(source->info().width, source->info().height) == size);
        CHECK(cv::mean(frame(white))[0] > 240);
        CHECK(cv::mean(frame)[0] == Approx(127).margin(10));
    }
}

TEST_CASE("a video of one frame is read") {
    const TemporaryFolder folder;
    make_video(folder / "one.mp4", 1);
    check_numbered((folder / "one.mp4").string(), 1);
}

TEST_CASE("what a file holds besides the video that is looked at is told") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto path = [&](const std::string& name) { return (folder / name).string(); };
    const auto notes_of = [&](const std::string& name) {
        std::vector<std::string> notes;
        const auto source =
            open_source(path(name), {.warn = [&](const std::string& line) { notes.push_back(line); }});
        CHECK(source->info().width == 64);
        return notes;
    };
    make_video(path("one.mp4"), 10);
    make_video(path("small.mp4"), 10, {32, 24});
    write_picture(path("cover.png"), numbered_frame(3, {200, 200}));
    // Two cameras, side by side in three containers.
    for (const std::string name : {"two.mp4", "two.mkv", "two.mov"}) {
        INFO(name);
        ffmpeg({"-i", path("small.mp4"), "-i", path("one.mp4"), "-map", "0:v", "-map", "1:v",
                "-disposition:0", "0", "-disposition:1", "default", "-c", "copy", path(name)});
        const auto notes = notes_of(name);
        REQUIRE(notes.size() == 1);
        CHECK_THAT(notes[0],
                   ContainsSubstring(
                       name + ": holds 2 videos side by side, of which the one of 64x48 is looked at"));
    }
    // Put together as if they were text: every player stops after the first.
    for (const std::string start : {"one.mp4", "end.mov"}) {
        if (start == "end.mov") ffmpeg({"-i", path("one.mp4"), "-c", "copy", path(start)});
        write_file(path("joined.mp4"), read_file(path(start)) + read_file(path("one.mp4")));
        const auto notes = notes_of("joined.mp4");
        REQUIRE(notes.size() == 1);
        CHECK_THAT(notes[0], ContainsSubstring("joined.mp4: holds 2 videos one behind the other"));
        CHECK(all_frames(*open_source(path("joined.mp4"))).size() == 10);
    }
    // What broke off before its index.
    for (const std::string name : {"broken.mp4", "broken.mov"}) {
        ffmpeg({"-i", path("one.mp4"), "-c", "copy", path(name)});
        const auto whole = read_file(path(name));
        write_file(path(name), whole.substr(0, whole.find("moov") - 4));
        CHECK_THROWS_WITH(
            open_source(path(name)),
            ContainsSubstring(name + ": its index (moov) is missing, as the recording or copy"));
    }
    // A cover is no video, and pieces of one are not several.
    ffmpeg({"-i", path("one.mp4"), "-i", path("cover.png"), "-map", "1", "-map", "0", "-c", "copy",
            "-disposition:0", "attached_pic", path("cover.mp4")});
    ffmpeg({"-i", path("one.mp4"), "-attach", path("cover.png"), "-metadata:s:t", "mimetype=image/png", "-c",
            "copy", path("cover.mkv")});
    ffmpeg({"-i", path("one.mp4"), "-c:v", "libx264", "-g", "2", "-movflags",
            "frag_keyframe+empty_moov+default_base_moof", path("pieces.mp4")});
    for (const std::string name : {"one.mp4", "cover.mp4", "cover.mkv", "pieces.mp4"}) {
        INFO(name);
        CHECK(notes_of(name).empty());
    }
}

TEST_CASE("playlists of files are read, encrypted ones too") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto path = [&](const std::string& name) { return (folder / name).string(); };
    make_video(path("one.mp4"), 50);
    write_file(path("movie.key"), "0123456789abcdef");
    write_file(path("keys"), "movie.key\n" + path("movie.key") + "\n");
    const std::vector<std::string> parts{
        "-i",  path("one.mp4"),      "-c:v", "libx264", "-g", "10", "-hls_time",
        "0.4", "-hls_playlist_type", "vod"};
    auto plain = parts, encrypted = parts, pieces = parts;
    plain.push_back(path("plain.m3u8"));
    for (const auto& more : {std::string("-hls_key_info_file"), path("keys"), path("encrypted.m3u8")})
        encrypted.push_back(more);
    for (const auto& more : {std::string("-hls_segment_type"), std::string("fmp4"), path("pieces.m3u8")})
        pieces.push_back(more);
    write_file(path("list.ffconcat"), "ffconcat version 1.0\nfile one.mp4\n");
    for (const auto& arguments : {plain, encrypted, pieces}) ffmpeg(arguments);
    for (const std::string name : {"plain.m3u8", "encrypted.m3u8", "pieces.m3u8", "list.ffconcat"}) {
        INFO(name);
        check_numbered(path(name), 50);
    }
}

TEST_CASE("sound alone is no video") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    ffmpeg({"-f", "lavfi", "-i", "sine=duration=1", (folder / "tone.wav").string()});
    CHECK_THROWS_WITH(open_source((folder / "tone.wav").string()),
                      ContainsSubstring("tone.wav: holds no video"));
}

TEST_CASE("colors survive decoding") {
    const TemporaryFolder folder;
    for (const cv::Size size : {cv::Size(64, 48), cv::Size(1280, 720)})
        for (const std::string name : {"a.mp4", "a.mkv", "a.avi"}) {
            INFO(name << " " << size);
            const auto sink = make_file_sink(folder / name, video_info(size));
            const cv::Scalar color(40, 160, 220);
            sink->write(0.0, cv::Mat(size, CV_8UC3, color));
            sink->finish();
            const auto mean = cv::mean(open_source((folder / name).string())->next()->bgr);
            for (int channel = 0; channel < 3; ++channel)
                CHECK(mean[channel] == Approx(color[channel]).margin(4));
        }
}

TEST_CASE("unknown color tags count as unspecified") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = (folder / "tags.ts").string();
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=0.2", "-c:v", "mpeg2video", "-pix_fmt",
            "yuv420p", "-bsf:v",
            "mpeg2_metadata=colour_primaries=200:transfer_characteristics=99:matrix_coefficients=65", clip});
    const auto source = open_source(clip);
    CHECK(source->info().colors.space == 2);
    CHECK(source->info().colors.primaries == 2);
    CHECK(source->info().colors.transfer == 2);
    CHECK(all_frames(*source).size() == 5);
}

TEST_CASE("shared clips give as many frames as ffprobe counts") {
    const std::filesystem::path clips = EMOTION_SHARED_DATA "/clips";
    if (!std::filesystem::exists(clips)) SKIP_TEST("the shared clips are not there");
    if (!have_program("ffprobe")) SKIP_TEST("ffprobe is not installed");
    for (const auto& clip : std::filesystem::directory_iterator(clips)) {
        INFO(clip.path().filename());
        const auto counted =
            run_program("ffprobe", {"-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries",
                                    "stream=nb_read_frames", "-of", "csv=p=0", clip.path().string()});
        CHECK(all_frames(*open_source(clip.path().string())).size() == std::stoul(counted.out));
    }
}

TEST_CASE("a video gives the gray that its colors convert to, and no colors if gray suffices") {
    if (!have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const std::string format : {"yuv420p", "yuvj420p", "yuv422p", "yuv420p10le", "gray"}) {
        INFO(format);
        const auto clip = (folder / (format + ".mkv")).string();
        ffmpeg({"-f", "lavfi", "-i", "testsrc=size=162x120:duration=0.2", "-pix_fmt", format, "-c:v", "ffv1",
                clip});
        const auto frame = open_source(clip)->next();
        REQUIRE(frame);
        CHECK(frame->size() == cv::Size(162, 120));
        const auto sparing = open_source(clip, {.pixels = Pixels::kGray});
        const auto plain = sparing->next();
        CHECK(plain->size() == cv::Size(162, 120));
        if (format == "yuv420p10le" || format == "gray") {
            CHECK(frame->gray.empty());
            CHECK(same_bytes(plain->bgr, frame->bgr));
        } else {
            CHECK(cv::norm(frame->gray, to_gray(frame->bgr), cv::NORM_L1) < 1.5 * 162 * 120);
            CHECK(plain->bgr.empty());
            CHECK(same_bytes(plain->gray, frame->gray));
        }
    }
}

}  // namespace frame_source_test
