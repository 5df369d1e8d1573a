#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "cli/streams.hpp"
#include "media/cameras/camera_devices.hpp"
#include "media/image_files.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace live_test {

using namespace emotion;
using test::detect;
using test::is_one_clear_line;
using test::lines_of;
using test::TemporaryFolder;
using test::wait_until;

namespace {

std::string clip_in(const TemporaryFolder& folder, int frames = 25) {
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, frames, [](int) { return test::picture_of("happy-1"); });
    return clip;
}

bool can_trace() {
    return test::program_works("strace", {"-o", "/dev/null", "-e", "trace=%network,%file", "true"});
}

/// The system calls of a run of the detector that change files or use the network, apart from the server on
/// the local `port`, as recorded by `strace`. All calls count except those known to do neither.
std::vector<std::string> suspicious_calls(const TemporaryFolder& folder,
                                          const std::vector<std::string>& arguments, int port = 0) {
    std::vector<std::string> words{"-f",
                                   "-qq",
                                   "-e",
                                   "trace=%network,%file",
                                   "-e",
                                   "signal=none",
                                   "-o",
                                   folder / "calls",
                                   std::string(EMOTION_BIN_DIR) + "/emotion-detector",
                                   "--headless"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto result = test::run_program("strace", words, {{"ASAN_OPTIONS", "detect_leaks=0"}});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);

    const std::regex call("^[0-9]+ +([a-z0-9_]+)\\(");
    const std::regex reads(
        "open(at2?)?|access|faccessat2?|[fl]?stat(64)?|statx|newfstatat|fstatat64|readlink(at)?|statfs(64)?|"
        "getcwd|"
        "chdir|execve|l?getxattr");
    const std::regex writes("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND|O_TMPFILE");
    // Devices, kernel information on the process, ThreadSanitizer's files; and failed attempts.
    const std::regex harmless("\"/dev/|\"/proc/|\"/tmp/tsan\\.|= -1 ENOENT");
    const std::regex makes_socket("socket|socketpair|connect|bind");  // other calls need an existing socket
    const std::regex uses_socket(
        "send.*|recv.*|[gs]etsockopt|getsockname|getpeername|shutdown|accept4?|listen");
    const std::regex within_system("\\(AF_(UNIX|LOCAL|NETLINK)|sa_family=AF_(UNIX|LOCAL|NETLINK)");
    const auto camera = "sin_port=htons(" + std::to_string(port) + "), sin_addr=inet_addr(\"127.0.0.1\")";
    const auto is_fine = [&](const std::string& name, const std::string& line) {
        if (std::regex_match(name, uses_socket))
            return name.rfind("send", 0) != 0 || line.find("sa_family") == std::string::npos;
        if (std::regex_match(name, makes_socket))
            return std::regex_search(line, within_system) ||
                   (port > 0 && (name == "socket" || line.find(camera) != std::string::npos));
        if (std::regex_match(name, reads) && !std::regex_search(line, writes)) return true;
        return std::regex_search(line, harmless);
    };
    std::vector<std::string> found;
    for (const auto& line : lines_of(read_file(folder / "calls"))) {
        std::smatch match;
        if (!std::regex_search(line, match, call)) continue;  // the end of a call already seen
        if (!is_fine(match[1].str(), line)) found.push_back(line);
    }
    return found;
}

/// The response of a network camera: this many frames of a face.
std::string camera_stream(int frames) {
    const auto picture = test::camera_picture(test::picture_of("happy-1"));
    std::string answer = test::kCameraAnswer;
    for (int i = 0; i < frames; ++i) answer += picture;
    return answer;
}

/// The response of a web server for a video file, or only a `share` of it followed by silence.
std::string file_from_server(const std::string& file, double share = 1.0) {
    const auto bytes = read_file(file);
    return "HTTP/1.0 200 OK\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" +
           bytes.substr(0, static_cast<std::size_t>(share * static_cast<double>(bytes.size())));
}

/// The exit of a program that is interrupted while it waits for a server.
test::ProgramResult interrupted(test::RunningProgram& program, const test::SilentServer& server) {
    wait_until([&] { return server.has_said_it(); });
    program.send(SIGINT);
    wait_until([&] { return program.has_ended(); });
    return program.wait();
}

/// The doctor's output without a display; each line begins with its verdict.
test::ProgramResult examined(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--doctor");
    auto result = test::run_program("emotion-detector", arguments,
                                    {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}, {"QT_QPA_PLATFORM", ""}});
    for (const auto& line : lines_of(result.out)) {
        INFO(line);
        CHECK((line.rfind("ok ", 0) == 0 || line.rfind("problem ", 0) == 0 || line.rfind("note ", 0) == 0));
    }
    return result;
}

bool is_waiting(const test::RunningProgram& program) {
    return program.err().find("waiting for it") != std::string::npos;
}

bool has_lines(const std::filesystem::path& file) {
    return std::filesystem::exists(file) && !read_file(file).empty();
}

}  // namespace

TEST_CASE("A held label runs its command once with the event's data and no shell") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 50);
    const auto script =
        "printf \"%s|\" \"$EMOTION_LABEL\" \"$EMOTION_TRACK\" \"$EMOTION_TIME_S\" \"$EMOTION_CONFIDENCE\" "
        "\"$EMOTION_SOURCE\" \"$@\" >> " +
        (folder / "told").string();
    // Commands inherit stderr, so they have all ended once it is closed.
    const auto result = test::run_program(
        "bash", {"-c", "set -o pipefail; \"$0\" --headless \"$@\" 2>&1 | cat",
                 EMOTION_BIN_DIR "/emotion-detector", clip, "--on", "happy:1",
                 "sh -c '" + script + "' name \"two words\" $HOME;ls", "--jsonl", folder / "seen.jsonl"});
    INFO(result.out);
    REQUIRE(result.exit_code == 0);

    double since_s = -1.0, time_s = 0.0, confidence = 0.0;
    for (const auto& frame : test::json_lines(read_file(folder / "seen.jsonl"))) {
        const auto& face = frame.at("faces").at(0);
        if (face.at("label") != "happy") continue;
        time_s = frame.at("time_s");
        confidence = face.at("confidence");
        if (since_s < 0.0) since_s = time_s;
        if (time_s - since_s >= 1.0) break;
    }
    CHECK(read_file(folder / "told") == "happy|1|" + std::to_string(time_s) + "|" +
                                            std::to_string(confidence) + "|" + clip + "|two words|$HOME;ls|");
}

TEST_CASE("A command inherits only stderr from the program") {
    std::error_code none;
    if (std::filesystem::read_symlink("/proc/self", none) != std::to_string(::getpid()))
        SKIP_TEST("there is no /proc here, or that of another world of processes");
    const TemporaryFolder folder;
    const auto record = (folder / "told").string();
    const auto script = "(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2; ls /proc/$$/fd) > " + record +
                        ".part; mv " + record + ".part " + record;
    const auto result =
        detect({clip_in(folder), "--on", "happy:0", "sh -c '" + script + "'", "--jsonl", "-"});
    REQUIRE(result.exit_code == 0);
    wait_until([&] { return std::filesystem::exists(record); });
    auto lines = lines_of(read_file(record));
    REQUIRE(lines.size() == 6);
    // The program, and with it the file, may be gone when the command looks.
    for (auto& line : lines)
        if (line.ends_with(" (deleted)")) line.erase(line.rfind(" (deleted)"));
    CHECK(lines[0] == "/dev/null");
    CHECK(lines[1] == lines[2]);
    CHECK_THAT(lines[2], ContainsSubstring("/err"));
    CHECK(std::vector(lines.begin() + 3, lines.end()) == std::vector<std::string>{"0", "1", "2"});
}

TEST_CASE("At most sixteen commands run at a time and further ones are reported") {
    const TemporaryFolder folder;
    const auto started = folder / "begun";
    // They end with the folder, when all is seen.
    const auto script =
        "echo one >> " + started.string() + "; while [ -e " + started.string() + " ]; do sleep 1; done";
    std::vector<std::string> arguments{clip_in(folder)};
    for (int command = 0; command < 18; ++command)
        arguments.insert(arguments.end(), {"--on", "happy:0", "sh -c '" + script + "'"});
    const auto result = detect(arguments);
    CHECK(result.exit_code == 0);
    const auto notes = lines_of(result.err);
    REQUIRE(notes.size() == 2);
    for (const auto& note : notes)
        CHECK(note == "emotion-detector: --on: sh not run, as 16 commands have not ended yet");
    wait_until([&] { return has_lines(started) && lines_of(read_file(started)).size() >= 16; });
    CHECK(lines_of(read_file(started)).size() == 16);
}

TEST_CASE("A command that cannot be run is reported and ends nothing") {
    const TemporaryFolder folder;
    const auto program = folder / "program";
    write_file(program,
               "\x7f"
               "ELF, but no more than that");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const auto result = detect({clip_in(folder), "--on", "happy:0", program, "--jsonl", "-"});
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring(program.string() + " cannot be run: "));
    CHECK(lines_of(result.out).size() == 25);
}

TEST_CASE("A command whose program is not there is refused at the start") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 1);
    std::filesystem::create_directory(folder / "bin");
    write_file(folder / "bin/tell", "#!/bin/sh\n");
    const auto detect_with = [&](const std::string& command) {
        return test::run_program("emotion-detector",
                                 {"--headless", clip, "--on", "happy:0", command, "--jsonl", "-"},
                                 {{"PATH", (folder / "bin").string() + ":/usr/bin:/bin"}});
    };
    for (const std::string program : {"/no/such/program", "no-such-program", "tell"}) {  // not executable yet
        const auto result = detect_with(program + " me");
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring("--on: " + program + ": is no program"));
        CHECK(result.out.empty());
    }
    std::filesystem::permissions(folder / "bin/tell", std::filesystem::perms::owner_all);
    for (const auto& program : {std::string("tell"), (folder / "bin/tell").string()}) {
        const auto result = detect_with(program + " me");
        CHECK(result.exit_code == 0);
        CHECK(result.err.empty());
    }
}

TEST_CASE("A command without its label or its program is refused with an example") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 1);
    for (const std::vector<std::string>& parts : {std::vector<std::string>{}, {"happy"}, {"happy:1"}}) {
        std::vector<std::string> arguments{clip, "--on"};
        arguments.insert(arguments.end(), parts.begin(), parts.end());
        const auto result = detect(arguments);
        INFO(nlohmann::json(arguments).dump());
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err,
                   ContainsSubstring("expected LABEL:SECONDS and a command such as --on happy:2"));
    }
}

TEST_CASE("Invalid live options are one clear line") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 1);
    const std::vector<std::vector<std::string>> mistakes{
        {clip, "--camera-size", "640"},     {clip, "--camera-size", "0x480"},
        {clip, "--camera-size", "640x"},    {clip, "--camera-size", "640x480x3"},
        {clip, "--camera-fps", "0"},        {clip, "--camera-fps", "fast"},
        {clip, "--on", "happy", "true"},    {clip, "--on", "happy:soon", "true"},
        {clip, "--on", "happy:-1", "true"}, {clip, "--on", "joy:1", "true"},
        {clip, "--on", "happy:1", " "},     {clip, "--on", "happy:1", "echo 'open"},
        {clip, "--mirror", "--no-mirror"},  {clip, "--no-mirror", "--mirror"},
        {clip, "--on", "happy:1"},          {clip, "--rotate", "45"},
    };
    for (const auto& arguments : mistakes) {
        const auto result = detect(arguments);
        INFO(nlohmann::json(arguments).dump());
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
    }
}

TEST_CASE("A camera mounted sideways is rotated before detection") {
    cv::Mat lying;
    cv::rotate(test::picture_of("happy-1"), lying, cv::ROTATE_90_COUNTERCLOCKWISE);
    const test::NetworkCamera server(lying);
    const auto seen = detect({server.url(), "--rotate", "90", "--jsonl", "-", "--max-frames", "5"});
    const auto turned = test::json_lines(seen.out);
    REQUIRE(turned.size() == 5);
    REQUIRE(turned.back().at("faces").size() == 1);
    CHECK(turned.back().at("faces").at(0).at("label") == "happy");
}

TEST_CASE("A picture at a URL can be labeled as a picture") {
    const TemporaryFolder folder;
    test::write_image(folder / "face.jpg", test::picture_of("happy-1"));
    const test::SilentServer server(file_from_server(folder / "face.jpg"));
    const auto result = detect({server.url() + "face.jpg", "--output", folder / "labeled.png"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(test::read_image(folder / "labeled.png").size() == test::picture_of("happy-1").size());
}

TEST_CASE("A recording is not rotated, because its orientation is in the file") {
    const TemporaryFolder folder;
    const auto result = detect({clip_in(folder, 1), "--rotate", "90"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("is not a camera or live stream"));
}

TEST_CASE("A missing camera is one clear line") {
    const auto result = detect({"--camera-size", "1280x720", "/dev/video4321"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("camera /dev/video4321") && ContainsSubstring("plug"));
    CHECK_THAT(result.err, !ContainsSubstring("/dev/video4321: /dev/video4321"));
}

TEST_CASE("A missing camera is waited for until a signal") {
    test::RunningProgram program("emotion-detector", {"--headless", "--wait", "/dev/video4321"});
    wait_until([&] { return is_waiting(program); });
    program.send(SIGINT);
    const auto result = program.wait();
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("waiting for it"));
}

TEST_CASE("A stream that does not answer is left at once") {
    const test::StalledServer server("");
    test::RunningProgram program("emotion-detector", {"--headless", server.url()});
    const auto result = interrupted(program, server);
    CHECK(result.exit_code == 128 + SIGINT);
    CHECK(result.err.empty());
}

TEST_CASE("A stream that does not answer is reported while it is waited for") {
    const test::StalledServer server("");
    test::RunningProgram program("emotion-detector", {"--headless", server.url()});
    wait_until(
        [&] { return program.err().find(server.url() + ": has not answered yet") != std::string::npos; });
    CHECK(interrupted(program, server).exit_code == 128 + SIGINT);
}

TEST_CASE("A stream that falls silent is left at once and its results are complete") {
    const TemporaryFolder folder;
    const test::StalledServer server(camera_stream(75));
    test::RunningProgram program("emotion-detector", {"--headless", server.url(), "--jsonl",
                                                      folder / "a.jsonl", "--output", folder / "a.mp4"});
    wait_until([&] { return has_lines(folder / "a.jsonl"); });
    const auto result = interrupted(program, server);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    const auto lines = test::json_lines(read_file(folder / "a.jsonl"));
    CHECK(lines.at(0).at("faces").size() == 1);
    CHECK(test::frames_in(folder / "a.mp4") == static_cast<int>(lines.size()));
}

TEST_CASE("A silent stream does not delay a run that has all its frames") {
    const TemporaryFolder folder;
    const test::StalledServer server(camera_stream(75));
    test::RunningProgram program(
        "emotion-detector", {"--headless", server.url(), "--max-frames", "1", "--jsonl", folder / "a.jsonl"});
    wait_until([&] { return program.has_ended(); });
    CHECK(program.wait().exit_code == 0);
    CHECK(lines_of(read_file(folder / "a.jsonl")).size() == 1);
}

TEST_CASE("A recording whose server falls silent is left at once") {
    const TemporaryFolder folder;
    const test::StalledServer server(file_from_server(clip_in(folder, 100), 0.5));
    test::RunningProgram program("emotion-detector",
                                 {"--headless", server.url(), "--output", folder / "a.mp4"});
    const auto result = interrupted(program, server);
    CHECK(result.exit_code == 128 + SIGINT);
    CHECK(result.err.empty());
}

TEST_CASE("A camera after a clip does not show the clip's frame rate") {
    const TemporaryFolder folder;
    const test::NetworkCamera server(test::picture_of("happy-1"));
    const auto clip = clip_in(folder, 5);
    const auto out = folder / "out";
    REQUIRE(detect({clip, server.url(), "--max-frames", "8", "--output", out.string() + "/"}).exit_code == 0);
    const auto differs_in_corner = [](const std::filesystem::path& video) {
        const auto frame = media::open_source(video.string())->next();
        REQUIRE(frame);
        const cv::Rect corner(8, 8, 60, 16);
        return cv::norm(frame->bgr(corner), test::picture_of("happy-1")(corner), cv::NORM_L1) /
                   static_cast<double>(3 * corner.area()) >
               15.0;
    };
    CHECK(differs_in_corner(out / "clip.mp4"));
    const auto camera = "http___127_0_0_1_" + std::to_string(server.port()) + "_.mp4";
    REQUIRE(std::filesystem::exists(out / camera));
    CHECK_FALSE(differs_in_corner(out / camera));
}

TEST_CASE("Options for recordings are refused for a camera before it is opened") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 1);
    const std::vector<std::vector<std::string>> given{
        {"--summary", folder / "a.txt"},
        {"--subtitles", folder / "a.srt"},
        {"--timeline", folder / "a.png"},
        {"--start", "1"},
        {"--end", "2"},
        {"--every", "2"},
    };
    for (const auto& options : given) {
        INFO(options.front());
        for (const std::string camera : {"", "/dev/video4321"}) {
            auto arguments = options;
            if (!camera.empty()) arguments.push_back(camera);
            const auto result = detect(arguments);
            CHECK(result.exit_code == 2);
            CHECK(is_one_clear_line(result));
            CHECK_THAT(result.err, ContainsSubstring(options.front() + ": is only for recordings, and ") &&
                                       ContainsSubstring((camera.empty() ? "first camera" : camera) +
                                                         std::string(" is live")));
        }
    }
    CHECK(detect({clip, "4321", "--end", "2"}).exit_code == 2);
    CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE(
    "Options for recordings are reported for a stream that is found to be live, and its results are "
    "written") {
    const TemporaryFolder folder;
    const test::NetworkCamera server(test::picture_of("happy-1"));
    const auto result = detect({server.url(), "--max-frames", "3", "--jsonl", folder / "a.jsonl", "--summary",
                                folder / "a.txt", "--subtitles", folder / "a.srt", "--timeline",
                                folder / "a.png", "--end", "9", "--every", "2"});
    CHECK(result.exit_code == 1);
    const auto said = lines_of(result.err);
    const auto line = [&](const std::string& option, const std::string& outcome) {
        return "emotion-detector: " + option + ": only for recordings, and " + server.url() +
               " is live: " + outcome;
    };
    CHECK(said == std::vector<std::string>{line("--subtitles", "not written"),
                                           line("--timeline", "not written"),
                                           line("--summary", "not written"), line("--end", "without effect"),
                                           line("--every", "without effect")});
    CHECK(lines_of(read_file(folder / "a.jsonl")).size() == 3);
    CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("A missing stream is waited for") {
    const TemporaryFolder folder;
    test::NetworkCamera server(test::picture_of("happy-1"), test::SilentServer::Begins::kOnRequest);
    test::RunningProgram program("emotion-detector",
                                 {"--headless", "--wait", server.url(), "--jsonl", folder / "a.jsonl"});
    wait_until([&] { return is_waiting(program); });
    server.begin();
    wait_until([&] { return has_lines(folder / "a.jsonl"); });
    const auto result = interrupted(program, server);
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("waiting for it"));
}

TEST_CASE("A missing recording is waited for and then labeled frame by frame") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 100);
    test::SilentServer server(file_from_server(clip), test::SilentServer::Begins::kOnRequest);
    test::RunningProgram program("emotion-detector", {"--headless", "--wait", server.url(), "--jsonl",
                                                      folder / "a.jsonl", "--subtitles", folder / "a.srt"});
    wait_until([&] { return is_waiting(program); });
    server.begin();
    const auto result = program.wait();
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK(lines_of(read_file(folder / "a.jsonl")).size() == 100);
    CHECK_THAT(read_file(folder / "a.srt"), ContainsSubstring("happy"));
}

#ifdef EMOTION_JUMPING_CLOCK
TEST_CASE("A system clock that jumps forward and back has no effect") {
    const TemporaryFolder folder;
    const std::map<std::string, std::string> environment{{"LD_PRELOAD", EMOTION_JUMPING_CLOCK},
                                                         {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
    const auto date = [&] { return test::run_program("date", {"+%s"}, environment).out; };
    REQUIRE(std::abs(std::stoll(date()) - static_cast<long long>(std::time(nullptr))) > 80'000);

    test::NetworkCamera server(test::picture_of("happy-1"), test::SilentServer::Begins::kOnRequest);
    test::RunningProgram program("emotion-detector",
                                 {"--headless", "--wait", server.url(), "--jsonl", folder / "a.jsonl"},
                                 environment);
    wait_until([&] { return is_waiting(program); });
    server.begin();
    wait_until([&] { return has_lines(folder / "a.jsonl"); });
    CHECK(interrupted(program, server).exit_code == 0);
    double last_s = 0.0;
    for (const auto& line : test::json_lines(read_file(folder / "a.jsonl"))) {
        const auto time_s = line.at("time_s").get<double>();
        CHECK((time_s >= last_s && time_s < 3600.0));
        last_s = time_s;
    }
}
#endif

TEST_CASE("The doctor reports for each part whether it works") {
    const auto result = examined({});
    CHECK(result.exit_code == 1);
    CHECK(result.err.empty());
    for (const auto* line : {"problem  display: ", "ok       settings: ", "ok       face cascade: ",
                             "ok       model: ", "  text: ", "ok       video: .mp4"})
        CHECK_THAT(result.out, ContainsSubstring(line));
}

TEST_CASE("The doctor reports broken parts and continues") {
    const TemporaryFolder folder;
    write_file(folder / "broken.yaml", "format: [");
    const auto broken = (folder / "broken.yaml").string();

    const auto card = examined({"--model", broken});
    CHECK(card.exit_code == 1);
    CHECK_THAT(card.out,
               ContainsSubstring("problem  model: " + broken) && ContainsSubstring("ok       settings: "));
    CHECK_THAT(card.out, ContainsSubstring("ok       video: "));

    const auto settings = examined({"--config", broken});
    CHECK(settings.exit_code == 1);
    CHECK_THAT(settings.out,
               ContainsSubstring("problem  settings: " + broken) && ContainsSubstring("ok       model: "));
    CHECK_THAT(settings.out, ContainsSubstring("ok       video: "));
}

TEST_CASE("The doctor needs no display without a window and reports a missing temporary folder") {
    CHECK_THAT(detect({"--doctor"}).out, ContainsSubstring("ok       display: not needed with --headless"));
    const auto result =
        test::run_program("emotion-detector", {"--headless", "--doctor"}, {{"TMPDIR", "/nowhere/at/all"}});
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.out,
               ContainsSubstring("problem  video: no temporary folder can be created; set TMPDIR"));
}

TEST_CASE("The doctor accepts a card without a self-check") {
    const TemporaryFolder folder;
    const auto models = std::filesystem::path(EMOTION_SOURCE_DIR) / "models";
    std::filesystem::copy(models / "logistic.onnx", folder / "logistic.onnx");
    const auto card = read_file(models / "logistic.yaml");
    const auto begin = card.find("\nself_check:");
    REQUIRE(begin != std::string::npos);
    write_file(folder / "logistic.yaml", card.substr(0, begin + 1));
    const auto result = examined({"--model", folder / "logistic.yaml"});
    CHECK(result.exit_code == examined({}).exit_code);
    CHECK_THAT(result.out, ContainsSubstring(" model: ") && !ContainsSubstring("problem  model: "));
}

TEST_CASE("The cameras are listed or their absence is reported") {
    const auto result = detect({"--list-cameras"});
    if (media::list_cameras().empty()) {
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.out + result.err, ContainsSubstring("there is no camera"));
    } else {
        CHECK(result.exit_code == 0);
        CHECK_THAT(result.out, ContainsSubstring("/dev/video"));
    }
}

TEST_CASE("Blurred faces cannot be detected in outputs") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 10);
    REQUIRE(detect({clip, "--blur", "--output", folder / "blurred.mp4"}).exit_code == 0);
    const auto seen = detect({folder / "blurred.mp4", "--jsonl", "-"});
    const auto frames = test::json_lines(seen.out);
    REQUIRE(frames.size() == 10);
    for (const auto& frame : frames) CHECK(frame.at("faces").empty());
}

TEST_CASE("Blurred faces are in no picture of a timeline") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 30);
    REQUIRE(detect({clip, "--timeline", folder / "plain.png"}).exit_code == 0);
    REQUIRE(detect({clip, "--blur", "--timeline", folder / "blurred.png"}).exit_code == 0);
    const cv::Mat plain = test::read_image(folder / "plain.png"),
                  blurred = test::read_image(folder / "blurred.png");
    REQUIRE(plain.size() == blurred.size());
    CHECK(cv::norm(plain, blurred, cv::NORM_INF) > 20.0);
    const auto faces_in = [&](const std::string& name) {
        const auto seen = detect({folder / name, "--min-face", "24", "--jsonl", "-"});
        return test::json_lines(seen.out).at(0).at("faces").size();
    };
    CHECK(faces_in("plain.png") > 0);
    CHECK(faces_in("blurred.png") == 0);
}

TEST_CASE("A mirrored clip is mirrored in the picture and not in the results") {
    const TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, 3, [](int) { return test::picture_of("happy-1", {20, 120}); });
    const auto plain = detect({clip, "--jsonl", "-"});
    const auto mirrored = detect({clip, "--mirror", "--jsonl", "-", "--output", folder / "mirrored.mp4"});
    CHECK(mirrored.out == plain.out);
    const auto seen = test::json_lines(detect({folder / "mirrored.mp4", "--jsonl", "-"}).out);
    REQUIRE_FALSE(seen.at(0).at("faces").empty());
    CHECK(seen.at(0).at("faces").at(0).at("box").at(0).get<double>() > 320.0);
}

TEST_CASE("Nothing is written or connected to unless requested") {
    if (test::kCountsLines) SKIP_TEST("counts of lines are written");
    if (!can_trace()) SKIP_TEST("strace is not installed, or may not trace");
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 3);
    for (const auto& line : suspicious_calls(folder, {clip})) FAIL_CHECK(line);
    CHECK_FALSE(suspicious_calls(folder, {clip, "--jsonl", folder / "asked-for.jsonl"}).empty());
}

TEST_CASE("Only the watched camera is connected to, and nothing is written") {
    if (test::kCountsLines) SKIP_TEST("counts of lines are written");
    if (!can_trace()) SKIP_TEST("strace is not installed, or may not trace");
    const TemporaryFolder folder;
    const test::NetworkCamera server(test::picture_of("happy-1"));
    for (const auto& line : suspicious_calls(folder, {server.url(), "--max-frames", "3"}, server.port()))
        FAIL_CHECK(line);
    CHECK_FALSE(suspicious_calls(folder, {server.url(), "--max-frames", "3"}).empty());  // on another port
}

}  // namespace live_test
