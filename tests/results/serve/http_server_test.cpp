#include "results/serve/http_server.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "results/serve/http_request.hpp"
#include "support/caller.hpp"
#include "support/catch.hpp"
#include "support/wait_until.hpp"

namespace http_server_test {

using namespace emotion;
using namespace emotion::results;
using namespace std::chrono_literals;
using test::Caller;
using test::wait_until;

namespace {

const std::string kRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

TEST_CASE("a server passes on the head of a request, however it is split") {
    std::string seen;
    HttpServer server({}, [&](std::string_view head, HttpClient& client) {
        seen = head;
        client.write("HTTP/1.1 200 OK\r\n\r\nhello");
    });
    REQUIRE(server.port() > 0);
    Caller caller(server.port());
    for (const char c : kRequest) REQUIRE(caller.say(std::string(1, c)));
    CHECK(caller.hear() == "HTTP/1.1 200 OK\r\n\r\nhello");
    CHECK(seen == kRequest);
}

TEST_CASE("the head of a request is limited in size and time") {
    std::atomic<std::size_t> longest = 0;
    std::atomic<int> answered = 0;
    HttpServer server({}, [&](std::string_view head, HttpClient& client) {
        longest = std::max(longest.load(), head.size());
        ++answered;
        client.write("done");
    });
    Caller endless(server.port());
    CHECK(endless.say("GET / HTTP/1.1\r\nX: " + std::string(kMaxHeadBytes, 'x')));
    CHECK(endless.hear() == "done");
    CHECK(longest > kMaxHeadBytes);
    CHECK(longest <= kMaxHeadBytes + 4096);

    const auto started = std::chrono::steady_clock::now();
    Caller half(server.port());
    CHECK(half.say("GET / HT"));
    CHECK(half.hear() == "done");
    CHECK(std::chrono::steady_clock::now() - started > 4s);
    CHECK(answered == 2);
}

TEST_CASE("sixteen connections are served at a time and more are refused") {
    std::atomic<int> at_work = 0;
    std::atomic<bool> go = false;
    HttpServer server({}, [&](std::string_view, HttpClient& client) {
        ++at_work;
        while (!go && client.is_there()) std::this_thread::sleep_for(1ms);
        client.write("done");
        --at_work;
    });
    std::vector<std::unique_ptr<Caller>> callers;
    for (std::size_t i = 0; i < HttpServer::kMaxClients; ++i) {
        callers.push_back(std::make_unique<Caller>(server.port()));
        REQUIRE(callers.back()->say(kRequest));
        wait_until([&] { return at_work == static_cast<int>(i) + 1; });
    }
    int refused = 0;
    for (int i = 0; i < 200; ++i) {
        Caller one(server.port());
        one.say(kRequest);
        if (one.hear().find("503 Service Unavailable") != std::string::npos) ++refused;
    }
    CHECK(refused == 200);
    CHECK(at_work == 16);
    callers.pop_back();  // one disconnects, and another takes its place
    wait_until([&] { return at_work == 15; });
    std::unique_ptr<Caller> another;
    wait_until([&] {
        another = std::make_unique<Caller>(server.port());
        another->say(kRequest);
        wait_until([&] { return at_work == 16 || another->has_word(); });  // served or refused
        return at_work == 16;
    });
    go = true;
    CHECK(callers.front()->hear() == "done");
    CHECK(another->hear() == "done");
}

TEST_CASE("a client that stops reading is dropped and delays no one") {
    std::atomic<bool> taken = true;
    HttpServer server({}, [&](std::string_view head, HttpClient& client) {
        if (head.find("/much") == std::string::npos) {
            client.write("done");
            return;
        }
        const std::string much(1'000'000, 'x');
        while (client.write(much)) continue;
        taken = false;
    });
    Caller deaf(server.port());
    REQUIRE(deaf.say("GET /much HTTP/1.1\r\n\r\n"));
    Caller other(server.port());
    REQUIRE(other.say(kRequest));
    CHECK(other.hear() == "done");
    wait_until([&] { return !taken; });
}

TEST_CASE("a handler that throws ends only its own connection") {
    HttpServer server({}, [&](std::string_view head, HttpClient& client) {
        if (head.find("/bad") != std::string::npos) throw std::runtime_error("bad");
        client.write("done");
    });
    for (int i = 0; i < 40; ++i) {  // more than there are threads
        Caller bad(server.port());
        REQUIRE(bad.say("GET /bad HTTP/1.1\r\n\r\n"));
        CHECK(bad.hear().empty());
    }
    Caller good(server.port());
    REQUIRE(good.say(kRequest));
    CHECK(good.hear() == "done");
}

TEST_CASE("a server that stops leaves no client waiting") {
    std::atomic<int> at_work = 0;
    auto server =
        std::make_unique<HttpServer>(ServeAddress{}, [&](std::string_view head, HttpClient& client) {
            if (head == kRequest) ++at_work;  // half a request is passed on as well, after a few seconds
            while (client.is_there()) std::this_thread::sleep_for(1ms);
            client.write("goodbye");
        });
    Caller caller(server->port()), half(server->port());
    REQUIRE(half.say("GET / HT"));
    REQUIRE(caller.say(kRequest));
    wait_until([&] { return at_work == 1; });
    const int port = server->port();
    server.reset();
    CHECK(caller.hear() == "goodbye");
    half.hear();
    HttpServer again({"127.0.0.1", port}, [](std::string_view, HttpClient&) {});  // the port is free at once
    CHECK(again.port() == port);
}

TEST_CASE("an unavailable address is a one-line error with the reason") {
    const HttpServer first({}, [](std::string_view, HttpClient&) {});
    const auto nothing = [](std::string_view, HttpClient&) {};
    const auto port = std::to_string(first.port());
    CHECK_THROWS_WITH(HttpServer({"127.0.0.1", first.port()}, nothing),
                      ContainsSubstring("--serve 127.0.0.1:" + port + ": port " + port + " is in use"));
    CHECK_THROWS_WITH(HttpServer({"192.0.2.1", 0}, nothing),  // reserved for documentation
                      ContainsSubstring("192.0.2.1 is not an address of this machine"));
}

}  // namespace http_server_test
