#include "results/serve/http_request.hpp"

#include <algorithm>

#include "base/one_line.hpp"

namespace emotion::results {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_token(char c) {  // of a header name
    return (c >= 'a' && c <= 'z') || is_upper(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
bool is_seen(char c) {
    return c > ' ' && c <= '~';
}
bool is_text(char c) {  // cookies of other programs may contain bytes beyond ASCII
    return static_cast<unsigned char>(c) >= ' ' && c != '\x7f';
}

template <typename Is>
bool all(std::string_view text, Is is) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

/// Removes and returns the text before `end`, also removing `end`; nullopt if there is no `end`.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
    const auto at = text.find(end);
    if (at == std::string_view::npos) return std::nullopt;
    const auto taken = text.substr(0, at);
    text.remove_prefix(at + end.size());
    return taken;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool read_request_line(std::string_view line, HttpRequest& request) {
    const auto method = take_until(line, " ");
    const auto target = take_until(line, " ");
    if (!method || !target || !all(*method, is_upper) || !all(*target, is_seen) || target->front() != '/')
        return false;
    if (line != "HTTP/1.1" && line != "HTTP/1.0") return false;
    const auto mark = std::min(target->find('?'), target->size());
    request.method = *method;
    request.path = target->substr(0, mark);
    request.query = target->substr(std::min(mark + 1, target->size()));
    return true;
}

bool read_header(std::string_view line, HttpRequest& request) {
    const auto name = take_until(line, ":");
    if (!name || !all(*name, is_token) || !std::all_of(line.begin(), line.end(), is_text)) return false;
    auto lower = lower_case(*name);
    if (request.header(lower)) return false;
    request.headers.emplace_back(std::move(lower), trimmed(line));
    return true;
}

/// The value of `name` in a list of "name=value" separated by `separator`.
std::optional<std::string> value_of(std::string_view text, char separator, std::string_view name) {
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        const auto part = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = std::min(part.find('='), part.size());
        if (part.substr(0, equals) == name)
            return std::string(part.substr(std::min(equals + 1, part.size())));
    }
    return std::nullopt;
}

}  // namespace

const std::string* HttpRequest::header(std::string_view name) const {
    const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
    return found == headers.end() ? nullptr : &found->second;
}

std::optional<std::string> HttpRequest::parameter(std::string_view name) const {
    return value_of(query, '&', name);
}

std::optional<std::string> HttpRequest::cookie(std::string_view name) const {
    const auto* cookies = header("cookie");
    return cookies ? value_of(*cookies, ';', name) : std::nullopt;
}

std::optional<HttpRequest> parse_request(std::string_view head) {
    HttpRequest request;
    const auto first = take_until(head, kLineEnd);
    if (!first || !read_request_line(*first, request)) return std::nullopt;
    while (true) {
        const auto line = take_until(head, kLineEnd);
        if (!line) return std::nullopt;
        if (line->empty()) break;
        if (!read_header(*line, request)) return std::nullopt;
    }
    const auto* length = request.header("content-length");
    if (!head.empty() || request.header("transfer-encoding") || (length && *length != "0"))
        return std::nullopt;
    return request;
}

}  // namespace emotion::results
