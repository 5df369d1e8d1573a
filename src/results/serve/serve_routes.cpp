#include "results/serve/serve_routes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "results/serve/page_parts.hpp"

namespace emotion::results {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Verdict = RequestPolicy::Verdict;

constexpr auto kCheckInterval = 250ms;  // interval for checking that the client is connected
constexpr auto kStatusInterval = 250ms;
constexpr auto kSilence = 5s;       // maximum time between events, after which a keep-alive is sent
constexpr auto kPictureLimit = 5s;  // timeout for the next picture

constexpr std::string_view kJson = "application/json", kText = "text/plain; charset=utf-8";

/// Restricts what a browser may do with a response as far as possible.
constexpr std::string_view kSafety =
    "X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\nCross-Origin-Opener-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\nConnection: close\r\n";
constexpr std::string_view kNothingAllowed =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";

/// Buttons of the page and their keys.
struct Action {
    std::string_view name;
    char key;
};
constexpr std::string_view kActionPath = "/api/actions/";
constexpr std::array<Action, 8> kActions{{{"snapshot", 's'},
                                          {"record", 'r'},
                                          {"explain", 'e'},
                                          {"mirror", 'm'},
                                          {"neutral", 'n'},
                                          {"pause", ' '},
                                          {"threshold-up", '+'},
                                          {"threshold-down", '-'}}};

std::string head_of(std::string_view status, std::string_view type, std::string_view more = kNothingAllowed) {
    std::string head = "HTTP/1.1 ";
    head.append(status).append("\r\nContent-Type: ").append(type).append("\r\n");
    return head.append(kSafety).append(more);
}

void send(HttpClient& client, std::string_view status, std::string_view type, std::string_view body,
          std::string_view more = kNothingAllowed) {
    auto answer = head_of(status, type, more);
    answer += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    client.write(answer.append(body));
}

/// `why` must not need escaping in JSON.
void refuse(HttpClient& client, std::string_view status, std::string_view why,
            std::string_view more = kNothingAllowed) {
    send(client, status, kJson, std::string("{\"error\":\"").append(why).append("\"}\n"), more);
}

/// Passes on the head of a response, and ends streams after it.
class WithoutBody : public HttpClient {
  public:
    explicit WithoutBody(HttpClient& client) : client_(client) {}

    /// A head is written as a whole.
    bool write(std::string_view bytes) override {
        constexpr std::string_view kEnd = "\r\n\r\n";
        if (std::exchange(done_, true)) return false;
        return client_.write(bytes.substr(0, bytes.find(kEnd) + kEnd.size()));
    }
    bool is_there() override { return !done_ && client_.is_there(); }

  private:
    HttpClient& client_;
    bool done_ = false;
};

std::string with(std::string text, std::string_view name, std::string_view value) {
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; at += value.size())
        text.replace(at, name.size(), value);
    return text;
}

std::string event(std::string_view name, std::string_view data) {
    return std::string("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
}

std::string frame_event(const ServedFrame& frame) {
    return "id: " + std::to_string(frame.number()) + "\ndata: " + frame.json() + "\n\n";
}

}  // namespace

void ServeRoutes::answer(std::string_view head, HttpClient& client) {
    if (head.empty()) return;  // connected but sent nothing in time
    if (head.size() > kMaxHeadBytes)
        return refuse(client, "431 Request Header Fields Too Large", "the head of the request is too long");
    const auto request = parse_request(head);
    if (!request) return refuse(client, "400 Bad Request", "expected an HTTP/1.1 request without a body");
    if (request->method != "HEAD") return answer(*request, client);
    WithoutBody head_only(client);
    answer(*request, head_only);
}

void ServeRoutes::answer(const HttpRequest& request, HttpClient& client) {
    const std::string more(kNothingAllowed);
    switch (policy_.decide(request)) {
        case Verdict::kServe:
            return serve(request, client);
        case Verdict::kSignIn:
            return send(client, "303 See Other", kText, "",
                        more + "Location: /\r\nSet-Cookie: " + std::string(RequestPolicy::kCookie) + "=" +
                            policy_.secrets().session + "; Path=/; HttpOnly; SameSite=Lax\r\n");
        case Verdict::kBadMethod:
            return refuse(client, "405 Method Not Allowed", "expected GET, or POST of an action",
                          more + "Allow: GET, HEAD, POST\r\n");
        case Verdict::kWrongHost:
            return refuse(client, "403 Forbidden",
                          "this host name is not served, expected the address that was printed");
        case Verdict::kCrossSite:
            return refuse(client, "403 Forbidden", "requests from other sites are refused");
        case Verdict::kNoToken:
            return refuse(client, "401 Unauthorized",
                          "the token that the program printed is missing: /?token=... or "
                          "Authorization: Bearer ...",
                          more + "WWW-Authenticate: Bearer\r\n");
        case Verdict::kNoPageToken:
            return refuse(client, "403 Forbidden", "only the page itself may change anything");
    }
}

void ServeRoutes::serve(const HttpRequest& request, HttpClient& client) {
    const auto& path = request.path;
    const bool is_action = path.starts_with(kActionPath);
    if (is_action != (request.method == "POST"))
        return refuse(client, "405 Method Not Allowed", is_action ? "expected POST" : "expected GET");
    if (is_action) return act(std::string_view(path).substr(kActionPath.size()), client);
    if (path == "/") return send_page(client);
    if (path == "/api/frame") return send_newest(client);
    if (path == "/api/events") return stream_events(request, client);
    if (path == "/api/status") return send(client, "200 OK", kJson, run_.status_json() + "\n");
    if (path == "/api/history") return send(client, "200 OK", kJson, run_.history_json() + "\n");
    if (path == "/api/openapi.json") return send(client, "200 OK", kJson, kOpenApiJson);
    if (path == "/frame.jpg") return send_picture(client);
    if (path == "/stream.mjpg") return stream_pictures(client);
    refuse(client, "404 Not Found", "nothing is here; /api/openapi.json lists the interface");
}

void ServeRoutes::act(std::string_view name, HttpClient& client) {
    const auto action = std::ranges::find(kActions, name, &Action::name);
    if (action == kActions.end()) return refuse(client, "404 Not Found", "no such action");
    if (!run_.handles_keys()) return refuse(client, "409 Conflict", "only live sources have actions");
    if (!run_.press(action->key))
        return refuse(client, "503 Service Unavailable", "too many actions are waiting");
    send(client, "202 Accepted", kJson, "{}\n");
}

void ServeRoutes::send_page(HttpClient& client) {
    const auto nonce = random_secret();
    auto page = with(kPageHtml, "%STYLE%", kPageCss);
    page = with(std::move(page), "%SCRIPT%", kPageJs);
    page = with(std::move(page), "%NONCE%", nonce);
    page = with(std::move(page), "%PAGE%", policy_.secrets().page);
    send(client, "200 OK", "text/html; charset=utf-8", page,
         "Content-Security-Policy: default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src "
         "'nonce-" +
             nonce + "'; script-src 'nonce-" + nonce +
             "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n");
}

void ServeRoutes::send_newest(HttpClient& client) {
    const auto frame = run_.board().newest();
    if (!frame) return refuse(client, "503 Service Unavailable", "no frame has arrived yet");
    send(client, "200 OK", kJson, frame->json() + "\n");
}

void ServeRoutes::send_picture(HttpClient& client) {
    auto& board = run_.board();
    const FrameBoard::PictureWatcher watching(board);
    auto frame = board.newest();
    const auto limit = Clock::now() + kPictureLimit;
    while (!(frame && frame->has_picture()) && Clock::now() < limit && client.is_there() &&
           !board.is_closed())
        if (const auto next = board.wait_beyond(frame ? frame->number() : 0, kCheckInterval)) frame = next;
    if (!frame || !frame->has_picture())
        return refuse(client, "503 Service Unavailable", "no picture arrived within five seconds");
    send(client, "200 OK", "image/jpeg", frame->jpeg());
}

/// Each part ends with the boundary of the next, because browsers only show it then.
void ServeRoutes::stream_pictures(HttpClient& client) {
    constexpr std::string_view kMark = "--frame\r\n";
    auto& board = run_.board();
    const FrameBoard::PictureWatcher watching(board);
    client.write(head_of("200 OK", "multipart/x-mixed-replace; boundary=frame").append("\r\n").append(kMark));
    for (std::int64_t sent = 0; client.is_there() && !board.is_closed();) {
        const auto frame = board.wait_beyond(sent, kCheckInterval);
        if (!frame) continue;
        sent = frame->number();
        if (!frame->has_picture()) continue;
        const auto& jpeg = frame->jpeg();
        client.write("Content-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg.size()) +
                     "\r\n\r\n");
        client.write(jpeg);
        client.write(std::string("\r\n").append(kMark));
    }
}

void ServeRoutes::stream_events(const HttpRequest& request, HttpClient& client) {
    auto& board = run_.board();
    const bool changes = request.parameter("changes").has_value();
    const bool status = request.parameter("status").has_value();
    client.write(head_of("200 OK", "text/event-stream").append("\r\nretry: 1000\n\n"));
    std::int64_t seen = 0;
    std::string labels, sent_status;
    auto last_word = Clock::now(), last_status = Clock::time_point();
    const auto write = [&](const std::string& text) {
        client.write(text);
        last_word = Clock::now();
    };
    while (client.is_there() && !board.is_closed()) {
        if (const auto frame = board.wait_beyond(seen, kCheckInterval)) {
            const bool is_new = seen == 0 || frame->labels() != labels;
            seen = frame->number();
            labels = frame->labels();
            if (is_new || !changes) write(frame_event(*frame));
        }
        if (status && Clock::now() - last_status >= kStatusInterval) {
            last_status = Clock::now();
            if (auto now = run_.status_json(); now != sent_status)
                write(event("status", sent_status = std::move(now)));
        }
        if (Clock::now() - last_word >= kSilence) write(":\n\n");
    }
    if (board.is_closed()) write(event("end", "{}"));
}

}  // namespace emotion::results
