#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace emotion {

/// Threads that wait for work, so that a loop of a few microseconds is worth sharing. Which thread runs which
/// task is not fixed: for results that do not depend on the number of threads, let each task write to places
/// of its own and reduce them in task order afterwards.
class ThreadPool {
  public:
    /// `threads` counts the calling thread too; 0 takes as many as the machine has cores.
    explicit ThreadPool(int threads = 0);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const { return static_cast<int>(workers_.size()) + 1; }

    /// Calls `work(task, thread)` for every task in [0, tasks) and returns when all are done; thread is in
    /// [0, size()). The first exception thrown by a task is thrown again here. One caller at a time.
    void run(std::int64_t tasks, const std::function<void(std::int64_t task, int thread)>& work);

  private:
    void take_tasks(int thread);

    std::mutex mutex_;
    std::condition_variable_any work_ready_;
    std::condition_variable work_done_;
    const std::function<void(std::int64_t, int)>* work_ = nullptr;
    std::int64_t tasks_ = 0;
    std::int64_t next_ = 0;
    std::int64_t unfinished_ = 0;
    std::exception_ptr failure_;
    std::vector<std::jthread> workers_;
};

}  // namespace emotion
