#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include <sys/stat.h>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace pipes_test {

using namespace emotion;
using nlohmann::json;
using test::is_one_clear_line;
using test::json_lines;
using test::TemporaryFolder;

namespace {

constexpr int kFrames = 60;

/// Runs a command line in a folder; in it, DETECTOR stands for the detector without a window.
test::ProgramResult shell(const TemporaryFolder& folder, std::string commands) {
    const std::string detector = std::string(EMOTION_BIN_DIR) + "/emotion-detector --headless";
    for (auto at = commands.find("DETECTOR"); at != std::string::npos; at = commands.find("DETECTOR"))
        commands.replace(at, 8, detector);
    return test::run_program("sh", {"-c", "cd '" + folder.path().string() + "'\n" + commands});
}

/// Writes a clip of one face, converted by FFmpeg.
void write_clip(const TemporaryFolder& folder, const std::string& name, const std::string& how) {
    test::write_clip(folder / "clip.avi", kFrames, [](int frame) {
        return test::picture_of("happy-1", {60 + frame, 20});
    });
    const auto result = shell(folder, "ffmpeg -v error -i clip.avi " + how + " " + name);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
}

void check_all_frames(const test::ProgramResult& result, bool with_times) {
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto lines = json_lines(result.out);
    REQUIRE(lines.size() == kFrames);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK(lines[i].at("frame") == i);
        const double since_first_s =
            lines[i].at("time_s").get<double>() - lines[0].at("time_s").get<double>();
        if (with_times) CHECK(since_first_s == Approx(static_cast<double>(i) / 25.0).margin(0.002));
    }
    CHECK(lines.back().at("faces").size() == 1);
}

}  // namespace

TEST_CASE("What is piped in keeps its frames and times") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const auto& [name, how] : {std::pair<std::string, std::string>{"clip.ts", "-f mpegts"},
                                    {"clip.mkv", ""},
                                    {"pieces.mp4", "-movflags frag_keyframe+empty_moov"}}) {
        INFO(name);
        write_clip(folder, name, how);
        check_all_frames(shell(folder, "cat " + name + " | DETECTOR - --jsonl -"), true);
    }
    // Whose header has a duration that is not known yet.
    const auto avi = shell(folder, "ffmpeg -v error -i clip.avi -c copy -f avi - | DETECTOR - --jsonl -");
    check_all_frames(avi, true);
    CHECK(avi.err.empty());
    for (const std::string input : {"pipe:0", "/dev/stdin"})
        check_all_frames(shell(folder, "cat clip.mkv | DETECTOR " + input + " --jsonl -"), true);
    check_all_frames(shell(folder, "DETECTOR - --jsonl - < pieces.mp4"), true);
    if (test::have_program("python3"))  // some programs connect others by sockets
        check_all_frames(shell(folder,
                               "python3 -c \"import socket, subprocess, sys; a, b = socket.socketpair(); "
                               "p = subprocess.Popen(sys.argv[1].split(), stdin=b); b.close(); "
                               "a.sendall(open('clip.mkv', 'rb').read()); a.close(); "
                               "sys.exit(p.wait())\" 'DETECTOR - --jsonl -'"),
                         true);
}

TEST_CASE("Sound of what is piped in is not copied, and a line says so") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    write_clip(folder, "clip.mkv", "");
    CHECK(shell(folder, "cat clip.mkv | DETECTOR - --output silent.mkv").err.empty());
    const auto result =
        shell(folder,
              "ffmpeg -v error -i clip.mkv -f lavfi -i sine -shortest -c:v copy -f matroska - | "
              "DETECTOR - --output out.mkv");
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.err, ContainsSubstring("out.mkv: is written without the sound of /dev/stdin"));
}

TEST_CASE("What is piped in without times is timed by its arrival") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (const std::string format : {"h264", "mjpeg"}) {
        INFO(format);
        write_clip(folder, "clip", "-f " + format);
        check_all_frames(shell(folder, "cat clip | DETECTOR - --jsonl -"), false);
        // The rest comes a second after the first results.
        const auto late = shell(folder,
                                "(head -c 30000 clip; until [ -s lines ]; do sleep 0.05; done; sleep 1; "
                                "tail -c +30001 clip) | DETECTOR - --jsonl lines && cat lines && rm lines");
        check_all_frames(late, false);
        const auto lines = json_lines(late.out);
        CHECK(lines.back().at("time_s").get<double>() - lines.front().at("time_s").get<double>() > 0.95);
        const auto counted = json_lines(shell(folder, "cat clip | DETECTOR - --fps 10 --jsonl -").out);
        REQUIRE(!counted.empty());
        for (std::size_t i = 0; i < counted.size(); ++i)
            CHECK(counted[i].at("time_s").get<double>() == Approx(0.1 * static_cast<double>(i)));
        std::filesystem::remove(folder / "clip");
    }
}

TEST_CASE("A FIFO is a source that waits for its writer") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    write_clip(folder, "clip.ts", "-f mpegts");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    check_all_frames(shell(folder, "(sleep 1; cat clip.ts > fifo) & DETECTOR fifo --jsonl -"), true);

    // The writer falls silent in the middle.
    std::ofstream writer((folder / "fifo").string(), std::ios::in | std::ios::out);
    test::RunningProgram waiting("emotion-detector",
                                 {"--headless", folder / "fifo", "--jsonl", folder / "lines"});
    writer << read_file(folder / "clip.ts") << std::flush;
    test::wait_until(
        [&] { return std::filesystem::exists(folder / "lines") && !read_file(folder / "lines").empty(); });
    waiting.send(SIGTERM);
    CHECK(waiting.wait().exit_code == 0);
}

TEST_CASE("A pipe without a video is reported in one line") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.mp4", 3, [](int) { return test::background(); });
    write_file(folder / "list.txt", "ffconcat version 1.0\nfile clip.mp4\n");
    for (const auto& [commands, problem] :
         {std::pair<std::string, std::string>{"true | DETECTOR -", "nothing came through it"},
          {"true | DETECTOR - --wait", "nothing came through it"},
          {"yes | head -c 100000 | DETECTOR -", "what comes through it is not a video"},
          {"cat list.txt | DETECTOR -", "what comes through it is not a video"},
          {"DETECTOR - < /dev/null", "nothing is piped in, expected a video"},
          {"DETECTOR - --serve 0 <&-", "nothing is piped in, expected a video"}}) {
        INFO(commands);
        const auto result = shell(folder, commands);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err,
                   ContainsSubstring("emotion-detector: /dev/stdin: ") && ContainsSubstring(problem));
    }
}

TEST_CASE("A pipe is live, read once and never skipped") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    write_clip(folder, "clip.ts", "-f mpegts");
    for (const auto& [commands, problem] :
         {std::pair<std::string, std::string>{
              "cat clip.ts | DETECTOR - --summary s.json",
              "--summary: is only for recordings, and the pipe /dev/stdin is live"},
          {"cat clip.ts | DETECTOR - pipe:0", "standard input is given twice"}}) {
        INFO(commands);
        const auto result = shell(folder, commands);
        CHECK(result.exit_code == 2);
        CHECK_THAT(result.err, ContainsSubstring(problem));
    }
    write_clip(folder, "late-index.mp4", "-c:v mjpeg -q:v 2");
    const auto late_index = shell(folder, "cat late-index.mp4 | DETECTOR -");
    CHECK(late_index.exit_code == 1);
    CHECK_THAT(late_index.err, ContainsSubstring("an .mp4 whose index is at its end cannot be piped"));
    for (int i = 0; i < 2; ++i) {
        const auto result = shell(folder, "cat clip.ts | DETECTOR - --skip-done --jsonl out/; cat out/*");
        INFO(result.err);
        check_all_frames(result, true);
    }
}

}  // namespace pipes_test
