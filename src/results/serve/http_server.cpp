#include "results/serve/http_server.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "results/serve/http_request.hpp"

namespace emotion::results {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kHeadLimit = 5s, kWriteLimit = 10s, kDrainLimit = 1s;
constexpr int kCheckInterval_ms = 100;    // interval for checking the stop token
constexpr int kSendBufferBytes = 65'536;  // small, because data queued for a slow client is outdated
constexpr int kBacklog = 64;
constexpr std::size_t kDrainBytes = 65'536;

#ifdef MSG_NOSIGNAL
constexpr int kNoSignal = MSG_NOSIGNAL;
#else
constexpr int kNoSignal = 0;
#endif

void set(int socket, int level, int option, int value) {
    ::setsockopt(socket, level, option, &value, sizeof value);
}

/// Keeps the socket from being inherited by commands and jobs.
void close_on_exec(int socket) {
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    set(socket, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
}

bool wait_for(int socket, short events, int timeout_ms) {
    pollfd waiting{socket, events, 0};
    return ::poll(&waiting, 1, timeout_ms) > 0;
}

/// A connection, closed by the destructor.
class Connection : public HttpClient {
  public:
    Connection(int socket, std::stop_token stop) : socket_(socket), stop_(std::move(stop)) {}
    ~Connection() override { ::close(socket_); }

    bool write(std::string_view bytes) override {
        auto limit = Clock::now() + kWriteLimit;
        while (!bytes.empty() && is_connected_) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), kNoSignal | MSG_DONTWAIT);
            if (sent > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(sent));
                limit = Clock::now() + kWriteLimit;
            } else if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
                is_connected_ = false;
            } else if (!wait_for(socket_, POLLOUT, kCheckInterval_ms)) {
                is_connected_ = Clock::now() < limit && !stop_.stop_requested();
            }
        }
        return is_connected_;
    }

    bool is_there() override {
        char byte = 0;
        const auto seen = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
            is_connected_ = false;
        return is_connected_ && !stop_.stop_requested();
    }

    /// Reads the head as far as it arrives in time and within the size limit; it is complete if it ends in an
    /// empty line.
    std::string read_head() {
        std::string head;
        const auto limit = Clock::now() + kHeadLimit;
        char bytes[4096];
        while (Clock::now() < limit && !stop_.stop_requested()) {
            if (!wait_for(socket_, POLLIN, kCheckInterval_ms)) continue;
            const auto read = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
            if (read < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) continue;
            if (read <= 0) break;
            const auto from = head.size() < 3 ? 0 : head.size() - 3;
            head.append(bytes, static_cast<std::size_t>(read));
            if (head.find("\r\n\r\n", from) != std::string::npos || head.size() > kMaxHeadBytes) break;
        }
        return head;
    }

    /// Lets the client read the rest: closing with unread data pending would reset the connection and discard
    /// the response.
    void drain() {
        ::shutdown(socket_, SHUT_WR);
        const auto limit = Clock::now() + kDrainLimit;
        char bytes[4096];
        for (std::size_t read = 0; read < kDrainBytes && Clock::now() < limit && is_connected_;) {
            if (stop_.stop_requested()) return;
            if (!wait_for(socket_, POLLIN, kCheckInterval_ms)) continue;
            const auto more = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
            if (more <= 0) return;
            read += static_cast<std::size_t>(more);
        }
    }

  private:
    const int socket_;
    const std::stop_token stop_;
    bool is_connected_ = true;
};

struct FreesAddress {
    void operator()(addrinfo* address) const { ::freeaddrinfo(address); }
};

std::unique_ptr<addrinfo, FreesAddress> resolved(const ServeAddress& address) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    if (::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0)
        return nullptr;
    return std::unique_ptr<addrinfo, FreesAddress>(found);
}

std::string problem_of(const ServeAddress& address, int error) {
    const auto port = std::to_string(address.port);
    switch (error) {
        case EADDRINUSE:
            return "port " + port +
                   " is in use by another program, name another one, or 0 for any that is free";
        case EADDRNOTAVAIL:
        case EAFNOSUPPORT:
            return address.host +
                   " is not an address of this machine, expected one of its addresses, or 0.0.0.0 for all";
        case EACCES:
            return "port " + port + " may not be used by this user, expected one from 1024 on";
        default:
            return std::string("nothing can be served here: ") + std::strerror(error);
    }
}

int port_of(int listener) {
    sockaddr_storage place{};
    socklen_t size = sizeof place;
    if (::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size) != 0) return 0;
    return ntohs(place.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(place).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(place).sin_port);
}

int listen_at(const ServeAddress& address) {
    const auto place = resolved(address);
    int error = EADDRNOTAVAIL;
    const int listener = place ? ::socket(place->ai_family, SOCK_STREAM, 0) : -1;
    if (listener >= 0) {
        close_on_exec(listener);
        ::fcntl(listener, F_SETFL, O_NONBLOCK);      // the client may disconnect before accept()
        set(listener, SOL_SOCKET, SO_REUSEADDR, 1);  // allows restarting without waiting for the port
        if (place->ai_family == AF_INET6) set(listener, IPPROTO_IPV6, IPV6_V6ONLY, 1);
#ifdef TCP_DEFER_ACCEPT
        set(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, 1);  // wakes the server only once data has arrived
#endif
        if (::bind(listener, place->ai_addr, place->ai_addrlen) == 0 && ::listen(listener, kBacklog) == 0)
            return listener;
        error = errno;
        ::close(listener);
    } else if (place) {
        error = errno;
    }
    throw Error("--serve " + address.text() + ": " + problem_of(address, error));
}

/// Does not block.
void refuse(int connection) {
    constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 5\r\n"
        "Connection: close\r\nContent-Length: 60\r\n\r\n"
        "{\"error\":\"16 connections are open, and no more are allowed\"}";
    char bytes[4096];
    while (::recv(connection, bytes, sizeof bytes, MSG_DONTWAIT) == sizeof bytes) continue;
    ::send(connection, kBusy.data(), kBusy.size(), kNoSignal | MSG_DONTWAIT);
    ::shutdown(connection, SHUT_WR);
    ::close(connection);
}

}  // namespace

HttpServer::HttpServer(const ServeAddress& address, Answer answer)
    : answer_(std::move(answer)), listener_(listen_at(address)), port_(port_of(listener_)) {
    threads_.emplace_back([this](const std::stop_token& stop) { accept_clients(stop); });
    for (std::size_t i = 0; i < kMaxClients; ++i)
        threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
}

HttpServer::~HttpServer() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
    for (const int connection : waiting_) ::close(connection);
    ::close(listener_);
}

void HttpServer::accept_clients(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (!wait_for(listener_, POLLIN, kCheckInterval_ms)) continue;
        const int connection = ::accept(listener_, nullptr, nullptr);
        if (connection >= 0)
            take(connection);
        else if (errno == EMFILE || errno == ENFILE)
            std::this_thread::sleep_for(std::chrono::milliseconds(kCheckInterval_ms));
    }
}

void HttpServer::take(int connection) {
    close_on_exec(connection);
    {
        const std::lock_guard lock(mutex_);
        if (clients_ < kMaxClients) {
            ++clients_;
            waiting_.push_back(std::exchange(connection, -1));
        }
    }
    if (connection >= 0)
        refuse(connection);
    else
        arrived_.notify_one();
}

void HttpServer::serve(const std::stop_token& stop) {
    while (true) {
        std::optional<Connection> client;
        {
            std::unique_lock lock(mutex_);
            if (!arrived_.wait(lock, stop, [&] { return !waiting_.empty(); })) return;
            const int connection = waiting_.front();
            waiting_.pop_front();
            set(connection, IPPROTO_TCP, TCP_NODELAY, 1);
            set(connection, SOL_SOCKET, SO_SNDBUF, kSendBufferBytes);
            client.emplace(connection, stop);
        }
        try {
            answer_(client->read_head(), *client);
            client->drain();
        } catch (const std::exception&) {
            // The response is cut short; other connections are not affected.
        }
        client.reset();
        const std::lock_guard lock(mutex_);
        --clients_;
    }
}

}  // namespace emotion::results
