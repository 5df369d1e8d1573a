#pragma once

#include <string_view>
#include <utility>

#include "results/serve/http_request.hpp"
#include "results/serve/http_server.hpp"
#include "results/serve/request_policy.hpp"
#include "results/serve/served_run.hpp"

namespace emotion::results {

/// Handles requests for the page and the API (described by openapi.json). Thread-safe.
class ServeRoutes {
  public:
    /// `run` must outlive it.
    ServeRoutes(RequestPolicy policy, ServedRun& run) : policy_(std::move(policy)), run_(run) {}

    /// Responds to a request given its head, which may be invalid; to HEAD as to GET, without the body.
    /// Streams last until the client disconnects or the run's board is closed.
    void answer(std::string_view head, HttpClient& client);

  private:
    void answer(const HttpRequest& request, HttpClient& client);
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
