#include "media/address.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/one_line.hpp"

namespace emotion::media {
namespace {

/// Query keys that identify one of a server's pictures; short values are kept.
constexpr std::array<std::string_view, 16> kPlainKeys{
    "camera",     "channel", "chan",   "fps",     "height", "id",   "input",      "profile",
    "resolution", "size",    "stream", "subtype", "track",  "type", "streamtype", "width"};

/// Keys that some cameras put into the path: "/user=admin&password=abc&channel=1".
constexpr std::array<std::string_view, 9> kSecretKeys{"password", "passwd", "pass", "pwd",   "user",
                                                      "username", "token",  "auth", "secret"};

bool is_of_scheme(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '-' || c == '.';
}

bool is_plain(std::string_view key, std::string_view value) {
    constexpr std::size_t kLongest = 12;
    return std::find(kPlainKeys.begin(), kPlainKeys.end(), lower_case(key)) != kPlainKeys.end() &&
           value.size() <= kLongest && std::all_of(value.begin(), value.end(), [](unsigned char c) {
               return std::isalnum(c) || c == '.' || c == '-';
           });
}

bool is_secret(std::string_view key) {
    return std::find(kSecretKeys.begin(), kSecretKeys.end(), lower_case(key)) != kSecretKeys.end();
}

/// Whether "key=value" may be shown.
bool is_plain(std::string_view part) {
    const auto equals = part.find('=');
    return equals != std::string_view::npos && is_plain(part.substr(0, equals), part.substr(equals + 1));
}

/// "?channel=1" for "channel=1&token=abc".
std::string plain_query(std::string_view query) {
    std::string plain;
    while (!query.empty()) {
        const auto part = query.substr(0, query.find_first_of("&;"));
        query.remove_prefix(std::min(query.size(), part.size() + 1));
        if (is_plain(part)) plain.append(plain.empty() ? "?" : "&").append(part);
    }
    return plain;
}

/// A part of a path without the values of secret keys: "user=admin_password=abc_channel=1". An underscore may
/// be a separator or part of a value.
std::string plain_part(std::string_view part) {
    std::string plain;
    for (std::size_t from = 0; from != std::string_view::npos && from < part.size();) {
        const auto equals = part.find('=', from);
        if (equals == std::string_view::npos) {
            plain.append(part.substr(from));
            break;
        }
        const auto key = part.substr(from, equals - from);
        auto next = part.find('=', equals + 1);
        if (next != std::string_view::npos) next = part.rfind('_', next);
        const bool has_next = next != std::string_view::npos && next > equals;
        const auto value = part.substr(equals + 1, has_next ? next - equals - 1 : std::string_view::npos);
        plain.append(key).append("=");
        if (!is_secret(key)) plain.append(value);
        if (has_next) plain.append("_");
        from = has_next ? next + 1 : std::string_view::npos;
    }
    return plain;
}

/// Whether a part of a path is long and changes between letters and digits as often as a generated key
/// ("K9a7sJdmNt2qGKvC") or a UUID does; a file's name has an ending.
bool looks_generated(std::string_view part) {
    constexpr std::size_t kShortest = 16;
    constexpr int kChanges = 5;
    if (part.size() < kShortest || part.find_first_of(".=") != std::string_view::npos) return false;
    int changes = 0;
    char before = 0;  // 'a' after a letter, '0' after a digit
    for (const unsigned char c : part) {
        if (!std::isalnum(c)) continue;
        const char kind = std::isdigit(c) ? '0' : 'a';
        if (before && kind != before) ++changes;
        before = kind;
    }
    return changes >= kChanges;
}

/// The path without the values of secret keys, without most of what looks like a key, and without parameters
/// ("/clip.mp4;jsessionid=abc"), of which the same are kept as of a query.
std::string plain_url_path(std::string_view path) {
    std::string plain;
    std::string_view separator;
    bool is_parameter = false;              // from a semicolon to the next slash
    constexpr std::size_t kShownOfKey = 4;  // tells the cameras of a server apart
    while (true) {
        const auto end = std::min(path.find_first_of("/&;,"), path.size());
        const auto part = path.substr(0, end);
        if (!is_parameter && looks_generated(part))
            plain.append(separator).append(part.substr(0, kShownOfKey)).append("-hidden");
        else if (!is_parameter || is_plain(part))
            plain.append(separator).append(plain_part(part));
        if (end == path.size()) return plain;
        separator = path.substr(end, 1);
        is_parameter = separator == ";" || (is_parameter && separator != "/");
        path.remove_prefix(end + 1);
    }
}

/// The length of "user:password@" after "://". A password may contain an unescaped slash; then the text after
/// the first colon is not a port.
std::size_t user_length(std::string_view rest) {
    const auto at = rest.rfind('@');
    if (at == std::string_view::npos) return 0;
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    if (at < host.size()) return at + 1;
    if (const auto inner = host.rfind('@'); inner != std::string_view::npos) return inner + 1;
    const auto colon = host.find(':');
    const bool port = colon == std::string_view::npos ||
                      host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    return port ? 0 : at + 1;
}

/// The same at the start of an address whose scheme was forgotten ("admin:abc@host/live").
std::size_t user_length_without_scheme(const std::string& name) {
    const auto host = name.substr(0, name.find('/'));
    const auto at = host.rfind('@');
    std::error_code unknown;
    if (at == std::string::npos || host.find(':') > at || std::filesystem::exists(name, unknown)) return 0;
    return at + 1;
}

/// Where the next address begins in a text that begins with one, as in "concat:http://a/1.ts|http://b/2.ts"
/// or "http://proxy/http://a/1.ts"; the text's size: nowhere.
std::size_t next_address(std::string_view text) {
    const auto path_at = std::min(text.find("://") + 3, text.size());
    for (auto at = text.find("://", path_at); at != std::string_view::npos; at = text.find("://", at + 1)) {
        auto begin = at;
        while (begin > path_at && is_of_scheme(text[begin - 1])) --begin;
        const auto before = text.substr(path_at, begin - path_at);
        if (begin == at || before.empty()) continue;
        const bool in_path = before.find_first_of("?#") == std::string_view::npos;
        if (before.back() == '|' || (in_path && before.back() == '/')) return begin;
    }
    return text.size();
}

/// One address, which may follow a prefix ("concat:"), without its secrets.
std::string shown_address(std::string_view address) {
    const auto host_at = address.find("://") + 3;
    auto rest = address.substr(host_at);
    rest.remove_prefix(user_length(rest));
    rest = rest.substr(0, rest.find('#'));
    const auto query_at = rest.find('?');
    const auto query = query_at == std::string_view::npos ? std::string_view() : rest.substr(query_at + 1);
    rest = rest.substr(0, query_at);
    const auto path_at = std::min(rest.find('/'), rest.size());
    return std::string(address.substr(0, host_at)) + std::string(rest.substr(0, path_at)) +
           plain_url_path(rest.substr(path_at)) + plain_query(query);
}

}  // namespace

bool is_url(std::string_view name) {
    return name.find("://") != std::string_view::npos;
}

std::string local_path(const std::string& name) {
    if (name == "-" || name == "pipe:" || name == "pipe:0") return kStandardInput;
    std::string_view path = name;
    for (const std::string_view start : {"file://localhost/", "file:///"})
        if (path.starts_with(start)) {
            path.remove_prefix(start.size() - 1);
            std::string plain;
            for (std::size_t i = 0; i < path.size(); ++i) {
                unsigned byte = 0;
                const auto* digits = path.data() + i + 1;
                const bool escaped = path[i] == '%' && i + 2 < path.size() &&
                                     std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
                plain += escaped ? static_cast<char>(byte) : path[i];
                if (escaped) i += 2;
            }
            return plain;
        }
    return name;
}

std::string shown_name(const std::string& name) {
    std::string_view rest = name;
    if (!is_url(name)) {
        rest.remove_prefix(user_length_without_scheme(name));
        return std::string(rest);
    }
    std::string shown;
    while (true) {
        const auto next = next_address(rest);
        if (next == rest.size()) return shown + shown_address(rest);
        const bool listed = rest[next - 1] == '|';
        shown += shown_address(rest.substr(0, listed ? next - 1 : next)) + (listed ? "|" : "");
        rest.remove_prefix(next);
    }
}

}  // namespace emotion::media
