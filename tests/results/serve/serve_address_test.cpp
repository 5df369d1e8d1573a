#include "results/serve/serve_address.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

namespace serve_address_test {

using namespace emotion;
using namespace emotion::results;

TEST_CASE("an address to serve at is a port, optionally with an address of the machine") {
    CHECK(parse_serve_address("8080").text() == "127.0.0.1:8080");
    CHECK(parse_serve_address("0").port == 0);
    CHECK(parse_serve_address("localhost:65535").text() == "127.0.0.1:65535");
    CHECK(parse_serve_address("192.168.1.5:80").text() == "192.168.1.5:80");
    CHECK(parse_serve_address("[::1]:8080").host == "::1");
    CHECK(parse_serve_address("[0:0:0:0:0:0:0:1]:8080").text(9) == "[::1]:9");
}

TEST_CASE("an invalid address to serve at is rejected in one line that names it") {
    for (const std::string text : {"",
                                   "page",
                                   "8080x",
                                   "-1",
                                   "65536",
                                   " 80",
                                   "80 ",
                                   "+80",
                                   ":80",
                                   "localhost",
                                   "door:80",
                                   "::1:80",
                                   "[::1]",
                                   "[::1:80",
                                   "[127.0.0.1]:80",
                                   "127.0.0.1:",
                                   "127.1:80",
                                   "999.0.0.1:80",
                                   "http://127.0.0.1:80",
                                   "127.0.0.1:80/",
                                   "99999999999999999999"}) {
        INFO(text);
        CHECK_THROWS_WITH(
            parse_serve_address(text),
            ContainsSubstring(text + ": expected PORT or ADDRESS:PORT") && !ContainsSubstring("\n"));
    }
}

TEST_CASE("loopback addresses are recognized") {
    CHECK(parse_serve_address("8080").is_loopback());
    CHECK(parse_serve_address("127.9.9.9:1").is_loopback());
    CHECK(parse_serve_address("[::1]:1").is_loopback());
    CHECK_FALSE(parse_serve_address("0.0.0.0:1").is_loopback());
    CHECK_FALSE(parse_serve_address("[::]:1").is_loopback());
    CHECK_FALSE(parse_serve_address("192.168.1.5:1").is_loopback());
    CHECK(parse_serve_address("0.0.0.0:1").is_any());
    CHECK(parse_serve_address("[::]:1").is_any());
    CHECK_FALSE(parse_serve_address("[::1]:1").is_any());
}

}  // namespace serve_address_test
