#pragma once

#include <string>

namespace emotion::results {

/// Where a page is served.
struct ServeAddress {
    std::string host = "127.0.0.1";  ///< an IPv4 or IPv6 address in its usual form, without brackets
    int port = 0;                    ///< 0: one that is free

    /// Whether nobody but programs on this machine reaches it.
    bool is_loopback() const;
    /// Whether it stands for every address of this machine.
    bool is_any() const { return host == "0.0.0.0" || host == "::"; }
    /// "127.0.0.1:8080", "[::1]:8080"; of another port.
    std::string text(int of_port) const;
    std::string text() const { return text(port); }
};

/// Reads "8080", "localhost:8080", "0.0.0.0:8080" or "[::1]:8080". No name is looked up. Throws ConfigError
/// for anything else.
ServeAddress parse_serve_address(const std::string& text);

/// parse_serve_address() for its errors alone.
void check_serve_address(const std::string& text);

}  // namespace emotion::results
