#include "results/serve/request_policy.hpp"

#include <map>
#include <set>

#include "base/error.hpp"
#include "support/catch.hpp"

namespace request_policy_test {

using namespace emotion;
using namespace emotion::results;
using Verdict = RequestPolicy::Verdict;

namespace {

const std::string kToken = "a-token-nobody-guesses";

RequestPolicy policy_at(const std::string& address, const std::string& token = "") {
    return {parse_serve_address(address), {"kiosk", "kiosk.local"}, {token, "session", "page"}};
}

using Headers = std::map<std::string, std::string>;

Verdict judged(const RequestPolicy& policy, const std::string& line, Headers headers,
               const std::string& host = "localhost:8080") {
    std::string head = line + " HTTP/1.1\r\n";
    if (!host.empty()) headers["Host"] = host;
    for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
    const auto request = parse_request(head + "\r\n");
    REQUIRE(request);
    return policy.decide(*request);
}

}  // namespace

TEST_CASE("only the program's own host names are accepted, with any port") {
    struct Case {
        std::string address;
        std::vector<std::string> right, wrong;
    };
    const std::vector<Case> cases{
        {"8080",
         {"localhost", "localhost:8080", "LOCALHOST:9000", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080"},
         {"",
          "evil.example",
          "evil.example:8080",
          "localhost.evil.example",
          "127.0.0.1.evil.example",
          "192.168.1.5",
          "kiosk",
          "0.0.0.0",
          "localhost:",
          "localhost:x",
          "localhost:808080",
          "localhost:80:80",
          "[::1",
          "[::1]x",
          "[localhost]:80x",
          "::1",
          "127.0.0.1@evil.example",
          "localhost,evil.example",
          "[::2]",
          "127.evil.example"}},
        {"192.168.1.5:8080",
         {"192.168.1.5", "192.168.1.5:8080"},
         {"localhost", "kiosk", "127.0.0.1", "192.168.1.6"}},
        {"0.0.0.0:8080",
         {"localhost", "192.168.1.5:8080", "10.0.0.1", "kiosk:8080", "kiosk.local", "[fe80::1]:8080"},
         {"", "evil.example", "kiosk.evil.example", "999.1.1.1"}}};
    for (const auto& one : cases) {
        const auto policy = policy_at(one.address);
        for (const auto& host : one.right) {
            INFO(one.address << " as " << host);
            CHECK(judged(policy, "GET /", {}, host) == Verdict::kServe);
        }
        for (const auto& host : one.wrong) {
            INFO(one.address << " as " << host);
            CHECK(judged(policy, "GET /", {}, host) == Verdict::kWrongHost);
            CHECK(judged(policy, "HEAD /", {}, host) == Verdict::kWrongHost);
        }
    }
}

TEST_CASE("pages of other sites get nothing, but links to the page work") {
    const auto policy = policy_at("8080");
    const auto of = [&](const std::string& line, const Headers& headers) {
        return judged(policy, line, headers);
    };
    CHECK(of("GET /api/frame", {{"Origin", "http://localhost:8080"}}) == Verdict::kServe);
    for (const std::string origin : {"http://evil.example", "http://localhost:8081", "http://localhost",
                                     "https://localhost:8080", "http://127.0.0.1:8080", "null", ""}) {
        INFO(origin);
        CHECK(of("GET /api/frame", {{"Origin", origin}}) == Verdict::kCrossSite);
        CHECK(of("POST /api/actions/record", {{"Origin", origin}, {"X-Emotion-Page", "page"}}) ==
              Verdict::kCrossSite);
    }
    for (const std::string site : {"cross-site", "same-site", "anything"}) {
        INFO(site);
        const Headers link{
            {"Sec-Fetch-Site", site}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}};
        auto picture = link, frame = link;
        picture["Sec-Fetch-Mode"] = "no-cors";
        frame["Sec-Fetch-Dest"] = "iframe";
        CHECK(of("GET /", link) == Verdict::kServe);
        CHECK(of("GET /frame.jpg", link) == Verdict::kCrossSite);
        CHECK(of("HEAD /frame.jpg", link) == Verdict::kCrossSite);
        CHECK(of("POST /", link) == Verdict::kCrossSite);
        CHECK(of("GET /", picture) == Verdict::kCrossSite);
        CHECK(of("GET /", frame) == Verdict::kCrossSite);
    }
    for (const std::string site : {"same-origin", "none"})
        CHECK(of("GET /frame.jpg", {{"Sec-Fetch-Site", site}}) == Verdict::kServe);
}

TEST_CASE("changes require POST with the page's own token") {
    const auto policy = policy_at("8080");
    const std::string action = "/api/actions/record";
    CHECK(judged(policy, "POST " + action, {{"X-Emotion-Page", "page"}}) == Verdict::kServe);
    CHECK(judged(policy, "POST " + action, {}) == Verdict::kNoPageToken);
    for (const std::string wrong : {"", "pag", "Page", "page2", "session"})
        CHECK(judged(policy, "POST " + action, {{"X-Emotion-Page", wrong}}) == Verdict::kNoPageToken);
    for (const std::string method : {"PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE"})
        CHECK(judged(policy, method + " " + action, {{"X-Emotion-Page", "page"}}) == Verdict::kBadMethod);
}

TEST_CASE("with a token required, nothing is accessible without it") {
    const auto policy = policy_at("0.0.0.0:8080", kToken);
    const auto of = [&](const std::string& line, const Headers& headers) {
        return judged(policy, line, headers);
    };
    CHECK(of("GET /", {}) == Verdict::kNoToken);
    CHECK(of("HEAD /", {}) == Verdict::kNoToken);
    CHECK(of("GET /?token=", {}) == Verdict::kNoToken);
    CHECK(of("GET /?token=" + kToken + "x", {}) == Verdict::kNoToken);
    CHECK(of("GET /?token=session", {}) == Verdict::kNoToken);
    CHECK(of("GET /", {{"Cookie", "emotion-detector=" + kToken}}) == Verdict::kNoToken);
    CHECK(of("GET /", {{"Cookie", "emotion-detector="}}) == Verdict::kNoToken);
    CHECK(of("GET /", {{"Authorization", kToken}}) == Verdict::kNoToken);
    CHECK(of("GET /", {{"Authorization", "Bearer session"}}) == Verdict::kNoToken);
    CHECK(of("POST /api/actions/record", {{"X-Emotion-Page", "page"}}) == Verdict::kNoToken);

    CHECK(of("GET /?token=" + kToken, {}) == Verdict::kSignIn);
    CHECK(of("GET /frame.jpg?token=" + kToken, {}) == Verdict::kServe);
    CHECK(of("GET /api/frame", {{"Authorization", "Bearer " + kToken}}) == Verdict::kServe);
    CHECK(of("GET /", {{"Cookie", "a=b; emotion-detector=session"}}) == Verdict::kServe);
    CHECK(of("POST /api/actions/record", {{"Cookie", "emotion-detector=session"}}) == Verdict::kNoPageToken);
    CHECK(of("POST /api/actions/record",
             {{"Cookie", "emotion-detector=session"}, {"X-Emotion-Page", "page"}}) == Verdict::kServe);
    CHECK(judged(policy, "GET /?token=" + kToken, {}, "evil.example") == Verdict::kWrongHost);
}

TEST_CASE("secrets are compared completely") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "xbc"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    CHECK_FALSE(equal_in_constant_time("", "a"));
}

TEST_CASE("secrets are 32 random digits") {
    std::set<std::string> secrets;
    for (int i = 0; i < 100; ++i) {
        secrets.insert(random_secret());
        CHECK(secrets.rbegin()->size() == 32);
        CHECK(secrets.rbegin()->find_first_not_of("0123456789abcdef") == std::string::npos);
    }
    CHECK(secrets.size() == 100);
}

TEST_CASE("a user's token must be long enough and need no escaping") {
    CHECK_NOTHROW(check_serve_token("0123456789abcdef"));
    CHECK_NOTHROW(check_serve_token("AZaz09-._~" + std::string(118, 'x')));
    CHECK_NOTHROW(check_serve_token(random_secret()));
    for (const std::string& token :
         {std::string("too-short"), std::string(129, 'x'), std::string("with a space 012345"),
          std::string("a&b=c%20d012345678"), std::string("\xc3\xa4 0123456789abcdef")})
        CHECK_THROWS_AS(check_serve_token(token), ConfigError);
}

}  // namespace request_policy_test
