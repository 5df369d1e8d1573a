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

/// A pool whose threads keep waiting for work, so that loops of a few microseconds are worth sharing. Tasks
/// are not bound to threads: for results independent of the number of threads, let each task write to its own
/// place and reduce in task order afterwards.
class ThreadPool {
  public:
    /// `threads` includes the calling thread; 0: one per core.
    explicit ThreadPool(int threads = 0);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int size() const { return static_cast<int>(workers_.size()) + 1; }

    /// Calls `work(task, thread)` for every task in [0, tasks) and returns when all are done; thread is in
    /// [0, size()). Rethrows the first exception thrown by a task. One caller at a time.
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
