#include "results/serve/serve_address.hpp"

#include <charconv>
#include <string_view>

#include <arpa/inet.h>

#include "base/error.hpp"

namespace emotion::results {
namespace {

constexpr int kMaxPort = 65'535;

[[noreturn]] void refuse(const std::string& text) {
    throw ConfigError(text + ": expected PORT or ADDRESS:PORT, such as 8080, 0.0.0.0:8080 or [::1]:8080");
}

/// The canonical form of an address of this family; empty if invalid.
std::string address_of(int family, const std::string& text) {
    unsigned char bytes[16];
    char canonical[INET6_ADDRSTRLEN];
    if (::inet_pton(family, text.c_str(), bytes) != 1) return {};
    return ::inet_ntop(family, bytes, canonical, sizeof canonical);
}

int port_of(std::string_view digits, const std::string& text) {
    int port = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failed != std::errc() || end != digits.data() + digits.size() || port < 0 || port > kMaxPort)
        refuse(text);
    return port;
}

}  // namespace

bool ServeAddress::is_loopback() const {
    return host.starts_with("127.") || host == "::1";
}

std::string ServeAddress::text(int of_port) const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(of_port);
}

ServeAddress parse_serve_address(const std::string& text) {
    ServeAddress address;
    const auto colon = text.rfind(':');
    address.port = port_of(std::string_view(text).substr(colon == std::string::npos ? 0 : colon + 1), text);
    if (colon == std::string::npos) return address;
    const auto host = text.substr(0, colon);
    if (host == "localhost") return address;
    const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
    address.host = v6 ? address_of(AF_INET6, host.substr(1, host.size() - 2)) : address_of(AF_INET, host);
    if (address.host.empty()) refuse(text);
    return address;
}

void check_serve_address(const std::string& text) {
    parse_serve_address(text);
}

}  // namespace emotion::results
