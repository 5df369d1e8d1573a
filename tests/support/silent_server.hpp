#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emotion::test {

/// A local server that sends one message to each client and then stays silent, keeping the connection open;
/// or continues to send `repeats`, 25 times per second or after another `pause`, until the client
/// disconnects. A server that starts on request reserves its port until then, refusing connections.
class SilentServer {
  public:
    enum class Begins { kAtOnce, kOnRequest };

    explicit SilentServer(std::string says, Begins begins = Begins::kAtOnce, std::string repeats = {},
                          std::chrono::milliseconds pause = std::chrono::milliseconds(40))
        : says_(std::move(says)),
          repeats_(std::move(repeats)),
          pause_(pause),
          listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        ::fcntl(listener_, F_SETFD, FD_CLOEXEC);
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof place;
        auto* address = reinterpret_cast<sockaddr*>(&place);
        if (::bind(listener_, address, size) != 0 || ::getsockname(listener_, address, &size) != 0)
            throw std::runtime_error("no server can be started on 127.0.0.1");
        port_ = ntohs(place.sin_port);
        if (begins == Begins::kAtOnce) begin();
    }
    ~SilentServer() {
        thread_.request_stop();
        if (thread_.joinable()) thread_.join();
        for (const int connection : connections_) ::close(connection);
        ::close(listener_);
    }
    SilentServer(const SilentServer&) = delete;
    SilentServer& operator=(const SilentServer&) = delete;

    void begin() {
        if (::listen(listener_, 8) != 0) throw std::runtime_error("no server can be started on 127.0.0.1");
        thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
    }
    /// From now on, ends each connection after the message.
    void hang_up_after_message() { hangs_up_ = true; }
    int port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/"; }
    /// Whether the whole message was sent to some client.
    bool has_said_it() const { return said_; }
    /// How many times `repeats` was sent.
    int repetitions() const { return repetitions_; }

  private:
    void serve(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd waiting{listener_, POLLIN, 0};
            if (::poll(&waiting, 1, kTimeout_ms) <= 0) continue;
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) continue;
            connections_.push_back(connection);
            char request[4096];
            if (!says_.empty() && ::recv(connection, request, sizeof request, 0) <= 0) continue;
            bool listens = say(connection, says_, stop);
            said_ = true;
            if (hangs_up_) ::shutdown(connection, SHUT_WR);
            while (listens && !repeats_.empty() && !stop.stop_requested()) {
                std::this_thread::sleep_for(pause_);
                listens = say(connection, repeats_, stop);
                ++repetitions_;
            }
        }
    }

    /// Returns whether the client is still connected.
    bool say(int connection, const std::string& what, const std::stop_token& stop) {
        for (std::size_t sent = 0; sent < what.size() && !stop.stop_requested();) {
            pollfd room{connection, POLLOUT, 0};
            if (::poll(&room, 1, kTimeout_ms) <= 0) continue;
            const auto more =
                ::send(connection, what.data() + sent, what.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (more < 0) return false;
            sent += static_cast<std::size_t>(more);
        }
        return true;
    }

    static constexpr int kTimeout_ms = 20;

    const std::string says_, repeats_;
    const std::chrono::milliseconds pause_;
    const int listener_;
    int port_ = 0;
    std::vector<int> connections_;
    std::atomic<bool> said_ = false, hangs_up_ = false;
    std::atomic<int> repetitions_ = 0;
    std::jthread thread_;  // last, because it uses the other members
};

}  // namespace emotion::test
