#include "results/serve/http_request.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

namespace http_request_test {

using namespace emotion::results;

TEST_CASE("a request is parsed") {
    const auto request = parse_request(
        "GET /api/events?changes&token=abc HTTP/1.1\r\nHost: localhost:80\r\nX-One:  two words \r\n"
        "Cookie: a=1; emotion-detector=xyz; b\r\n\r\n");
    REQUIRE(request);
    CHECK(request->method == "GET");
    CHECK(request->path == "/api/events");
    CHECK(request->parameter("changes") == "");
    CHECK(request->parameter("token") == "abc");
    CHECK_FALSE(request->parameter("tok"));
    CHECK_FALSE(request->parameter("abc"));
    REQUIRE(request->header("host"));
    CHECK(*request->header("host") == "localhost:80");
    CHECK(*request->header("x-one") == "two words");
    CHECK(request->header("x-two") == nullptr);
    CHECK(request->cookie("emotion-detector") == "xyz");
    CHECK(request->cookie("b") == "");
    CHECK_FALSE(request->cookie("c"));
}

TEST_CASE("requests without headers, with HTTP 1.0 or with an empty body are valid") {
    CHECK(parse_request("GET / HTTP/1.0\r\n\r\n"));
    CHECK(parse_request("POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n"));
    CHECK(parse_request("GET /x? HTTP/1.1\r\nEmpty:\r\n\r\n"));
    CHECK(parse_request("GET / HTTP/1.1\r\nCookie: other=\xc3\xa4\r\n\r\n"));
}

TEST_CASE("ambiguous requests are rejected") {
    const std::string host = "Host: localhost\r\n";
    for (const auto& head : std::vector<std::string>{
             std::string(),
             std::string("\r\n\r\n"),
             std::string("GET / HTTP/1.1"),
             "GET / HTTP/1.1\r\n" + host,                                          // incomplete
             "GET / HTTP/1.1\n" + host + "\n",                                     // wrong line ends
             "GET / HTTP/2\r\n" + host + "\r\n",                                   //
             "GET / HTTP/1.1 \r\n" + host + "\r\n",                                //
             "GET  / HTTP/1.1\r\n" + host + "\r\n",                                //
             "get / HTTP/1.1\r\n" + host + "\r\n",                                 //
             "GET http://localhost/ HTTP/1.1\r\n" + host + "\r\n",                 // for a proxy
             "GET * HTTP/1.1\r\n" + host + "\r\n",                                 //
             "GET /\x01 HTTP/1.1\r\n" + host + "\r\n",                             //
             "GET /\xc3\xa4 HTTP/1.1\r\n" + host + "\r\n",                         //
             "GET / HTTP/1.1\r\n" + host + host + "\r\n",                          // ambiguous
             "GET / HTTP/1.1\r\n" + host + "hOST: other\r\n\r\n",                  //
             "GET / HTTP/1.1\r\n" + host + " folded\r\n\r\n",                      //
             "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",                         //
             std::string("GET / HTTP/1.1\r\nHost\r\n\r\n"),                        //
             std::string("GET / HTTP/1.1\r\n: x\r\n\r\n"),                         //
             std::string("GET / HTTP/1.1\r\nA: b\rc\r\n\r\n"),                     //
             std::string("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26),                 //
             "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\nx",          // bodies
             "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\n",           //
             "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n",  //
             "GET / HTTP/1.1\r\n" + host + "\r\nGET / HTTP/1.1\r\n\r\n",           // a second request
         }) {
        INFO(head);
        CHECK_FALSE(parse_request(head));
    }
}

}  // namespace http_request_test
