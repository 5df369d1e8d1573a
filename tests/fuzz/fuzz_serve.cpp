#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "fuzz/one_line_errors.hpp"
#include "results/serve/serve_routes.hpp"

namespace {

using namespace emotion;
using namespace emotion::results;

class Reader : public HttpClient {
  public:
    bool write(std::string_view bytes) override {
        text.append(bytes);
        return true;
    }
    bool is_there() override { return true; }

    std::string text;
};

/// A finished run, so that no stream continues.
class Served {
  public:
    explicit Served(const std::string& token)
        : routes_({parse_serve_address("8080"), {}, {token, random_secret(), random_secret()}}, run_) {
        remote_.set_state(ControlState{});
        run_.board().close();
    }

    /// The status of the response, 0 for none, and whether a key was pressed.
    std::pair<int, bool> ask(std::string_view head) {
        Reader reader;
        routes_.answer(head, reader);
        const auto& text = reader.text;
        expect(text.empty() || text.starts_with("HTTP/1.1 "), "an answer is not one of HTTP");
        const auto end = text.find("\r\n\r\n");
        expect(text.empty() || end != std::string::npos, "the head of an answer does not end");
        return {text.empty() ? 0 : std::stoi(text.substr(9, 3)), !remote_.take_keys().empty()};
    }

  private:
    static model::ModelCard two_classes() {
        model::ModelCard card;
        card.classes = {"happy", "fear"};
        return card;
    }

    const model::ModelCard card_ = two_classes();
    RemoteControl remote_;
    ServedRun run_{card_, &remote_};
    ServeRoutes routes_;
};

bool names_this_machine(const HttpRequest& request) {
    const auto* host = request.header("host");
    if (!host) return false;
    std::string lower;
    for (const char c : *host) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const std::string_view name : {"localhost", "127.", "[::1]"})
        if (lower.starts_with(name)) return true;
    return false;
}

}  // namespace

/// Whatever the request, nothing is served under another host name, nothing is changed without the page's
/// token, and with a token required, nothing is served at all: secrets are new in each run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Served open(""), closed(random_secret());
    const std::string_view head(reinterpret_cast<const char*>(data), size);
    const auto [status, changed] = open.ask(head);
    const auto request = parse_request(head);
    expect(!changed, "a key was pressed without the page's token");
    expect(status == 0 || status >= 400 ||
               (request && (request->method == "GET" || request->method == "HEAD") &&
                names_this_machine(*request)),
           "something was had by a name that is not this machine's, or by neither GET nor HEAD");
    const auto [guarded_status, guarded_changed] = closed.ask(head);
    expect(!guarded_changed && (guarded_status == 0 || guarded_status >= 400),
           "something was had without the token");
    return 0;
}
