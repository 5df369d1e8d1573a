#include "results/serve/request_policy.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <arpa/inet.h>

#include "base/error.hpp"
#include "base/formatted.hpp"
#include "base/one_line.hpp"

namespace emotion::results {
namespace {

constexpr std::size_t kMinToken = 16, kMaxToken = 128, kMaxPortDigits = 5;
constexpr std::string_view kBearer = "Bearer ";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

/// The host of "host:port" in lower case, without the brackets of IPv6; empty if invalid. The port is
/// ignored, because forwarding, for example by ssh -L, may change it.
std::string host_of(std::string_view text) {
    const auto end = text.starts_with('[') ? text.find(']') : text.find(':');
    auto host = text.substr(0, end);
    auto rest = text.substr(std::min(host.size(), text.size()));
    if (text.starts_with('[')) {
        if (end == std::string_view::npos) return {};
        host.remove_prefix(1);
        rest.remove_prefix(1);
    }
    if (!rest.empty() && (rest.size() < 2 || rest.size() > kMaxPortDigits + 1 || rest.front() != ':' ||
                          !std::all_of(rest.begin() + 1, rest.end(), is_digit)))
        return {};
    return lower_case(host);
}

bool is_number(const std::string& host) {
    unsigned char bytes[16];
    return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

/// Whether a page of another site, or of another program on this machine, sends the request, as reported by
/// browsers. Following a link to the page is allowed.
bool is_cross_site(const HttpRequest& request) {
    const auto is = [&](std::string_view name, std::string_view value) {
        const auto* header = request.header(name);
        return header && *header == value;
    };
    const auto* origin = request.header("origin");
    if (origin && lower_case(*origin) != "http://" + lower_case(*request.header("host"))) return true;
    if (!request.header("sec-fetch-site") || is("sec-fetch-site", "same-origin") ||
        is("sec-fetch-site", "none"))
        return false;
    return request.method != "GET" || request.path != "/" || !is("sec-fetch-mode", "navigate") ||
           !is("sec-fetch-dest", "document");
}

}  // namespace

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    volatile unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
    return difference == 0;
}

std::string random_secret() {
    std::random_device device;
    std::string text;
    for (int word = 0; word < 4; ++word) text += formatted("%08x", static_cast<unsigned>(device()));
    return text;
}

void check_serve_token(const std::string& token) {
    if (token.size() < kMinToken || token.size() > kMaxToken ||
        !std::all_of(token.begin(), token.end(), is_unreserved))
        throw ConfigError(
            "--serve-token: expected 16 to 128 letters, digits and -._~ that nobody can guess, or leave it "
            "out to have one generated");
}

RequestPolicy::RequestPolicy(const ServeAddress& address, std::vector<std::string> hosts, Secrets secrets)
    : address_(address), hosts_(std::move(hosts)), secrets_(std::move(secrets)) {}

/// Only known names: any other could be made to point here by DNS rebinding. Numeric addresses cannot.
bool RequestPolicy::is_own_host(std::string_view host_and_port) const {
    const auto host = host_of(host_and_port);
    if (host.empty()) return false;
    if (address_.is_loopback())
        return host == "localhost" || (is_number(host) && ServeAddress{host, 0}.is_loopback());
    if (!address_.is_any()) return host == address_.host;
    return host == "localhost" || is_number(host) ||
           std::find(hosts_.begin(), hosts_.end(), host) != hosts_.end();
}

bool RequestPolicy::has_token(const HttpRequest& request) const {
    if (secrets_.token.empty()) return true;
    const auto* authorization = request.header("authorization");
    const bool in_header = authorization && authorization->starts_with(kBearer) &&
                           equal_in_constant_time(authorization->substr(kBearer.size()), secrets_.token);
    const bool in_cookie =
        equal_in_constant_time(request.cookie(kCookie).value_or(std::string()), secrets_.session);
    const bool in_address =
        equal_in_constant_time(request.parameter("token").value_or(std::string()), secrets_.token);
    return in_header || in_cookie || in_address;
}

RequestPolicy::Verdict RequestPolicy::decide(const HttpRequest& request) const {
    const auto* host = request.header("host");
    if (!host || !is_own_host(*host)) return Verdict::kWrongHost;
    const bool changes = request.method == "POST";
    if (!changes && request.method != "GET" && request.method != "HEAD") return Verdict::kBadMethod;
    if (is_cross_site(request)) return Verdict::kCrossSite;
    if (!has_token(request)) return Verdict::kNoToken;
    const auto* page = request.header(kPageHeader);
    if (changes && !(page && equal_in_constant_time(*page, secrets_.page))) return Verdict::kNoPageToken;
    const bool in_address = !secrets_.token.empty() && request.parameter("token");
    return !changes && request.path == "/" && in_address ? Verdict::kSignIn : Verdict::kServe;
}

}  // namespace emotion::results
