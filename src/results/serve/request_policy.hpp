#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/serve/http_request.hpp"
#include "results/serve/serve_address.hpp"

namespace emotion::results {

/// Whether two texts are equal, in a time that tells nothing but whether their lengths are.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// 128 bits of the system's randomness as 32 hexadecimal digits.
std::string random_secret();

/// Throws ConfigError unless `token` is 16 to 128 letters, digits, and any of "-._~", which stand for
/// themselves in addresses and headers.
void check_serve_token(const std::string& token);

/// Who may have what. Threads may share it.
class RequestPolicy {
  public:
    struct Secrets {
        std::string token;    ///< which opens everything; empty: none is asked for
        std::string session;  ///< value of the cookie that stands for the token in a browser
        std::string page;     ///< which the page sends with everything that changes something
    };
    enum class Verdict {
        kServe,
        kSignIn,       ///< the page, with the right token in its address: hand out the cookie instead
        kBadMethod,    ///< neither GET nor POST
        kWrongHost,    ///< by a name that is not this program's: DNS rebinding, or a proxy
        kCrossSite,    ///< a page of another site asks
        kNoToken,      ///< or a wrong one
        kNoPageToken,  ///< a change, and not by the page
    };

    /// `hosts`: names that this machine is known by, in lower case, where `address` stands for all of its
    /// addresses.
    RequestPolicy(const ServeAddress& address, std::vector<std::string> hosts, Secrets secrets);

    Verdict judge(const HttpRequest& request) const;
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
