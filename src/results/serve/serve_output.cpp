#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "base/one_line.hpp"
#include "results/output_table.hpp"
#include "results/serve/http_server.hpp"
#include "results/serve/serve_address.hpp"
#include "results/serve/serve_routes.hpp"
#include "results/serve/served_run.hpp"

namespace emotion::results {
namespace {

/// The host names of this machine on its network, in lower case.
std::vector<std::string> own_names() {
    char name[256] = "";
    if (::gethostname(name, sizeof name - 1) != 0 || !*name) return {};
    const auto lower = lower_case(name);
    return {lower, lower + ".local"};
}

RequestPolicy::Secrets secrets_for(const ServeAddress& address, std::string token) {
    if (token.empty() && !address.is_loopback()) token = random_secret();
    return {std::move(token), random_secret(), random_secret()};
}

/// Serves a page and an HTTP interface with the results.
class ServeOutput : public FrameOutput {
  public:
    ServeOutput(const ServeAddress& address, RequestPolicy::Secrets secrets, const OutputContext& context)
        : stats_(context.stats),
          run_(context.card, context.serve.remote),
          routes_(RequestPolicy(address, own_names(), secrets), run_),
          server_(std::in_place, address,
                  [this](std::string_view head, HttpClient& client) { routes_.answer(head, client); }) {
        auto seen_at = address;
        if (address.is_any()) {
            const auto names = own_names();
            seen_at.host = names.empty() ? "127.0.0.1" : names.front();
        }
        context.warn("serving http://" + seen_at.text(server_->port()) + "/" +
                     (secrets.token.empty() ? "" : "?token=" + secrets.token));
    }
    ~ServeOutput() override { run_.board().close(); }

    void start(const media::SourceInfo& source) override {
        is_live_ = source.kind == media::SourceKind::kLive;
        run_.start(source);
    }
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override {
        cv::Mat picture;
        if (run_.board().wants_pictures()) picture = canvas.explained(canvas.written_view()).clone();
        run_.add(result, is_live_ ? std::optional(stats_.newest_latency_ms) : std::nullopt, stats_.dropped,
                 std::move(picture));
    }
    /// Clients are notified of the end before their connections are closed.
    void finish() override {
        run_.board().close();
        server_.reset();
    }

  private:
    const pipeline::RunStats& stats_;
    ServedRun run_;
    ServeRoutes routes_;
    std::optional<HttpServer> server_;  // last: its threads use the other members
    bool is_live_ = false;
};

}  // namespace

std::unique_ptr<FrameOutput> make_serve_output(const std::string& target, const OutputContext& context) {
    const auto address = parse_serve_address(target);
    return std::make_unique<ServeOutput>(address, secrets_for(address, context.serve.token), context);
}

}  // namespace emotion::results
