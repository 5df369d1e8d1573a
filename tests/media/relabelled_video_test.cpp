#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "media/made_up_video.hpp"
#include "media/sources.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace relabelled_video_test {

// What a labeled video keeps of its recording, as seen by another program.

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

struct Copied {
    std::size_t frames = 0;
    std::vector<std::string> warnings;
};

/// Copies every frame to `to`, in BGR or as decoded.
Copied copy_frames(const std::filesystem::path& from, const std::filesystem::path& to, double start_s = 0.0,
                   std::size_t most = SIZE_MAX, bool as_decoded = false) {
    Copied copied;
    const auto note = [&](const std::string& line) { copied.warnings.push_back(line); };
    const auto source = open_source(
        from.string(),
        {.warn = note, .start_s = start_s, .pixels = as_decoded ? Pixels::kDecoded : Pixels::kBgr});
    const auto sink = make_file_sink(to, source->info(), note);
    while (copied.frames < most) {
        const auto frame = source->next();
        if (!frame) break;
        if (frame->decoded)
            sink->write(frame->time_s, frame->decoded);
        else
            sink->write(frame->time_s, frame->bgr);
        ++copied.frames;
    }
    if (copied.frames == most) sink->cut_short();
    sink->finish();
    return copied;
}

std::vector<double> probe(const std::filesystem::path& file, const std::string& stream,
                          const std::string& entry) {
    const auto result = run_program("ffprobe", {"-v", "error", "-select_streams", stream, "-show_entries",
                                                entry, "-of", "csv=p=0", file.string()});
    std::vector<double> values;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) values.push_back(std::stod(line));
    return values;
}

std::vector<double> frame_times(const std::filesystem::path& video) {
    return probe(video, "v:0", "frame=best_effort_timestamp_time");
}

std::vector<double> sound_times(const std::filesystem::path& video) {
    return probe(video, "a:0", "packet=pts_time");
}

/// The same number of frames at the same times, apart from the clock's origin.
void check_times(const std::filesystem::path& from, const std::filesystem::path& to) {
    const auto expected = frame_times(from), got = frame_times(to);
    REQUIRE(got.size() == expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        INFO("frame " << i);
        CHECK(got[i] - got[0] == Approx(expected[i] - expected[0]).margin(1.1e-3));
    }
}

/// Two seconds of moving pictures with a tone.
std::filesystem::path make_clip(const std::filesystem::path& path, const std::vector<std::string>& options,
                                const std::string& size = "160x120") {
    std::vector<std::string> all{"-f", "lavfi", "-i", "testsrc=rate=25:duration=2:size=" + size,
                                 "-f", "lavfi", "-i", "sine=frequency=440:duration=2"};
    all.insert(all.end(), options.begin(), options.end());
    all.push_back(path.string());
    ffmpeg(all);
    return path;
}

/// `flat` with metadata for clockwise rotation.
std::filesystem::path turned(const std::filesystem::path& flat, const std::string& degrees) {
    const auto phone = flat.parent_path() / "phone.mp4";
    const auto result = run_program("ffmpeg", {"-v", "error", "-y", "-display_rotation", "-" + degrees, "-i",
                                               flat.string(), "-c", "copy", phone.string()});
    if (result.exit_code != 0)  // FFmpeg before 6
        ffmpeg({"-i", flat.string(), "-c", "copy", "-metadata:s:v", "rotate=" + degrees, phone.string()});
    return phone;
}

bool is_turned(const std::filesystem::path& video) {
    return !probe(video, "v:0", "stream_side_data=rotation").empty();
}

bool have_ffmpeg() {
    return have_program("ffmpeg") && have_program("ffprobe");
}

}  // namespace

TEST_CASE("labeled videos of every kind keep frames, times and sound") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const std::vector<std::pair<std::string, std::vector<std::string>>> kinds{
        {"h264.mp4", {"-c:v", "libx264", "-bf", "3", "-c:a", "aac"}},
        {"hevc.mp4", {"-c:v", "libx265", "-x265-params", "log-level=none", "-c:a", "aac"}},
        {"old.flv", {"-c:v", "flv", "-ar", "44100", "-c:a", "libmp3lame"}},
        {"motion.avi", {"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-c:a", "libmp3lame"}},
        {"ten_bits.mkv", {"-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-c:a", "aac"}},
        {"variable.mkv",
         {"-c:v", "libx264", "-vf", "select='not(mod(n,3))+lt(n,12)'", "-vsync", "vfr", "-c:a", "aac"}},
        {"stream.ts", {"-c:v", "libx264", "-c:a", "aac"}},
        {"free.mkv", {"-c:v", "libx264", "-c:a", "flac"}},
        {"late.mkv", {"-c:v", "libx264", "-c:a", "aac", "-output_ts_offset", "10"}},
        {"web.webm", {"-c:v", "libvpx", "-c:a", "libvorbis"}},
        {"one.mp4", {"-c:v", "libx264", "-frames:v", "1", "-c:a", "aac"}},
    };
    for (const auto& [name, options] : kinds) {
        INFO(name);
        const auto clip = make_clip(folder / name, options);
        const auto copied = copy_frames(clip, folder / "out.mp4");
        CHECK(copied.warnings.empty());
        check_times(clip, folder / "out.mp4");
        copy_frames(clip, folder / "as_decoded.mkv", 0.0, SIZE_MAX, true);
        check_times(clip, folder / "as_decoded.mkv");

        const auto expected = sound_times(clip), got = sound_times(folder / "out.mp4");
        if (name == "one.mp4") continue;  // ffmpeg ends with the pictures
        REQUIRE(!expected.empty());
        CHECK(got.size() >=
              expected.size() - 1);  // what a container leaves of silence before the start differs
        CHECK(got.back() - frame_times(folder / "out.mp4")[0] ==
              Approx(expected.back() - frame_times(clip)[0]).margin(2e-3));
    }
}

TEST_CASE("a labeled video of an odd size is even") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto odd = make_clip(folder / "odd.mkv", {"-c:v", "ffv1", "-an"}, "161x121");
    copy_frames(odd, folder / "odd.mp4");
    check_times(odd, folder / "odd.mp4");
    CHECK(open_source((folder / "odd.mp4").string())->info().width == 162);
}

TEST_CASE("a labeled video of a rotated one is upright") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto flat = make_clip(folder / "flat.mp4", {"-c:v", "libx264", "-c:a", "aac"});
    const auto phone = turned(flat, "90");
    if (!is_turned(phone)) SKIP_TEST("this ffmpeg sets no rotation that way");
    copy_frames(phone, folder / "upright.mp4");
    check_times(flat, folder / "upright.mp4");
    CHECK(open_source((folder / "upright.mp4").string())->info().height == 160);
    CHECK(sound_times(folder / "upright.mp4").size() == sound_times(flat).size());
}

TEST_CASE("a rotated video is labeled in its stored pixel format") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto flat =
        make_clip(folder / "flat.mp4", {"-c:v", "libx264", "-pix_fmt", "yuv420p", "-an", "-frames:v", "3"});
    if (!is_turned(turned(flat, "90"))) SKIP_TEST("this ffmpeg sets no rotation that way");
    for (const std::string degrees : {"90", "180", "270"}) {
        INFO(degrees);
        const auto phone = turned(flat, degrees);
        const auto expected = all_frames(*open_source(phone.string()));
        const auto source = open_source(phone.string(), {.pixels = Pixels::kDecoded});
        const auto got = all_frames(*source);
        REQUIRE(got.size() == expected.size());
        CHECK(expected[0].bgr.cols == (degrees == "180" ? 160 : 120));
        for (std::size_t i = 0; i < got.size(); ++i) {
            REQUIRE(got[i].decoded);
            CHECK(cv::norm(got[i].gray, expected[i].gray, cv::NORM_INF) == 0.0);
            const auto upright = got[i].size();
            CHECK(upright == expected[i].bgr.size());
        }
        copy_frames(phone, folder / "upright.mp4", 0.0, SIZE_MAX, true);
        const auto written = all_frames(*open_source((folder / "upright.mp4").string()));
        REQUIRE(written.size() == expected.size());
        constexpr double kLossOfEncoding = 6.0;
        CHECK(cv::norm(written[0].bgr, expected[0].bgr, cv::NORM_L1) <
              kLossOfEncoding * static_cast<double>(expected[0].bgr.total() * 3));
    }
}

TEST_CASE("a labeled video with more than eight bits keeps its primaries and transfer") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto tags_of = [](const std::filesystem::path& video) {
        const auto probed =
            run_program("ffprobe", {"-v", "error", "-select_streams", "v", "-show_entries",
                                    "stream=color_primaries,color_transfer,color_space", "-of",
                                    "default=noprint_wrappers=1:nokey=1", video.string()});
        std::istringstream tags(probed.out);
        return std::set<std::string>(std::istream_iterator<std::string>(tags), {});
    };
    const auto phone =
        make_clip(folder / "phone.mp4",
                  {"-c:v", "libx265", "-x265-params", "log-level=none", "-an", "-frames:v", "2", "-vf",
                   "scale=out_color_matrix=bt2020,setparams=color_primaries=bt2020:color_trc=arib-std-b67:"
                   "colorspace=bt2020nc",
                   "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020", "-color_trc", "arib-std-b67",
                   "-colorspace", "bt2020nc"});
    copy_frames(phone, folder / "out.mp4");
    CHECK(tags_of(folder / "out.mp4") == std::set<std::string>{"smpte170m", "arib-std-b67", "bt2020"});
    const auto expected = all_frames(*open_source(phone.string()));
    const auto written = all_frames(*open_source((folder / "out.mp4").string()));
    REQUIRE(written.size() == expected.size());
    constexpr double kLossOfEncoding = 6.0;
    CHECK(cv::norm(written[0].bgr, expected[0].bgr, cv::NORM_L1) <
          kLossOfEncoding * static_cast<double>(expected[0].bgr.total() * 3));

    const auto plain = make_clip(folder / "plain.mkv", {"-c:v", "ffv1", "-pix_fmt", "yuv420p10le", "-an"});
    copy_frames(plain, folder / "out.mp4");
    CHECK(tags_of(folder / "out.mp4") == std::set<std::string>{"smpte170m"});
}

TEST_CASE("sound counted in whole packets stays in sync") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = make_clip(folder / "in.avi", {"-c:v", "mjpeg", "-c:a", "libmp3lame"});
    constexpr double kBetweenPackets = 0.12;  // of 0.026 seconds each
    copy_frames(clip, folder / "out.mp4", kBetweenPackets);
    CHECK(sound_times(folder / "out.mp4").back() ==
          Approx(sound_times(clip).back() - kBetweenPackets).margin(3e-3));
}

TEST_CASE("each sound of a recording keeps its language") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = make_clip(
        folder / "in.mkv", {"-map", "0:v", "-map", "1:a", "-map", "1:a", "-c:v", "libx264", "-c:a", "aac",
                            "-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=eng"});
    copy_frames(clip, folder / "out.mp4");
    const auto result =
        run_program("ffprobe", {"-v", "error", "-select_streams", "a", "-show_entries",
                                "stream_tags=language", "-of", "csv=p=0", (folder / "out.mp4").string()});
    CHECK(result.out == "deu\neng\n");
}

TEST_CASE("sound that the container does not support is omitted with a warning") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = make_clip(folder / "in.mkv", {"-c:v", "libx264", "-c:a", "wmav2"});
    const auto copied = copy_frames(clip, folder / "out.mp4");
    REQUIRE(copied.warnings.size() == 1);
    CHECK_THAT(copied.warnings[0], ContainsSubstring("in.mkv: its sound (wmav2) is left out"));
    CHECK(sound_times(folder / "out.mp4").empty());
    check_times(clip, folder / "out.mp4");
    CHECK(copy_frames(clip, folder / "out.mkv").warnings.empty());
    CHECK(!sound_times(folder / "out.mkv").empty());

    // Known only when the header is written.
    const auto opus = make_clip(folder / "opus.mkv", {"-c:v", "libx264", "-c:a", "libopus"});
    const auto silent = copy_frames(opus, folder / "out.mov");
    REQUIRE(silent.warnings.size() == 1);
    CHECK_THAT(silent.warnings[0],
               ContainsSubstring("opus.mkv: its sound (opus) is left out, .mov cannot hold it; an .mkv can"));
    check_times(opus, folder / "out.mov");

    // FFmpeg would write it, but nothing could play it.
    const auto flac =
        copy_frames(make_clip(folder / "flac.mkv", {"-c:v", "libx264", "-c:a", "flac"}), folder / "out.avi");
    REQUIRE(flac.warnings.size() == 1);
    CHECK_THAT(flac.warnings[0],
               ContainsSubstring("its sound (flac) is left out, .avi cannot hold it; an .mkv can"));
    // Another container is named only if it can hold the sound.
    const auto quicktime =
        make_clip(folder / "in.mov", {"-c:v", "libx264", "-c:a", "adpcm_ima_qt", "-ar", "44100"});
    for (const auto& [out, advice] :
         {std::pair<std::string, std::string>{"out.mkv", "an .mkv cannot hold it; a .mov can"},
          {"out.mp4", ".mp4 cannot hold it; a .mov can"}}) {
        const auto left_out = copy_frames(quicktime, folder / out);
        REQUIRE(left_out.warnings.size() == 1);
        CHECK_THAT(left_out.warnings[0], ContainsSubstring("(adpcm_ima_qt) is left out, " + advice));
    }
    const auto disc = make_clip(folder / "in.vob", {"-c:v", "mpeg2video", "-c:a", "pcm_dvd", "-ar", "48000"});
    const auto converted = copy_frames(disc, folder / "out.mkv");
    REQUIRE(converted.warnings.size() == 1);
    CHECK_THAT(converted.warnings[0], ContainsSubstring("-c:a aac CONVERTED.mkv converts it"));
}

TEST_CASE("interlaced video keeps its fields, or a warning says that it cannot") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto fields_of = [](const std::filesystem::path& video) {
        auto text = run_program("ffprobe", {"-v", "error", "-select_streams", "v", "-show_entries",
                                            "stream=field_order:frame=interlaced_frame,top_field_first",
                                            "-read_intervals", "%+#1", "-of", "csv=p=0", video.string()})
                        .out;
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    };
    for (const std::string first : {"top", "bottom"}) {
        const auto clip =
            make_clip(folder / (first + ".mp4"),
                      {"-vf", "tinterlace=interleave_" + first + ",setfield=" + first.substr(0, 1) + "ff",
                       "-c:v", "libx264", "-pix_fmt", "yuv420p", "-flags", "+ildct+ilme", "-an"});
        const auto fields = fields_of(clip);
        INFO(fields);
        REQUIRE_THAT(fields, ContainsSubstring(first == "top" ? "1,1" : "1,0"));
        for (const std::string out : {"out.mp4", "out.mkv", "out.avi"}) {
            INFO(out);
            CHECK(copy_frames(clip, folder / out, 0.0, SIZE_MAX, true).warnings.empty());
            CHECK_THAT(fields_of(folder / out), ContainsSubstring(first == "top" ? "1,1" : "1,0"));
        }
        const auto whole = copy_frames(clip, folder / "out.mp4");
        REQUIRE(whole.warnings.size() == 1);
        CHECK_THAT(whole.warnings[0],
                   ContainsSubstring("out.mp4: is written without the fields of its interlaced source"));
    }
}

TEST_CASE("colors of single pixels are averaged where they are stored for four at a time") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto dotted = folder / "dotted.mkv";  // every fourth pixel is red, the others are blue
    ffmpeg({"-f", "lavfi", "-i",
            "color=blue:size=64x64:rate=25:duration=1,format=gbrp,"
            "geq=r='255*not(mod(X,2)+mod(Y,2))':g=0:b='255*gt(mod(X,2)+mod(Y,2),0)'",
            "-c:v", "ffv1", dotted.string()});
    copy_frames(dotted, folder / "out.mkv");
    const auto source = open_source((folder / "out.mkv").string());
    const auto mean = cv::mean(source->next()->bgr);
    CHECK(mean[0] == Approx(255.0 * 3 / 4).margin(12.0));
    CHECK(mean[1] == Approx(0.0).margin(12.0));
    CHECK(mean[2] == Approx(255.0 / 4).margin(12.0));
}

TEST_CASE("a recording of less than a frame per second is not called cut short") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const std::string out : {"slow.mp4", "slow.mkv", "slow.mov"}) {
        INFO(out);
        ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=0.2:duration=20", "-c:v", "libx264",
                (folder / out).string()});
        const auto copied = copy_frames(folder / out, folder / "out.mkv");
        CHECK(copied.frames == 4);
        CHECK(copied.warnings.empty());
    }
}

TEST_CASE("parts of a playlist that are gone, and a missing end, are reported") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=4", "-c:v", "libx264", "-g", "25",
            "-hls_time", "1", "-hls_list_size", "0", "-hls_segment_filename", (folder / "part%d.ts").string(),
            (folder / "list.m3u8").string()});
    CHECK(copy_frames(folder / "list.m3u8", folder / "out.mp4").warnings.empty());
    auto endless = read_file(folder / "list.m3u8");
    endless.erase(endless.find("#EXT-X-ENDLIST"));
    write_file(folder / "endless.m3u8", endless);
    const auto begun = copy_frames(folder / "endless.m3u8", folder / "out.mp4", 0.0, 10);
    REQUIRE(begun.warnings.size() == 1);
    CHECK_THAT(begun.warnings[0], ContainsSubstring("is a playlist without an end (#EXT-X-ENDLIST)"));
    for (const std::string part : {"part1.ts", "part3.ts"}) {
        INFO(part);
        std::filesystem::remove(folder / part);
        const auto copied = copy_frames(folder / "list.m3u8", folder / "out.mp4");
        CHECK(copied.frames == (part == "part1.ts" ? 75 : 50));
        REQUIRE(copied.warnings.size() == 1);
        CHECK_THAT(
            copied.warnings[0],
            ContainsSubstring(part == "part1.ts" ? "a part that it names cannot be read and is left out"
                                                 : "2 parts that it names cannot be read and are left"));
    }
}

TEST_CASE("sound from the requested start on stays in front of a picture that comes later") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto late = folder / "late.mkv";
    ffmpeg({"-itsoffset", "3", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=25:duration=2", "-f", "lavfi",
            "-i", "sine=duration=5", "-vsync", "vfr", "-c:v", "libx264", "-c:a", "aac", late.string()});
    for (const std::string out : {"out.mp4", "out.mov", "out.mkv"})
        for (const std::size_t frames : {std::size_t{25}, SIZE_MAX}) {
            INFO(out << ", at most " << frames << " frames");
            const auto copied = copy_frames(late, folder / out, 1.0, frames);
            CHECK(copied.frames == std::min<std::size_t>(frames, 50));
            CHECK(copied.warnings.empty());
            CHECK(frame_times(folder / out).at(0) == Approx(2.0).margin(0.1));
            const auto sound = sound_times(folder / out);
            REQUIRE(!sound.empty());
            CHECK(sound.front() == Approx(0.0).margin(0.05));
            CHECK(sound.back() == Approx(frames == 25 ? 3.0 : 4.0).margin(0.1));
        }
    const auto moved = copy_frames(late, folder / "out.avi", 1.0);
    REQUIRE(moved.warnings.size() == 1);
    CHECK_THAT(
        moved.warnings[0],
        ContainsSubstring("out.avi: begins with its first picture, the sound before that is left out"));
}

TEST_CASE("sound that begins after the first picture keeps its time, or a warning says that it cannot") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = folder / "in.mkv";
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=160x120:rate=25:duration=3", "-itsoffset", "1", "-f", "lavfi",
            "-i", "sine=duration=2", "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-c:a", "aac",
            clip.string()});
    for (const std::string out : {"out.mp4", "out.mov", "out.mkv"}) {
        INFO(out);
        CHECK(copy_frames(clip, folder / out).warnings.empty());
        CHECK(sound_times(folder / out).at(0) - frame_times(folder / out).at(0) == Approx(1.0).margin(0.06));
    }
    const auto moved = copy_frames(clip, folder / "out.avi");
    REQUIRE(moved.warnings.size() == 1);
    CHECK_THAT(moved.warnings[0],
               ContainsSubstring("out.avi: its sound begins with its first picture, 1.0 seconds too early; "
                                 "an .mkv keeps both in step"));
    CHECK(copy_frames(clip, folder / "out.avi", 1.5).warnings.empty());
}

TEST_CASE("a clock jump longer than mp4 supports is removed") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto day = [&](const char* name, const char* begin_s) {
        return read_file(make_clip(
            folder / name, {"-c:v", "libx264", "-bf", "2", "-c:a", "aac", "-output_ts_offset", begin_s}));
    };
    const auto days = folder / "days.ts";
    write_file(days, day("one.ts", "0") + day("two.ts", "36000"));
    const auto one = frame_times(folder / "one.ts"), all = frame_times(days);
    REQUIRE(all.back() > 36000.0);

    const auto copied = copy_frames(days, folder / "out.mp4");
    CHECK(copied.frames == all.size());
    REQUIRE(copied.warnings.size() == 1);
    CHECK_THAT(copied.warnings[0], ContainsSubstring("out.mp4: the source's clock jumps by 3599") &&
                                       ContainsSubstring("an .mkv keeps it"));
    const auto times = frame_times(folder / "out.mp4");
    REQUIRE(times.size() == all.size());
    const double step_s = one[1] - one[0];
    CHECK(times.back() == Approx(times[0] + 2.0 * (one.back() - one[0]) + step_s).margin(2e-3));
    const auto sound = sound_times(days), kept = sound_times(folder / "out.mp4");
    CHECK(kept.size() + 10 > sound.size());
    CHECK(kept.back() - times.back() == Approx(sound.back() - all.back()).margin(2e-3));

    CHECK(copy_frames(days, folder / "out.mkv").warnings.empty());
    check_times(days, folder / "out.mkv");
}

TEST_CASE("damaged and truncated videos give as many labeled frames as can be decoded") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto whole =
        make_clip(folder / "whole.mkv", {"-c:v", "libx264", "-g", "10", "-c:a", "aac"}, "320x240");
    auto bytes = read_file(whole);
    write_file(folder / "cut.mkv", bytes.substr(0, bytes.size() * 6 / 10));
    for (std::size_t i = 0; i < 300; ++i) bytes[bytes.size() / 2 + i] = static_cast<char>(i * 37);
    write_file(folder / "damaged.mkv", bytes);
    for (const std::string name : {"cut.mkv", "damaged.mkv"}) {
        INFO(name);
        const auto copied = copy_frames(folder / name, folder / "out.mp4");
        CHECK(copied.frames > 20);
        CHECK(frame_times(folder / "out.mp4").size() == copied.frames);
        CHECK_FALSE(sound_times(folder / "out.mp4").empty());
    }
}

TEST_CASE("a video opened in the middle has the right frames, times and sound") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip =
        make_clip(folder / "in.mp4", {"-c:v", "libx264", "-bf", "3", "-g", "15", "-c:a", "aac"});
    const auto all = all_frames(*open_source(clip.string()));
    for (const double start_s : {0.04, 0.5, 0.61, 1.96}) {
        INFO(start_s);
        const auto rest = all_frames(*open_source(clip.string(), {.start_s = start_s}));
        const auto first = static_cast<std::size_t>(std::ceil(start_s * 25.0 - 1e-6));
        REQUIRE(rest.size() == all.size() - first);
        CHECK(rest[0].index == all[first].index);
        CHECK(rest[0].time_s == all[first].time_s);
        CHECK(cv::norm(rest[0].bgr, all[first].bgr, cv::NORM_INF) == 0.0);
    }
    CHECK_THROWS_WITH(open_source(clip.string(), {.start_s = 7.5}),
                      ContainsSubstring("has no frame from second 7.5 on"));
    CHECK_THROWS_WITH(
        open_source(clip.string(), {.start_s = 3.6e18}),  // more ticks than its clock can represent
        ContainsSubstring("has no frame from second 3.6e+18 on"));

    CHECK(copy_frames(clip, folder / "out.mp4", 0.5, 25).frames == 25);
    const auto times = frame_times(folder / "out.mp4"), sound = sound_times(folder / "out.mp4");
    REQUIRE(times.size() == 25);
    CHECK(times[0] == Approx(0.0).margin(1e-3));
    REQUIRE(!sound.empty());
    CHECK(sound.front() == Approx(0.0).margin(0.03));
    CHECK(sound.back() == Approx(1.0).margin(0.05));
}

TEST_CASE("sound longer than the pictures does not make a video look truncated") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = folder / "in.mkv";
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=0.4", "-f", "lavfi", "-i",
            "sine=duration=5", "-c:v", "libx264", "-c:a", "flac", clip.string()});
    const auto copied = copy_frames(clip, folder / "out.mkv");
    CHECK(copied.frames == 10);
    CHECK(copied.warnings.empty());
}

TEST_CASE("a video without times can be opened in the middle") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto clip = make_clip(folder / "in.h264", {"-c:v", "libx264", "-g", "15", "-bf", "0", "-an"});
    const auto all = all_frames(*open_source(clip.string()));
    REQUIRE(all.size() == 50);
    const auto rest = all_frames(*open_source(clip.string(), {.start_s = 1.0}));
    REQUIRE(rest.size() == 25);
    for (std::size_t i = 0; i < rest.size(); ++i) {
        CHECK(rest[i].index == all[25 + i].index);
        CHECK(rest[i].time_s == all[25 + i].time_s);
        CHECK(cv::norm(rest[i].bgr, all[25 + i].bgr, cv::NORM_INF) == 0.0);
    }
    CHECK_THROWS_WITH(open_source(clip.string(), {.start_s = 7.5}),
                      ContainsSubstring("has no frame from second 7.5 on"));
}

TEST_CASE("frames of a recording without times are counted at the given rate, its own, or an assumed one") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    struct Kind {
        std::string name;
        std::vector<std::string> codec;
        double own_fps;  ///< 0: none
    };
    for (const auto& [name, codec, own_fps] : std::vector<Kind>{
             {"a.mjpeg", {"-c:v", "mjpeg", "-q:v", "3"}, 0.0},
             {"a.hevc", {"-c:v", "libx265", "-x265-params", "log-level=none:no-vui-timing-info=1"}, 0.0},
             {"a.h264", {"-c:v", "libx264"}, 10.0}}) {
        const auto clip = (folder / name).string();
        std::vector<std::string> all{"-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=2"};
        all.insert(all.end(), codec.begin(), codec.end());
        all.push_back(clip);
        ffmpeg(all);
        CHECK(takes_fps(clip));
        for (const auto& asked : {std::optional<double>(), std::optional(5.0), std::optional(29.97)}) {
            INFO(name << " at " << asked.value_or(0.0));
            const bool assumed = !asked && own_fps == 0.0;
            const double fps = assumed ? 25.0 : asked.value_or(own_fps);
            std::vector<std::string> warnings;
            const auto note = [&](const std::string& line) { warnings.push_back(line); };
            const auto source = open_source(clip, {.warn = note, .fps = asked});
            CHECK(source->info().kind == SourceKind::kRecording);
            CHECK(source->info().fps == Approx(fps));
            const auto frames = all_frames(*source);
            REQUIRE(frames.size() == 20);
            for (std::size_t i = 0; i < frames.size(); ++i)
                CHECK(frames[i].time_s == Approx(static_cast<double>(i) / fps).margin(1e-6));
            if (assumed)
                CHECK(warnings ==
                      std::vector<std::string>{clip + ": stores no times; 25 frames per second are "
                                                      "assumed, --fps N sets another rate"});
            else
                CHECK(warnings.empty());
            const auto rest = all_frames(*open_source(clip, {.start_s = 10.0 / fps, .fps = asked}));
            REQUIRE(rest.size() == 10);
            CHECK(rest[0].index == 10);
            CHECK(rest[0].time_s == frames[10].time_s);
            CHECK(cv::norm(rest[0].bgr, frames[10].bgr, cv::NORM_INF) == 0.0);
        }
    }
}

TEST_CASE("a rate is only for recordings without times") {
    const TemporaryFolder folder;
    const auto clip = (folder / "a.mkv").string();
    make_video(folder / "a.mkv", 10);
    write_file(folder / "words.txt", "no video");
    std::vector<std::string> warnings;
    const auto note = [&](const std::string& line) { warnings.push_back(line); };
    const auto frames = all_frames(*open_source(clip, {.warn = note, .fps = 5.0}));
    REQUIRE(frames.size() == 10);
    CHECK(frames[9].time_s == Approx(9 / 25.0).margin(1e-3));
    CHECK(warnings.empty());
    for (const std::string& name :
         {clip, (folder / "words.txt").string(), (folder / "none.h264").string(), folder.path().string(),
          std::string(), std::string("2"), std::string("http://127.0.0.1:1/a.h264")})
        CHECK_FALSE(takes_fps(name));
}

TEST_CASE("a single picture that only FFmpeg reads needs no rate") {
    if (!have_ffmpeg()) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const auto picture = (folder / "a.dpx").string();
    ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48", "-frames:v", "1", picture});
    std::vector<std::string> warnings;
    const auto note = [&](const std::string& line) { warnings.push_back(line); };
    CHECK(all_frames(*open_source(picture, {.warn = note})).size() == 1);
    CHECK(warnings.empty());
}

TEST_CASE("an unfinished video plays as far as written") {
    for (const std::string name : {"a.mp4", "a.mov", "a.mkv"}) {
        INFO(name);
        const TemporaryFolder folder;
        const auto sink = make_file_sink(folder / name, video_info({64, 48}));
        write_numbered(*sink, 500, {64, 48});
        const auto part = std::filesystem::directory_iterator(folder.path())->path();
        const auto frames = all_frames(*open_source(part.string()));
        CHECK(frames.size() > 200);
        for (std::size_t i = 0; i + 8 < frames.size(); ++i)  // the last ones depend on later ones
            REQUIRE(number_of(frames[i].bgr) == static_cast<int>(i % 32));
    }
}

TEST_CASE("a labeled video keeps the title, and omitted subtitles and chapters are reported") {
    if (!have_program("ffmpeg") || !have_program("ffprobe")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    write_file(folder / "in.srt", "1\n00:00:00,200 --> 00:00:00,800\nhello\n");
    const std::string chapter_one = "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=one\n",
                      chapter_two = "[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=two\n";
    const auto make = [&](const std::string& name, const std::string& subtitles, int chapters) {
        write_file(folder / "in.txt", ";FFMETADATA1\ntitle=A day, \xc3\xa9t\xc3\xa9\n" + chapter_one +
                                          (chapters > 1 ? chapter_two : ""));
        std::vector<std::string> arguments{"-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=1"};
        if (!subtitles.empty()) arguments.insert(arguments.end(), {"-i", (folder / "in.srt").string()});
        arguments.insert(arguments.end(), {"-i", (folder / "in.txt").string(), "-map", "0:v"});
        if (!subtitles.empty()) arguments.insert(arguments.end(), {"-map", "1:s", "-c:s", subtitles});
        const std::string metadata = subtitles.empty() ? "1" : "2";
        arguments.insert(arguments.end(), {"-map_metadata", metadata, "-map_chapters",
                                           chapters > 0 ? metadata : "-1", (folder / name).string()});
        ffmpeg(arguments);
        return folder / name;
    };
    struct Kind {
        std::string name, subtitles;
        int chapters;
        std::string warning;
    };
    for (const auto& [name, subtitles, chapters, warning] :
         std::vector<Kind>{{"both.mkv", "subrip", 2, "its subtitles (subrip) and 2 chapters are left out"},
                           {"one.mkv", "subrip", 1, "its subtitles (subrip) and 1 chapter are left out"},
                           {"subtitles.mp4", "mov_text", 0, "its subtitles (mov_text) are left out"},
                           {"chapters.mov", "", 2, "its 2 chapters are left out"},
                           {"chapter.mov", "", 1, "its 1 chapter is left out"},
                           {"plain.mp4", "", 0, ""}}) {
        const auto from = make(name, subtitles, chapters);
        for (const std::string out : {"out.mp4", "out.mov", "out.mkv", "out.avi"}) {
            INFO(name << " as " << out);
            const auto copied = copy_frames(from, folder / out);
            REQUIRE(copied.frames == 25);
            REQUIRE(copied.warnings.size() == (warning.empty() ? 0 : 1));
            if (!warning.empty()) CHECK_THAT(copied.warnings[0], ContainsSubstring(warning));
            const auto title = run_program("ffprobe", {"-v", "error", "-show_entries", "format_tags=title",
                                                       "-of", "default=nw=1:nk=1", (folder / out).string()});
            CHECK(title.out == "A day, \xc3\xa9t\xc3\xa9\n");
        }
    }
}

}  // namespace relabelled_video_test
