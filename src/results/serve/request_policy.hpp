#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/serve/http_request.hpp"
#include "results/serve/serve_address.hpp"

namespace emotion::results {

/// Compares in a time that depends only on the lengths.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// 128 random bits from the system as 32 hexadecimal digits.
std::string random_secret();

/// Throws ConfigError unless `token` consists of 16 to 128 letters, digits and any of "-._~", which need no
/// escaping in URLs and headers.
void check_serve_token(const std::string& token);

/// Decides which requests are allowed. Thread-safe.
class RequestPolicy {
  public:
    struct Secrets {
        std::string token;    ///< grants all access; empty: none is required
        std::string session;  ///< value of the cookie that replaces the token in a browser
        std::string page;     ///< sent by the page with every request that changes something
    };
    enum class Verdict {
        kServe,
        kSignIn,       ///< the page with the right token in its URL: set the cookie
        kBadMethod,    ///< neither GET, HEAD nor POST
        kWrongHost,    ///< a host name that is not this program's: DNS rebinding, or a proxy
        kCrossSite,    ///< sent by a page of another site
        kNoToken,      ///< missing or wrong
        kNoPageToken,  ///< a change not requested by the page
    };

    /// `hosts`: names of this machine in lower case, used if `address` is the wildcard address.
    RequestPolicy(const ServeAddress& address, std::vector<std::string> hosts, Secrets secrets);

    Verdict decide(const HttpRequest& request) const;
    const Secrets& secrets() const { return secrets_; }

    static constexpr std::string_view kCookie = "emotion-detector";
    static constexpr std::string_view kPageHeader = "x-emotion-page";  ///< with Secrets::page

  private:
    bool is_own_host(std::string_view host_and_port) const;
    bool has_token(const HttpRequest& request) const;

    ServeAddress address_;
    std::vector<std::string> hosts_;
    Secrets secrets_;
};

}  // namespace emotion::results
