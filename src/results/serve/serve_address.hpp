#pragma once

#include <string>

namespace emotion::results {

/// The address at which a page is served.
struct ServeAddress {
    std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 address in canonical form, without brackets
    int port = 0;                    ///< 0: any free port

    /// Whether only programs on this machine can reach it.
    bool is_loopback() const;
    /// Whether it is the wildcard address.
    bool is_any() const { return host == "0.0.0.0" || host == "::"; }
    /// "127.0.0.1:8080", "[::1]:8080", with another port.
    std::string text(int of_port) const;
    std::string text() const { return text(port); }
};

/// Parses "8080", "localhost:8080", "0.0.0.0:8080" or "[::1]:8080", without name lookup. Throws ConfigError
/// for anything else.
ServeAddress parse_serve_address(const std::string& text);

/// Validates as parse_serve_address() does.
void check_serve_address(const std::string& text);

}  // namespace emotion::results
