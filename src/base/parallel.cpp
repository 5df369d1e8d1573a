#include "base/parallel.hpp"

#include <algorithm>

namespace emotion {

ThreadPool::ThreadPool(int threads) {
    if (threads <= 0) threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    for (int thread = 1; thread < threads; ++thread)
        workers_.emplace_back([this, thread](const std::stop_token& stop) {
            for (;;) {
                {
                    std::unique_lock lock(mutex_);
                    if (!work_ready_.wait(lock, stop, [this] { return next_ < tasks_; })) return;
                }
                take_tasks(thread);
            }
        });
}

void ThreadPool::take_tasks(int thread) {
    std::unique_lock lock(mutex_);
    while (next_ < tasks_) {
        const std::int64_t task = next_++;
        lock.unlock();
        std::exception_ptr failure;
        try {
            (*work_)(task, thread);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        if (failure && !failure_) failure_ = failure;
        if (--unfinished_ == 0) work_done_.notify_all();
    }
}

void ThreadPool::run(std::int64_t tasks, const std::function<void(std::int64_t, int)>& work) {
    if (tasks <= 0) return;
    {
        const std::lock_guard lock(mutex_);
        work_ = &work;
        tasks_ = unfinished_ = tasks;
        next_ = 0;
        failure_ = nullptr;
    }
    if (tasks > 1) work_ready_.notify_all();
    take_tasks(0);
    std::unique_lock lock(mutex_);
    work_done_.wait(lock, [this] { return unfinished_ == 0; });
    tasks_ = 0;
    if (failure_) std::rethrow_exception(failure_);
}

}  // namespace emotion
