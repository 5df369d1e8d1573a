#include "results/serve/serve_routes.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <regex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/wait_until.hpp"

namespace serve_routes_test {

using namespace emotion;
using namespace emotion::results;
using nlohmann::json;
using test::wait_until;

namespace {

/// An in-memory client.
class Reader : public HttpClient {
  public:
    bool write(std::string_view bytes) override {
        const std::lock_guard lock(mutex_);
        text_ += bytes;
        return is_there();
    }
    bool is_there() override { return !left_; }
    void leave() { left_ = true; }
    std::string text() const {
        const std::lock_guard lock(mutex_);
        return text_;
    }

  private:
    mutable std::mutex mutex_;
    std::string text_;
    std::atomic<bool> left_ = false;
};

struct Answer {
    std::string status, head, body;
    json parsed() const { return json::parse(body); }
};

Answer taken_apart(const std::string& text) {
    const auto end = text.find("\r\n\r\n");
    REQUIRE(end != std::string::npos);
    return {text.substr(9, 3), text.substr(0, end + 2), text.substr(end + 4)};
}

/// A run with a started source.
struct Served {
    explicit Served(const std::string& token = "", media::SourceKind kind = media::SourceKind::kLive)
        : routes({parse_serve_address("8080"), {}, {token, "session", "page"}}, run) {
        source.name = "camera";
        source.kind = kind;
        source.fps = 25.0;
        source.frames = 100;
        run.start(source);
    }

    void add(std::int64_t frame, std::optional<int> label = 0, cv::Mat picture = {}) {
        faces::FrameResult result;
        result.source = "camera";
        result.frame = frame;
        result.time_s = static_cast<double>(frame) / 25.0;
        faces::FaceResult face;
        face.track = 1;
        face.label = label;
        face.confidence = 0.9f;
        face.probabilities = face.raw = {0.9f, 0.1f};
        result.faces.push_back(face);
        run.add(result, 7.5, 3, std::move(picture));
    }
    Answer ask(const std::string& line, const std::string& headers = "Host: localhost\r\n") {
        Reader reader;
        routes.answer(line + " HTTP/1.1\r\n" + headers + "\r\n", reader);
        return taken_apart(reader.text());
    }
    /// A stream read in a separate thread during its lifetime.
    struct Following {
        Reader& reader;
        std::jthread thread;
        ~Following() { reader.leave(); }
    };
    Following follow(const std::string& path, Reader& reader) {
        return {reader, std::jthread([this, path, &reader] {
                    routes.answer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n", reader);
                })};
    }

    const model::ModelCard card = test::two_class_card();
    RemoteControl remote;
    media::SourceInfo source;
    ServedRun run{card, &remote};
    ServeRoutes routes;
};

int count(const std::string& text, const std::string& what) {
    int found = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++found;
    return found;
}

}  // namespace

TEST_CASE("the newest result is available as JSON, and before the first there is none") {
    Served served;
    CHECK(served.ask("GET /api/frame").status == "503");
    served.add(4);
    served.add(5);
    const auto answer = served.ask("GET /api/frame");
    CHECK(answer.status == "200");
    CHECK_THAT(answer.head, ContainsSubstring("Content-Type: application/json\r\n"));
    CHECK(answer.parsed().at("frame") == 5);
    CHECK(answer.parsed().at("faces").at(0).at("label") == "happy");
}

TEST_CASE("every response restricts what the browser may do") {
    Served served;
    served.add(0, 0, cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(90)));
    for (const auto* line :
         {"GET /", "GET /api/frame", "GET /frame.jpg", "GET /nothing", "PUT /", "GET /\x01"}) {
        INFO(line);
        const auto head = served.ask(line).head;
        CHECK_THAT(head, ContainsSubstring("Content-Security-Policy: default-src 'none';") &&
                             ContainsSubstring("frame-ancestors 'none'") &&
                             ContainsSubstring("X-Content-Type-Options: nosniff\r\n") &&
                             ContainsSubstring("Cross-Origin-Resource-Policy: same-origin\r\n") &&
                             ContainsSubstring("Referrer-Policy: no-referrer\r\n") &&
                             ContainsSubstring("Cache-Control: no-store\r\n"));
        CHECK_THAT(head, !ContainsSubstring("Access-Control-") && !ContainsSubstring("unsafe"));
    }
}

TEST_CASE("HEAD is answered as GET, without a body") {
    Served served("a-token-nobody-guesses");
    served.add(0, 0, cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(90)));
    const std::string headers = "Host: localhost\r\nAuthorization: Bearer a-token-nobody-guesses\r\n";
    const auto length = [](const Answer& answer) {
        std::smatch found;
        return std::regex_search(answer.head, found, std::regex("Content-Length: ([0-9]+)\r\n"))
                   ? found[1].str()
                   : std::string();
    };
    for (const std::string path : {"/", "/api/frame", "/api/openapi.json", "/frame.jpg", "/nothing"}) {
        INFO(path);
        const auto whole = served.ask("GET " + path, headers), head = served.ask("HEAD " + path, headers);
        CHECK(head.status == whole.status);
        CHECK(head.body.empty());
        CHECK(length(head) == std::to_string(whole.body.size()));
    }
    for (const std::string path : {"/api/events", "/stream.mjpg"}) {  // which would not end
        const auto head = served.ask("HEAD " + path, headers);
        CHECK(head.status == "200");
        CHECK(head.body.empty());
    }
    CHECK(served.ask("HEAD /").status == "401");
    CHECK(served.ask("HEAD /").body.empty());
    CHECK(served.ask("HEAD /", "Host: evil.example\r\n").status == "403");
    CHECK(served.ask("HEAD /api/actions/record", headers + "X-Emotion-Page: page\r\n").status == "405");
    CHECK(served.remote.take_keys().empty());
    CHECK_THAT(served.ask("PUT /", headers).head, ContainsSubstring("\r\nAllow: GET, HEAD, POST\r\n"));
}

TEST_CASE("the page runs only its own script, with a new nonce each time") {
    Served served;
    const std::regex nonce("script-src 'nonce-([0-9a-f]{32})'");
    std::string last;
    for (int i = 0; i < 2; ++i) {
        const auto page = served.ask("GET /");
        std::smatch found;
        REQUIRE(std::regex_search(page.head, found, nonce));
        CHECK(found[1] != last);
        last = found[1];
        CHECK(count(page.body, "nonce=\"" + last + "\"") == 2);
        CHECK(count(page.body, "<script") == 1);
        CHECK(count(page.body, "<style") == 1);
        CHECK(page.body.find("content=\"page\"") != std::string::npos);
        CHECK_FALSE(std::regex_search(
            page.body, std::regex("%[A-Z]+%| on[a-z]+=\"| style=\"|(src|href)=\"(https?:)?//")));
    }
}

TEST_CASE("refusals give the reason in JSON") {
    Served served("a-token-nobody-guesses");
    const std::vector<std::tuple<std::string, std::string, std::string>> cases{
        {"GET /", "Host: localhost\r\n", "401"},
        {"GET /", "Host: evil.example\r\n", "403"},
        {"GET /", "Host: localhost\r\nOrigin: http://evil.example\r\n", "403"},
        {"DELETE /", "Host: localhost\r\n", "405"},
        {"GET /", "Host: localhost\r\nHost: localhost\r\n", "400"},
        {"GET /", "X: " + std::string(kMaxHeadBytes, 'x') + "\r\n", "431"},
    };
    for (const auto& [line, headers, status] : cases) {
        INFO(line << ' ' << headers.substr(0, 80));
        const auto answer = served.ask(line, headers);
        CHECK(answer.status == status);
        CHECK_FALSE(answer.parsed().at("error").get<std::string>().empty());
    }
    Reader reader;
    served.routes.answer("", reader);
    CHECK(reader.text().empty());
}

TEST_CASE("the token in the address is exchanged for a cookie that scripts cannot read") {
    Served served("a-token-nobody-guesses");
    const auto answer = served.ask("GET /?token=a-token-nobody-guesses");
    CHECK(answer.status == "303");
    CHECK_THAT(answer.head, ContainsSubstring("Location: /\r\n") &&
                                ContainsSubstring("Set-Cookie: emotion-detector=session; Path=/; HttpOnly; "
                                                  "SameSite=Lax\r\n"));
    CHECK(served.ask("GET /", "Host: localhost\r\nCookie: emotion-detector=session\r\n").status == "200");
}

TEST_CASE("actions are keys and only available for live sources") {
    Served served;
    const std::string page = "Host: localhost\r\nX-Emotion-Page: page\r\n";
    CHECK(served.ask("POST /api/actions/record", page).status == "409");
    served.remote.set_state(ControlState{});
    for (const std::string action :
         {"snapshot", "record", "explain", "mirror", "pause", "threshold-up", "threshold-down"})
        CHECK(served.ask("POST /api/actions/" + action, page).status == "202");
    CHECK(served.remote.take_keys() == "srem +-");
    for (const std::string action : {"", "quit", "snapshot/", "Snapshot"})
        CHECK(served.ask("POST /api/actions/" + action, page).status == "404");
    CHECK(served.ask("GET /api/actions/record").status == "405");
    CHECK(served.ask("POST /api/frame", page).status == "405");
    CHECK(served.ask("POST /api/actions/record").status == "403");
    CHECK(served.remote.take_keys().empty());

    for (int i = 0; i < 32; ++i) REQUIRE(served.ask("POST /api/actions/record", page).status == "202");
    CHECK(served.ask("POST /api/actions/record", page).status == "503");
    served.remote.set_state(std::nullopt);
    CHECK(served.remote.take_keys().empty());
}

TEST_CASE("the status includes the source, label durations and controls") {
    Served served;
    for (int i = 0; i < 26; ++i) served.add(i, i < 13 ? std::optional(0) : std::nullopt);
    auto status = served.ask("GET /api/status").parsed();
    CHECK(status.at("source") == "camera");
    CHECK(status.at("kind") == "live");
    CHECK(status.at("length_s").is_null());
    CHECK(status.at("time_s") == 1.0);
    CHECK(status.at("delay_ms") == 7.5);
    CHECK(status.at("dropped") == 3);
    CHECK(status.at("seconds") == json{{"happy", 0.5}, {"fear", 0.0}, {"unsure", 0.5}});
    CHECK(status.at("controls").is_null());

    ControlState state;
    state.mirror = true;
    state.recording_s = 2.5;
    state.thresholds = {{1, 0.4347}};
    state.message = "a \"file\"";
    state.messages = 4;
    served.remote.set_state(state);
    status = served.ask("GET /api/status").parsed().at("controls");
    CHECK(status.at("mirror") == true);
    CHECK(status.at("paused") == false);
    CHECK(status.at("recording_s") == 2.5);
    CHECK(status.at("thresholds") == json{{"fear", 0.4347}});
    CHECK(status.at("message") == "a \"file\"");

    Served recording("", media::SourceKind::kRecording);
    CHECK(recording.ask("GET /api/status").parsed().at("length_s") == 4.0);
    CHECK(recording.ask("GET /api/status").parsed().at("kind") == "recording");
}

TEST_CASE("the history restarts with each source") {
    Served served;
    for (int i = 0; i < 26; ++i) served.add(i, i / 13);
    auto history = served.ask("GET /api/history").parsed();
    CHECK(history.at("sources") == 1);
    CHECK(history.at("spells") == json::parse("[[1,0,0.0,0.52],[1,1,0.52,1.0]]"));
    CHECK(history.at("classes").at(0).at("name") == "happy");
    CHECK(history.at("classes").at(0).at("shown") == true);
    CHECK(history.at("classes").at(0).at("color") == "#e69f00");
    served.run.start(served.source);
    history = served.ask("GET /api/history").parsed();
    CHECK(history.at("sources") == 2);
    CHECK(history.at("spells").empty());
}

TEST_CASE("the API description lists exactly the existing paths") {
    Served served;
    served.add(0, 0, cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(90)));
    const auto described = served.ask("GET /api/openapi.json").parsed();
    served.run.board().close();  // ends streams
    for (const auto& [path, methods] : described.at("paths").items()) {
        INFO(path);
        if (!methods.contains("get")) continue;
        CHECK(served.ask("GET " + path).status == "200");
    }
    const auto& action = described.at("paths").at("/api/actions/{action}").at("post").at("parameters").at(0);
    served.remote.set_state(ControlState{});
    for (const auto& name : action.at("schema").at("enum"))
        CHECK(served
                  .ask("POST /api/actions/" + name.get<std::string>(),
                       "Host: localhost\r\nX-Emotion-Page: page\r\n")
                  .status == "202");
    CHECK(served.ask("GET /api").status == "404");
}

TEST_CASE("each frame is an event, and so is the end") {
    Served served;
    served.add(0);
    Reader reader;
    const auto thread = served.follow("/api/events", reader);
    const auto frames = [&] { return count(reader.text(), "\"frame\":"); };
    wait_until([&] { return frames() == 1; });
    served.add(1);
    wait_until([&] { return frames() == 2; });
    CHECK_THAT(reader.text(), ContainsSubstring("Content-Type: text/event-stream\r\n") &&
                                  ContainsSubstring("\nid: 2\ndata: {\"source\":\"camera\",\"frame\":1,"));
    CHECK_THAT(reader.text(), !ContainsSubstring("event: status"));
    served.run.board().close();
    wait_until([&] { return count(reader.text(), "event: end\ndata: {}\n\n") == 1; });
}

TEST_CASE("clients that request only changes get the frames in which a label changes") {
    Served served;
    served.add(0);
    Reader all, changes;
    const auto one = served.follow("/api/events", all);
    const auto other = served.follow("/api/events?changes", changes);
    const auto frames = [&](const Reader& reader) { return count(reader.text(), "\"frame\":"); };
    wait_until([&] { return frames(all) == 1 && frames(changes) == 1; });
    const std::optional<int> shown[] = {0, 0, 1, 1, std::nullopt, std::nullopt, 1};
    int frame = 0;
    for (const auto& label : shown) {
        const auto before = frames(changes);
        const bool changed = frame > 0 ? label != shown[frame - 1] : label != 0;
        served.add(++frame, label);
        wait_until([&] { return frames(all) == frame + 1; });
        if (changed) wait_until([&] { return frames(changes) == before + 1; });
    }
    CHECK(frames(changes) == 4);
    CHECK_THAT(changes.text(), ContainsSubstring("\"frame\":3,") && ContainsSubstring("\"frame\":5,") &&
                                   ContainsSubstring("\"frame\":7,") && !ContainsSubstring("\"frame\":4,"));
}

TEST_CASE("the status is sent with the events on request, when it changes") {
    Served served;
    served.add(0);
    Reader reader;
    const auto thread = served.follow("/api/events?status", reader);
    const auto statuses = [&] { return count(reader.text(), "event: status\n"); };
    wait_until([&] { return statuses() == 1; });
    ControlState state;
    state.explain = true;
    served.remote.set_state(state);
    wait_until([&] { return statuses() == 2; });  // even without a new frame
    CHECK_THAT(reader.text(), ContainsSubstring("\"explain\":true"));
}

TEST_CASE("pictures are only made for watching clients, and streams skip frames without one") {
    Served served;
    const cv::Mat picture(48, 64, CV_8UC3, cv::Scalar::all(90));
    served.add(0);
    CHECK_FALSE(served.run.board().wants_pictures());
    Reader reader, still;
    {
        const auto stream = served.follow("/stream.mjpg", reader);
        const auto single = served.follow("/frame.jpg", still);
        wait_until([&] { return served.run.board().wants_pictures(); });
        const auto pictures = [&] { return count(reader.text(), "Content-Type: image/jpeg\r\n"); };
        for (int i = 1; i <= 3; ++i) {
            served.add(2 * i, 0, picture);
            wait_until([&] { return pictures() == i && !still.text().empty(); });
            served.add(2 * i + 1);
        }
        CHECK(pictures() == 3);
    }
    CHECK_THAT(reader.text(), ContainsSubstring("multipart/x-mixed-replace; boundary=frame\r\n"));
    const auto end = reader.text().substr(reader.text().size() - 13);
    CHECK(end == "\xff\xd9\r\n--frame\r\n");  // end of the JPEG and the boundary browsers wait for
    CHECK(taken_apart(still.text()).body.substr(0, 2) == "\xff\xd8");
}

}  // namespace serve_routes_test
