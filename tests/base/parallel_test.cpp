#include "base/parallel.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>

#include "support/catch.hpp"

namespace parallel_test {

using emotion::ThreadPool;

TEST_CASE("Every task runs exactly once, whatever the number of threads") {
    for (const int threads : {1, 2, 5}) {
        ThreadPool pool(threads);
        REQUIRE(pool.size() == threads);
        for (int round = 0; round < 200; ++round) {
            std::vector<int> runs(37, 0);
            std::atomic<bool> thread_known = true;
            pool.run(37, [&](std::int64_t task, int thread) {
                ++runs[static_cast<std::size_t>(task)];
                if (thread < 0 || thread >= threads) thread_known = false;
            });
            REQUIRE(runs == std::vector<int>(37, 1));
            REQUIRE(thread_known);
        }
    }
}

TEST_CASE("Tasks run at the same time, as many as there are threads") {
    constexpr int kThreads = 3;
    ThreadPool pool(kThreads);
    std::mutex mutex;
    std::condition_variable arrived;
    std::set<int> threads;
    std::atomic<bool> met = true;
    // Each task waits for the others: in sequence they would never finish.
    pool.run(kThreads, [&](std::int64_t, int thread) {
        std::unique_lock lock(mutex);
        threads.insert(thread);
        arrived.notify_all();
        if (!arrived.wait_for(lock, std::chrono::minutes(5), [&] { return threads.size() == kThreads; }))
            met = false;
    });
    CHECK(met);
    CHECK(threads == std::set<int>{0, 1, 2});
}

TEST_CASE("A task's exception reaches the caller and the pool stays usable") {
    ThreadPool pool(3);
    CHECK_THROWS_AS(pool.run(10,
                             [](std::int64_t task, int) {
                                 if (task == 4) throw std::runtime_error("task 4");
                             }),
                    std::runtime_error);
    std::atomic<int> done = 0;
    pool.run(10, [&](std::int64_t, int) { ++done; });
    CHECK(done == 10);
}

}  // namespace parallel_test
