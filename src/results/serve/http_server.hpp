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

/// Sends a response to a client.
class HttpClient {
  public:
    virtual ~HttpClient() = default;
    /// Returns false if the client has disconnected, has not read anything for ten seconds, or the server is
    /// stopping.
    virtual bool write(std::string_view bytes) = 0;
    /// Whether the client is still connected. Cheap.
    virtual bool is_there() = 0;
};

/// Accepts connections, reads the head of one request from each, has it answered and closes the connection.
/// Limits the cost of misuse to 16 connections at a time, one thread each, beyond which they are refused, and
/// to 16 kB and five seconds for a head.
class HttpServer {
  public:
    /// Called concurrently. An exception ends only that connection.
    using Answer = std::function<void(std::string_view head, HttpClient& client)>;

    static constexpr std::size_t kMaxClients = 16;

    /// Starts serving. Throws Error if that is not possible at this address.
    HttpServer(const ServeAddress& address, Answer answer);
    /// Ends all connections and waits for their handlers.
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
    std::condition_variable_any arrived_;
    std::deque<int> waiting_;  ///< accepted connections without a thread
    std::size_t clients_ = 0;  ///< including those being handled
    std::vector<std::jthread> threads_;
};

}  // namespace emotion::results
