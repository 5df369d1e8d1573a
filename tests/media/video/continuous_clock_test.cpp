#include "media/video/continuous_clock.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "media/made_up_picture.hpp"
#include "media/made_up_video.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_folder.hpp"

namespace continuous_clock_test {

// Times and numbers of frames, and sound, for clocks that start, jump or are cut anywhere.

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

std::vector<double> probe(const std::filesystem::path& file, const std::string& stream,
                          const std::string& entry) {
    const auto result = run_program("ffprobe", {"-v", "error", "-select_streams", stream, "-show_entries",
                                                entry, "-of", "csv=p=0", file.string()});
    std::vector<double> values;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty() && line[0] != 'N') values.push_back(std::stod(line));
    return values;
}

std::vector<double> sound_times(const std::filesystem::path& video) {
    return probe(video, "a:0", "packet=pts_time");
}

/// Pictures and a tone of this duration.
std::filesystem::path make_clip(const std::filesystem::path& path, double seconds,
                                const std::vector<std::string>& options) {
    const auto length = std::to_string(seconds);
    std::vector<std::string> all{"-f", "lavfi", "-i", "testsrc=size=160x120:rate=25:duration=" + length,
                                 "-f", "lavfi", "-i", "sine=frequency=440:duration=" + length};
    all.insert(all.end(), options.begin(), options.end());
    all.push_back(path.string());
    ffmpeg(all);
    return path;
}

struct Copied {
    std::vector<Frame> frames;
    std::vector<std::string> warnings;
};

/// Copies every frame to `to` unchanged.
Copied copy_frames(const std::filesystem::path& from, const std::filesystem::path& to, double start_s = 0.0) {
    Copied copied;
    const auto note = [&](const std::string& line) { copied.warnings.push_back(line); };
    const auto source = open_source(from.string(), {.warn = note, .start_s = start_s});
    const auto sink = make_file_sink(to, source->info(), note);
    while (auto frame = source->next()) {
        sink->write(frame->time_s, frame->bgr);
        copied.frames.push_back(std::move(*frame));
    }
    if (copied.frames.back().duration_s > 0.0) sink->last_frame_lasts(copied.frames.back().duration_s);
    sink->finish();
    return copied;
}

void check_steady(const std::vector<Frame>& frames, double first_s) {
    for (std::size_t i = 0; i < frames.size(); ++i) {
        INFO("frame " << i);
        CHECK(frames[i].time_s == Approx(first_s + static_cast<double>(i) / 25.0).margin(2e-3));
    }
}

/// Checks that a video opened at a later start gives the same frames with the same numbers and times.
void check_begun_later(const std::filesystem::path& video, double start_s) {
    INFO(video.filename() << " from second " << start_s);
    const auto all = all_frames(*open_source(video.string()));
    const auto first = static_cast<std::size_t>(
        std::find_if(all.begin(), all.end(),
                     [&](const Frame& frame) { return frame.time_s >= start_s - 1e-6; }) -
        all.begin());
    const auto rest = all_frames(*open_source(video.string(), {.start_s = start_s}));
    REQUIRE(rest.size() == all.size() - first);
    for (std::size_t i = 0; i < rest.size(); ++i) {
        CHECK(rest[i].index == all[first + i].index);
        CHECK(rest[i].time_s == Approx(all[first + i].time_s).margin(1e-6));
        CHECK(same_bytes(rest[i].bgr, all[first + i].bgr));
    }
}

bool have_ffmpeg() {
    return have_program("ffmpeg") && have_program("ffprobe");
}

}  // namespace

TEST_CASE("a clock that restarts in the middle continues for pictures and sound") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    struct Kind {
        std::string ending;
        std::vector<std::string> first, second;
    };
    const std::vector<std::string> h264{"-c:v", "libx264", "-bf", "2", "-g", "25", "-c:a", "aac"};
    const std::vector<std::string> mpeg2{"-c:v", "mpeg2video", "-q:v", "2", "-c:a", "mp2"};
    auto late = h264;
    for (const char* option : {"-output_ts_offset", "3600"}) late.emplace_back(option);
    for (const auto& [ending, first, second] :
         std::vector<Kind>{{".ts", h264, h264}, {".ts", late, h264}, {".mpg", mpeg2, mpeg2}}) {
        INFO(ending << ' ' << first.back());
        const auto joined = folder / ("joined" + ending);
        write_file(joined, read_file(make_clip(folder / ("one" + ending), 2.0, first)) +
                               read_file(make_clip(folder / ("two" + ending), 2.0, second)));
        const double first_s = all_frames(*open_source((folder / ("one" + ending)).string()))[0].time_s;
        for (const std::string out : {"out.mp4", "out.mkv"}) {
            const auto copied = copy_frames(joined, folder / out);
            REQUIRE(copied.frames.size() == 100);
            // Where sound is longer than the preceding pictures, the next ones follow its end.
            for (std::size_t i = 1; i < 100; ++i) {
                const double step_s = copied.frames[i].time_s - copied.frames[i - 1].time_s;
                CHECK(step_s == Approx(0.04).margin(i == 50 ? 0.15 : 2e-3));
            }
            CHECK(copied.frames[0].time_s == Approx(first_s).margin(1e-3));
            const auto sound = sound_times(folder / out);
            REQUIRE(sound.size() > 100);
            CHECK(sound.back() == Approx(copied.frames.back().time_s).margin(0.25));
            for (std::size_t i = 1; i < sound.size(); ++i) CHECK(sound[i] - sound[i - 1] < 0.25);
            CHECK(std::any_of(copied.warnings.begin(), copied.warnings.end(), [](const std::string& note) {
                return note.find("its clock restarts once") != std::string::npos;
            }));
        }
        check_begun_later(joined, 3.0);
    }
}

TEST_CASE("a transport stream whose clock wraps around continues") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto wrapping = make_clip(
        folder / "in.ts", 4.0, {"-c:v", "libx264", "-bf", "2", "-c:a", "aac", "-output_ts_offset", "95441"});
    const auto copied = copy_frames(wrapping, folder / "out.mp4");
    REQUIRE(copied.frames.size() == 100);
    check_steady(copied.frames, copied.frames[0].time_s);
    CHECK(copied.frames[0].time_s < 0.2);
    CHECK(copied.warnings.empty());
    CHECK(sound_times(folder / "out.mp4").back() == Approx(4.0).margin(0.15));
}

TEST_CASE("pictures that start after the sound keep the file's clock and earlier sound is kept") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const std::string name : {"late.mp4", "late.mkv", "late.ts"}) {
        INFO(name);
        ffmpeg({"-itsoffset", "3", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25:duration=2", "-f",
                "lavfi", "-i", "sine=duration=5", "-vsync", "vfr", "-c:v", "libx264", "-c:a", "aac",
                (folder / name).string()});
        const auto source = open_source((folder / name).string());
        const double first_s = source->next()->time_s;
        CHECK(first_s == Approx(3.0).margin(0.1));
        const auto probed = probe(folder / name, "v:0", "stream=start_time")[0] -
                            probe(folder / name, "a:0", "stream=start_time")[0];
        CHECK(first_s == Approx(probed).margin(0.03));
        for (const std::string out : {"out.mp4", "out.mkv", "out.avi"}) {
            if (out == "out.avi" && name != "late.mkv") continue;
            INFO(out);
            const auto copied = copy_frames(folder / name, folder / out);
            REQUIRE(copied.frames.size() == 50);
            check_steady(copied.frames, first_s);
            CHECK(copied.warnings.size() == (out == "out.avi" ? 1 : 0));
            const double shown_s = probe(folder / out, "v:0", "packet=pts_time")[0];
            CHECK(shown_s == Approx(out == "out.avi" ? 0.0 : first_s).margin(0.1));
            CHECK(sound_times(folder / out).back() - shown_s == Approx(5.0 - first_s).margin(0.1));
            CHECK(sound_times(folder / out)[0] == Approx(0.0).margin(0.05));
        }
        check_begun_later(folder / name, 3.5);
        // Opened in the middle, the output starts there.
        copy_frames(folder / name, folder / "out.mp4", 3.5);
        CHECK(probe(folder / "out.mp4", "v:0", "packet=pts_time")[0] == Approx(0.0).margin(0.01));
        CHECK(sound_times(folder / "out.mp4").back() == Approx(1.5).margin(0.1));
    }
}

TEST_CASE("sound removed by an edit list stays removed") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    make_clip(folder / "whole.mp4", 6.0, {"-c:v", "libx264", "-bf", "2", "-g", "50", "-c:a", "aac"});
    ffmpeg(
        {"-ss", "1.0", "-i", (folder / "whole.mp4").string(), "-c", "copy", (folder / "cut.mp4").string()});
    const auto hidden = run_program("ffprobe", {"-v", "error", "-show_entries", "packet=flags", "-of",
                                                "csv=p=0", (folder / "cut.mp4").string()});
    REQUIRE(hidden.out.find('D') != std::string::npos);  // stored but discarded
    for (const std::string out : {"out.mp4", "out.mov", "out.mkv", "out.avi"}) {
        INFO(out);
        const auto copied = copy_frames(folder / "cut.mp4", folder / out);
        REQUIRE(copied.frames.size() == 125);
        CHECK(copied.frames[0].index == 0);
        const auto length = run_program("ffmpeg", {"-v", "error", "-i", (folder / out).string(), "-map",
                                                   "a:0", "-f", "s16le", "-ac", "1", "-ar", "8000", "-"});
        CHECK(static_cast<double>(length.out.size()) / 16000.0 == Approx(5.0).margin(0.06));
    }
    for (const double start_s : {0.02, 1.0, 2.5}) check_begun_later(folder / "cut.mp4", start_s);
}

TEST_CASE("frames have the numbers of the whole recording for any start") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    // Starts within a group of pictures.
    make_clip(folder / "whole.ts", 4.0, {"-c:v", "libx264", "-bf", "2", "-g", "20", "-c:a", "aac"});
    const auto bytes = read_file(folder / "whole.ts");
    write_file(folder / "mid.ts", bytes.substr(bytes.size() / 3 / 188 * 188));
    // Packets of pictures that are never displayed.
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=4", "-c:v", "libvpx",
            "-auto-alt-ref", "1", "-lag-in-frames", "16", "-b:v", "200k", (folder / "hidden.webm").string()});
    // Two packets per picture.
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=160x128:rate=25:duration=4", "-c:v", "mpeg2video", "-q:v",
            "2", "-flags", "+ildct+ilme", (folder / "interlaced.ts").string()});
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=4", "-c:v", "mpeg4", "-bf", "2",
            "-q:v", "3", (folder / "packed.avi").string()});
    for (const std::string name : {"mid.ts", "hidden.webm", "interlaced.ts", "packed.avi"})
        for (const double start_s : {0.5, 1.0, 1.61}) check_begun_later(folder / name, start_s);
}

TEST_CASE("a live stream without times is timed by arrival, and one with times keeps them") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const std::vector<std::string> three_seconds{"-f", "lavfi", "-i",
                                                 "testsrc=size=64x48:rate=25:duration=3"};
    const auto stream_of = [&](const std::string& name, const std::vector<std::string>& options) {
        auto all = three_seconds;
        all.insert(all.end(), options.begin(), options.end());
        all.push_back((folder / name).string());
        ffmpeg(all);
        return read_file(folder / name);
    };
    struct Kind {
        std::string name, type, bytes;
        bool has_times;
    };
    // What is sent all at once arrives as fast as it is read, and not 25 times per second as the frames'
    // numbers would have it.
    for (const auto& [name, type, bytes, has_times] : std::vector<Kind>{
             {"multipart", "multipart/x-mixed-replace;boundary=ffmpeg",
              stream_of("a.mpjpeg", {"-f", "mpjpeg"}), false},
             {"MJPEG", "video/x-motion-jpeg", stream_of("a.mjpeg", {"-q:v", "3"}), false},
             {"H.264", "video/h264", stream_of("a.h264", {"-c:v", "libx264", "-g", "25"}), false},
             {"transport stream", "video/mp2t",
              stream_of("a.ts", {"-c:v", "libx264", "-g", "25", "-bf", "0"}), true}}) {
        INFO(name);
        const SilentServer server("HTTP/1.0 200 OK\r\nContent-Type: " + type + "\r\n\r\n" + bytes,
                                  SilentServer::Begins::kAtOnce, has_times ? std::string() : bytes);
        const auto source = open_source(server.url());
        REQUIRE(source->info().kind == SourceKind::kLive);
        CHECK((source->info().fps == 0.0) != has_times);
        std::vector<double> asked, times, given;
        const auto started = std::chrono::steady_clock::now();
        const auto now_s = [&] {
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        };
        for (int i = 0; i < 71; ++i) {
            asked.push_back(now_s());
            times.push_back(source->next()->time_s);
            given.push_back(now_s());
        }
        CHECK(times[0] == 0.0);
        for (std::size_t i = 1; i < times.size(); ++i) {
            CHECK(times[i] > times[i - 1]);
            if (has_times) {
                CHECK(times[i] == Approx(static_cast<double>(i) / 25.0).margin(1e-3));
            } else {
                CHECK(times[i] >= asked[i] - given[0] - 1e-3);
                CHECK(times[i] <= given[i] - asked[0] + 1e-3);
            }
        }
    }
}

TEST_CASE("the last frame has the duration given by the file") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    // Five pictures, the last lasting two seconds; and one more, which is coded before another one.
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=1", "-final_delay", "200",
            (folder / "held.gif").string()});
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=1.2", "-final_delay", "200",
            (folder / "six.gif").string()});
    ffmpeg({"-i", (folder / "held.gif").string(), "-vsync", "vfr", "-pix_fmt", "yuv420p", "-c:v", "libx264",
            (folder / "held.mp4").string()});
    // The last picture but one lasts three seconds.
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=2", "-vf", "setpts='PTS+gte(N,9)*3/TB'",
            "-vsync", "vfr", "-pix_fmt", "yuv420p", "-c:v", "libx264", (folder / "late.mkv").string()});
    for (const std::string name : {"held.gif", "six.gif", "held.mp4", "late.mkv"}) {
        const auto durations = probe(folder / name, "v:0", "packet=duration_time");
        REQUIRE_FALSE(durations.empty());
        if (name.ends_with(".gif")) REQUIRE(durations.back() == Approx(2.0).margin(0.011));
        for (const std::string out : {"out.mp4", "out.mov", "out.mkv"}) {
            INFO(name << " as " << out);
            const auto copied = copy_frames(folder / name, folder / out);
            CHECK(copied.warnings.empty());
            const auto& last = copied.frames.back();
            const double lasts_s = last.duration_s > 0.0
                                       ? last.duration_s
                                       : 1.0 / open_source((folder / name).string())->info().fps;
            if (name != "late.mkv") CHECK(lasts_s == Approx(durations.back()).margin(0.01));
            const double shown_s = last.time_s - copied.frames[0].time_s + lasts_s;
            CHECK(probe(folder / out, "v", "format=duration")[0] == Approx(shown_s).margin(0.03));
            if (out != "out.mkv")
                CHECK(probe(folder / out, "v:0", "stream=duration")[0] == Approx(shown_s).margin(0.03));
            // Durations as in players that show each picture until the next.
            const auto begins = probe(folder / out, "v:0", "packet=pts_time");
            CHECK(*std::max_element(begins.begin(), begins.end()) -
                      *std::min_element(begins.begin(), begins.end()) ==
                  Approx(shown_s - lasts_s).margin(0.03));
        }
    }
}

}  // namespace continuous_clock_test
