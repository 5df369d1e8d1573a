#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "results/serve/serve_address.hpp"

namespace emotion::results {

/// The way back to a client.
class HttpClient {
  public:
    virtual ~HttpClient() = default;
    /// Whether the client has taken it or will: false once it has gone, has taken nothing for ten seconds, or
    /// the server stops.
    virtual bool write(std::string_view bytes) = 0;
    /// Whether the client is still there. Without cost.
    virtual bool is_there() = 0;
};

/// Takes connections, reads the head of one request from each and has it answered; then the connection ends.
/// What others do costs no more than this: 16 connections at a time, one thread each, and those beyond are
/// refused; 16 kB and five seconds for a head.
class HttpServer {
  public:
    /// Called by several threads at a time. What it throws ends that connection alone.
    using Answer = std::function<void(std::string_view head, HttpClient& client)>;

    static constexpr std::size_t kMostClients = 16;

    /// Serves from now on. Throws Error if that cannot be done at this address.
    HttpServer(const ServeAddress& address, Answer answer);
    /// Ends all connections, and waits for their answers to see it.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    int port() const { return port_; }

  private:
    void accept_clients(const std::stop_token& stop);
    void take(int connection);
    void serve(const std::stop_token& stop);

    const Answer answer_;
    int listener_ = -1;
    int port_ = 0;
    std::mutex mutex_;
    std::condition_variable_any came_;
    std::deque<int> waiting_;  ///< connections that no thread has yet
    std::size_t clients_ = 0;  ///< they and those at work
    std::vector<std::jthread> threads_;
};

}  // namespace emotion::results
