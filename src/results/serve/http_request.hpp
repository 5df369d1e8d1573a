#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emotion::results {

/// The longest head of a request that is read, in bytes.
inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;

/// The head of a request of HTTP/1.1 (RFC 9112).
struct HttpRequest {
    std::string method;                                        ///< "GET"
    std::string path;                                          ///< as it was sent: nothing is decoded
    std::string query;                                         ///< behind the "?", without it
    std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case, each once

    /// Null: there is none of this name, given in lower case.
    const std::string* header(std::string_view name) const;
    /// The value of "name=value" in the query, empty of "name" alone; nullopt: there is none.
    std::optional<std::string> parameter(std::string_view name) const;
    /// The value of a cookie; nullopt: there is none.
    std::optional<std::string> cookie(std::string_view name) const;
};

/// Takes a head apart, up to and with its empty line. Stricter than it must be, so that nobody can read it in
/// another way: nullopt for folded or repeated headers, spaces where there is to be none, control characters,
/// a body, another version, anything behind the empty line.
std::optional<HttpRequest> parse_request(std::string_view head);

}  // namespace emotion::results
