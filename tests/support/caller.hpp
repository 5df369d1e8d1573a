#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emotion::test {

/// A connection to a server on this machine.
class Caller {
  public:
    explicit Caller(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(static_cast<std::uint16_t>(port));
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) {
            ::close(socket_);
            throw std::runtime_error("nobody listens on port " + std::to_string(port));
        }
    }
    ~Caller() { ::close(socket_); }
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    bool say(const std::string& text) {
        return ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }
    /// Whether there is data to read, or the other side has closed the connection.
    bool has_word() const {
        pollfd waiting{socket_, POLLIN, 0};
        return ::poll(&waiting, 1, 0) > 0;
    }
    /// The next data; empty if the other side has closed the connection, or after five minutes.
    std::string hear_some() {
        char bytes[4096];
        pollfd waiting{socket_, POLLIN, 0};
        if (::poll(&waiting, 1, 300'000) <= 0) return {};
        const auto more = ::recv(socket_, bytes, sizeof bytes, 0);
        return more > 0 ? std::string(bytes, static_cast<std::size_t>(more)) : std::string();
    }
    /// All data until then.
    std::string hear() {
        std::string heard;
        for (auto more = hear_some(); !more.empty(); more = hear_some()) heard += more;
        return heard;
    }

  private:
    const int socket_;
};

}  // namespace emotion::test
