#include "base/bounded_queue.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

#include "support/catch.hpp"

namespace bounded_queue_test {

using emotion::BoundedQueue;

TEST_CASE("Items come out in the order they were pushed") {
    BoundedQueue<std::unique_ptr<int>> queue(3);
    const std::jthread giver([&](const std::stop_token& stop) {
        for (int i = 0; i < 1000; ++i) queue.push(std::make_unique<int>(i), stop);
        queue.close();
    });
    for (int i = 0; i < 1000; ++i) REQUIRE(**queue.pop() == i);
    CHECK_FALSE(queue.pop());
    CHECK_FALSE(queue.pop());
}

TEST_CASE("A queue never holds more items than its capacity") {
    BoundedQueue<int> queue(4);
    std::atomic<int> given = 0;
    const std::jthread giver([&](const std::stop_token& stop) {
        for (int i = 0; i < 100; ++i) {
            ++given;
            queue.push(i, stop);
        }
        queue.close();
    });
    for (int taken = 0; queue.pop(); ++taken) REQUIRE(given <= taken + 1 + 4 + 1);
    CHECK(given == 100);
}

TEST_CASE("A failure is rethrown once, after the last item") {
    BoundedQueue<int> queue(4);
    queue.push(7, {});
    queue.close(std::make_exception_ptr(std::runtime_error("broken")));
    CHECK(queue.pop() == 7);
    CHECK_THROWS_WITH(queue.pop(), "broken");
    CHECK_FALSE(queue.pop());
}

TEST_CASE("A stop request ends waiting on both sides") {
    BoundedQueue<int> queue(1);
    std::atomic<bool> pushed = true, popped = true;
    {
        std::jthread taker([&](const std::stop_token& stop) { popped = queue.pop(stop).has_value(); });
        taker.request_stop();
    }
    CHECK_FALSE(popped);
    queue.push(1, {});
    {
        std::jthread giver([&](const std::stop_token& stop) { pushed = queue.push(2, stop); });
        giver.request_stop();
    }
    CHECK_FALSE(pushed);
    CHECK(queue.pop() == 1);
}

TEST_CASE("After a stop request nothing goes in or out even without waiting") {
    BoundedQueue<int> queue(2);
    queue.push(1, {});
    std::stop_source source;
    source.request_stop();
    CHECK_FALSE(queue.push(2, source.get_token()));
    CHECK_FALSE(queue.pop(source.get_token()));
    CHECK(queue.pop() == 1);
    queue.close();
    CHECK_FALSE(queue.pop());
}

TEST_CASE("A replacing item is the only one left") {
    BoundedQueue<int> queue(1);
    for (int i = 0; i < 3; ++i) queue.replace(i);
    CHECK(queue.pop() == 2);
    CHECK_FALSE(queue.ready(std::chrono::milliseconds(0)));

    auto ready = std::async(std::launch::async, [&] { return queue.ready(std::chrono::hours(1)); });
    queue.replace(7);
    CHECK(ready.get());
    CHECK(queue.pop() == 7);
    auto closed = std::async(std::launch::async, [&] { return queue.ready(std::chrono::hours(1)); });
    queue.close();
    CHECK(closed.get());
    CHECK_FALSE(queue.pop());
}

}  // namespace bounded_queue_test
