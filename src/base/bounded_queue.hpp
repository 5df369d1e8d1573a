#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace emotion {

/// A first-in, first-out queue between threads; push() blocks while it holds `capacity` items. Thread-safe.
template <typename T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    /// Blocks until there is room. Returns false, and adds nothing, once `stop` is requested.
    bool push(T item, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [this] { return items_.size() < capacity_; });
        if (stop.stop_requested()) return false;
        items_.push_back(std::move(item));
        changed_.notify_all();
        return true;
    }

    /// Replaces all queued items by `item`, without blocking.
    void replace(T item) {
        const std::lock_guard lock(mutex_);
        items_.clear();
        items_.push_back(std::move(item));
        changed_.notify_all();
    }

    /// Ends the queue: pop() returns the items left, then rethrows `failure` if there is one.
    void close(std::exception_ptr failure = nullptr) {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        failure_ = std::move(failure);
        changed_.notify_all();
    }

    /// Waits up to `timeout` and returns whether pop() would return at once.
    bool ready(std::chrono::milliseconds timeout) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, timeout, [this] { return closed_ || !items_.empty(); });
    }

    /// Blocks until there is an item; nullopt at the end, or once `stop` is requested.
    std::optional<T> pop(const std::stop_token& stop = {}) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [this] { return closed_ || !items_.empty(); });
        if (stop.stop_requested()) return std::nullopt;
        if (items_.empty()) {
            if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
            return std::nullopt;
        }
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        changed_.notify_all();
        return item;
    }

  private:
    const std::size_t capacity_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<T> items_;
    bool closed_ = false;
    std::exception_ptr failure_;
};

}  // namespace emotion
