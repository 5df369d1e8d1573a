#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "cli/documents.hpp"
#include "cli/streams.hpp"
#include "media/image_files.hpp"
#include "support/caller.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace serve_test {

using namespace emotion;
using test::Caller;
using test::detect;
using test::is_one_clear_line;
using test::wait_until;

namespace {

namespace fs = std::filesystem;

struct Answer {
    int status = 0;
    std::string head, body;
};

/// Runs the detector without a window, serving its results.
class Serving {
  public:
    /// Watches `source` in a new folder.
    Serving(const std::string& source, const std::string& address, std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"-c",           "cd \"$0\" && exec \"$@\"",
                                           folder_.path(), std::string(EMOTION_BIN_DIR) + "/emotion-detector",
                                           "--headless",   source,
                                           "--serve",      address,
                                           "--jsonl",      "seen.jsonl"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        program_.emplace("sh", arguments);
        const std::regex line("emotion-detector: serving (http://[^:/]+:([0-9]+)/(\\?token=(\\S+))?)\n");
        std::smatch found;
        std::string err;
        wait_until([&] {
            err = program_->err();
            return std::regex_search(err, found, line);
        });
        url_ = found[1];
        port_ = std::stoi(found[2]);
        token_ = found[4];
    }

    const std::string& url() const { return url_; }
    int port() const { return port_; }
    const std::string& token() const { return token_; }
    const fs::path& folder() const { return folder_.path(); }
    test::RunningProgram& program() { return *program_; }

    Answer ask(const std::string& line, const std::string& more = {},
               const std::string& host = "localhost") const {
        Caller caller(port_);
        REQUIRE(caller.say(line + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n"));
        const auto heard = caller.hear();
        const auto end = heard.find("\r\n\r\n");
        REQUIRE(end != std::string::npos);
        return {std::stoi(heard.substr(9, 3)), heard.substr(0, end + 2), heard.substr(end + 4)};
    }
    nlohmann::json status() const { return nlohmann::json::parse(ask("GET /api/status").body); }
    std::size_t frames_seen() const {
        const auto file = folder_.path() / "seen.jsonl";
        return fs::exists(file) ? test::lines_of(read_file(file)).size() : 0;
    }
    void wait_for_frames(std::size_t more) const {
        const auto before = frames_seen();
        for (std::size_t i = 1; i <= more; ++i)  // each in its time
            wait_until([&] { return frames_seen() >= before + i; });
    }
    /// Waits until the newest frame has a happy face.
    void wait_for_happy() const {
        wait_until([&] {
            const auto answer = ask("GET /api/frame");
            if (answer.status != 200) return false;
            const auto faces = nlohmann::json::parse(answer.body).at("faces");
            return !faces.empty() && faces.at(0).at("label") == "happy";
        });
    }
    /// Interrupts it as Ctrl-C does.
    test::ProgramResult end() {
        program_->send(SIGINT);
        return program_->wait();
    }

  private:
    const test::TemporaryFolder folder_;
    std::optional<test::RunningProgram> program_;
    std::string url_, token_;
    int port_ = 0;
};

/// A network camera that keeps sending a happy face.
class Camera : public test::NetworkCamera {
  public:
    Camera() : test::NetworkCamera(test::picture_of("happy-1")) {}
};

std::string page_token(const Serving& serving) {
    const auto page = serving.ask("GET /").body;
    std::smatch found;
    REQUIRE(std::regex_search(page, found, std::regex("name=\"emotion-page\" content=\"([0-9a-f]{32})\"")));
    return found[1];
}

/// 0 where there is no /proc of this system, or that of another world of processes.
std::size_t resident_kb(pid_t process) {
    const auto file = "/proc/" + std::to_string(process) + "/status";
    if (!std::filesystem::exists(file)) return 0;
    const auto status = read_file(file);
    std::smatch found;
    if (!std::regex_search(status, found, std::regex("VmRSS:\\s*([0-9]+)"))) return 0;
    return std::stoul(found[1]);
}

}  // namespace

TEST_CASE("A camera's results are served as a page, data and pictures, and not to pages of other sites") {
    Camera camera;
    Serving serving(camera.url(), "0");
    CHECK_THAT(serving.ask("GET /").body, ContainsSubstring("<title>Emotion Detector</title>"));

    serving.wait_for_happy();
    Answer picture;
    wait_until([&] {  // again if no frame came in the five seconds that the server waits for one
        picture = serving.ask("GET /frame.jpg");
        return picture.status == 200;
    });
    const cv::Mat seen = test::decoded(picture.body);
    CHECK(seen.size() == cv::Size(640, 480));
    CHECK(cv::norm(seen, test::picture_of("happy-1"), cv::NORM_INF) > 100.0);  // it has an overlay

    CHECK(serving.ask("GET /api/frame", {}, "evil.example").status == 403);
    CHECK(serving.ask("GET /api/frame", "Origin: http://evil.example\r\n").status == 403);
    CHECK(serving.ask("POST /api/actions/snapshot").status == 403);

    const auto result = serving.end();
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THROWS(Caller(serving.port()));
}

TEST_CASE("The page's actions work like the keys, without a window") {
    Camera camera;
    Serving serving(camera.url(), "localhost:0");
    serving.wait_for_frames(1);
    const auto token = page_token(serving);
    const auto act = [&](const std::string& action) {
        REQUIRE(serving.ask("POST /api/actions/" + action, "X-Emotion-Page: " + token + "\r\n").status ==
                202);
    };
    const auto controls = [&] { return serving.status().at("controls"); };
    const auto files = [&](const std::string& ending) {
        int found = 0;
        for (const auto& entry : fs::directory_iterator(serving.folder()))
            found += entry.path().extension() == ending ? 1 : 0;
        return found;
    };
    const double least = controls().at("thresholds").at("happy");
    act("threshold-down");
    wait_until([&] { return controls().at("thresholds").at("happy") < least; });
    for (const std::string action : {"mirror", "explain", "neutral"}) {
        act(action);
        wait_until([&] { return controls().at(action) == true; });
    }
    act("snapshot");
    wait_until([&] { return files(".png") == 1 && controls().at("messages") > 1; });
    act("record");
    wait_until([&] { return controls().at("recording_s").is_number(); });
    serving.wait_for_frames(3);
    act("record");
    wait_until([&] { return controls().at("recording_s").is_null() && files(".mp4") == 1; });
    act("pause");
    wait_until([&] { return controls().at("paused") == true; });
    act("pause");
    wait_until([&] { return controls().at("paused") == false; });
    CHECK(serving.end().exit_code == 0);
}

TEST_CASE("Beyond this machine a token is generated, printed and required") {
    Camera camera;
    Serving serving(camera.url(), "0.0.0.0:0");
    REQUIRE(serving.token().size() == 32);
    CHECK(serving.ask("GET /").status == 401);
    CHECK(serving.ask("GET /?token=" + std::string(32, '0')).status == 401);
    CHECK(serving.ask("GET /api/status?token=" + serving.token(), {}, "evil.example").status == 403);
    CHECK(serving.ask("GET /api/status", "Authorization: Bearer " + serving.token() + "\r\n").status == 200);
    const auto sign_in = serving.ask("GET /?token=" + serving.token());
    CHECK(sign_in.status == 303);
    std::smatch cookie;
    REQUIRE(std::regex_search(sign_in.head, cookie, std::regex("Set-Cookie: ([^;]+);")));
    CHECK(serving.ask("GET /", "Cookie: " + cookie[1].str() + "\r\n").status == 200);
    serving.wait_for_frames(1);  // an interruption before would be one of opening the camera
    CHECK(serving.end().exit_code == 0);

    Serving named(camera.url(), "0", {"--serve-token", "0123456789abcdef"});
    CHECK(named.token() == "0123456789abcdef");
    CHECK(named.ask("GET /").status == 401);
    named.wait_for_frames(1);
    CHECK(named.end().exit_code == 0);
}

TEST_CASE("A failure to serve is one clear line") {
    const test::TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, 1, [](int) { return test::picture_of("happy-1"); });
    const test::SilentServer taken("");
    const auto busy = std::to_string(taken.port());
    const std::vector<std::tuple<std::vector<std::string>, int, std::string>> mistakes{
        {{"--serve", busy}, 1, "port " + busy + " is in use"},
        {{"--serve", "192.0.2.1:0"}, 1, "192.0.2.1 is not an address of this machine"},
        {{"--serve", "page"}, 2, "expected PORT or ADDRESS:PORT"},
        {{"--serve", "evil.example:80"}, 2, "expected PORT or ADDRESS:PORT"},
        {{"--serve", "65536"}, 2, "expected PORT or ADDRESS:PORT"},
        {{"--serve", "0", "--serve-token", "short"}, 2, "expected 16 to 128"},
        {{"--serve-token", "0123456789abcdef"}, 2, "--serve-token: is for --serve"},
        {{"--serve", "0", "--jobs", "2"}, 2, "--jobs 1"},
    };
    for (auto [arguments, exit_code, says] : mistakes) {
        INFO(nlohmann::json(arguments).dump());
        arguments.insert(arguments.begin(), clip);
        const auto result = detect(arguments);
        CHECK(result.exit_code == exit_code);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(says));
    }
}

TEST_CASE("For a recording the page shows its progress and its end") {
    const test::TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, 250, [](int frame) { return test::two_faces(frame % 100); });
    Serving serving(clip, "0");
    Caller caller(serving.port());
    REQUIRE(caller.say("GET /api/events?status HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    const auto heard = caller.hear();
    CHECK(serving.program().wait().exit_code == 0);
    CHECK_THAT(heard, ContainsSubstring("event: end\ndata: {}\n\n"));
    CHECK_THAT(heard, ContainsSubstring("\"kind\":\"recording\"") && ContainsSubstring("\"length_s\":10.0") &&
                          ContainsSubstring("\"controls\":null"));
    CHECK_THAT(heard, ContainsSubstring("\"label\":\"happy\""));
}

TEST_CASE("Clients that read nothing, send half a request or come by the hundred do no harm") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr auto kMaxGrowth_kb = 500'000;  // most of it is the sanitizer's: a quarantine, states of threads
#else
    constexpr auto kMaxGrowth_kb = 100'000;  // 17 frames and 17 threads
#endif
    Camera camera;
    Serving serving(camera.url(), "0");
    serving.wait_for_frames(5);
    const auto before_kb = resident_kb(serving.program().id());
    std::vector<std::unique_ptr<Caller>> callers;
    const auto call = [&](const std::string& says) {
        callers.push_back(std::make_unique<Caller>(serving.port()));
        callers.back()->say(says);
    };
    for (int i = 0; i < 4; ++i) call("GET /stream.mjpg HTTP/1.1\r\nHost: localhost\r\n\r\n");  // never read
    for (int i = 0; i < 4; ++i) call("GET / HTTP/1.1\r\nHost: loc");
    for (int i = 0; i < 200; ++i) call("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    serving.wait_for_frames(50);
    const auto after_kb = resident_kb(serving.program().id());
    INFO(before_kb << " kB before, " << after_kb << " kB after");
    if (before_kb > 0) CHECK(after_kb < before_kb + kMaxGrowth_kb);
    callers.clear();
    wait_until([&] { return serving.ask("GET /api/status").status == 200; });
    CHECK(serving.end().exit_code == 0);
}

TEST_CASE("The commands of the page on serving run as written") {
    Camera camera;
    Serving serving(camera.url(), "0");
    serving.wait_for_happy();  // some commands ask once only
    const test::TemporaryFolder folder;
    const std::string port = ":" + std::to_string(serving.port()) + "/";
    std::vector<std::pair<std::string, std::unique_ptr<test::RunningProgram>>> running;
    for (const auto& line : test::commands_of(test::kRoot / "assets/docs/serve.md")) {
        if (!line.starts_with("curl ") && !line.starts_with("python3 ")) continue;
        if (const auto program = line.substr(0, line.find(' ')); !test::have_program(program)) {
            WARN(line << ": not run, as " << program << " is not installed");
            continue;
        }
        const auto out = (folder / std::to_string(running.size())).string();
        const auto command = "cd '" + folder.path().string() + "' && (" +
                             std::regex_replace(line, std::regex(":8765/"), port) + ") > '" + out + "'";
        running.emplace_back(line, std::make_unique<test::RunningProgram>(
                                       "bash", std::vector<std::string>{"-c", command},
                                       std::map<std::string, std::string>{{"PYTHONUNBUFFERED", "1"}}));
    }
    for (std::size_t i = 0; i < running.size(); ++i) {
        INFO(running[i].first);
        const auto out = folder / std::to_string(i);
        const bool writes_file = running[i].first.find(" -o ") != std::string::npos;
        wait_until([&] {
            return writes_file ? fs::exists(folder / "face.jpg") && !read_file(folder / "face.jpg").empty()
                               : fs::exists(out) && read_file(out).find("happy") != std::string::npos;
        });
    }
    CHECK(serving.end().exit_code == 0);
    for (auto& [line, program] : running) {
        INFO(line);
        CHECK(program->wait().exit_code == 0);  // the following ones end with it
    }
}

TEST_CASE("A browser shows faces, labels and a moving timeline, and its buttons work") {
    for (const std::string program : {"chromium", "chromedriver", "python3"})
        if (!test::have_program(program)) SKIP_TEST(program + " is not installed");
    Camera camera;
    Serving serving(camera.url(), "0");
    const auto result = test::run_program(
        "python3",
        {std::string(EMOTION_SOURCE_DIR) + "/tests/cli/serve_page.py", serving.url(),
         std::string(EMOTION_SOURCE_DIR) + "/assets/docs/serve.md", std::to_string(serving.program().id())});
    INFO(result.out << result.err);
    CHECK(result.exit_code == 0);
    CHECK(serving.program().wait().exit_code == 0);
}

}  // namespace serve_test
