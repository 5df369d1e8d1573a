#pragma once

#include <string_view>
#include <utility>

#include "results/serve/http_request.hpp"
#include "results/serve/http_server.hpp"
#include "results/serve/request_policy.hpp"
#include "results/serve/served_run.hpp"

namespace emotion::results {

/// Answers requests for the page and the interface (openapi.json describes it). Threads may share it.
class ServeRoutes {
  public:
    /// `run` outlives it.
    ServeRoutes(RequestPolicy policy, ServedRun& run) : policy_(std::move(policy)), run_(run) {}

    /// Answers a request by its head, whatever it holds. Streams are written until the client has gone or the
    /// run's board is closed.
    void answer(std::string_view head, HttpClient& client);

  private:
    void serve(const HttpRequest& request, HttpClient& client);
    void act(std::string_view action, HttpClient& client);
    void send_page(HttpClient& client);
    void send_newest(HttpClient& client);
    void send_picture(HttpClient& client);
    void stream_pictures(HttpClient& client);
    void stream_events(const HttpRequest& request, HttpClient& client);

    const RequestPolicy policy_;
    ServedRun& run_;
};

}  // namespace emotion::results
