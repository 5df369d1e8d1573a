#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emotion::results {

/// The maximum size of a request's head, in bytes.
inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;

/// The head of an HTTP/1.1 request (RFC 9112).
struct HttpRequest {
    std::string method;                                        ///< "GET"
    std::string path;                                          ///< as sent, not decoded
    std::string query;                                         ///< after the "?"
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, without duplicates

    /// Null if there is no header of this name, given in lower case.
    const std::string* header(std::string_view name) const;
    /// The value of a query parameter "name=value", empty for "name" alone; nullopt if there is none.
    std::optional<std::string> parameter(std::string_view name) const;
    /// The value of a cookie; nullopt if there is none.
    std::optional<std::string> cookie(std::string_view name) const;
};

/// Parses a head, including its final empty line. Stricter than required, so that no other parser can
/// interpret it differently: nullopt for folded or repeated headers, unexpected spaces, control characters, a
/// body, another version, or data after the empty line.
std::optional<HttpRequest> parse_request(std::string_view head);

}  // namespace emotion::results
