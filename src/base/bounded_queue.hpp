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

/// Hands things from one thread to another in order; the giver waits while `capacity` of them lie untaken.
/// Every call may come from any thread.
template <typename T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

    /// Waits for room. False, and nothing is added, once `stop` is asked for.
    bool push(T item, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [this] { return items_.size() < capacity_; });
        if (stop.stop_requested()) return false;
        items_.push_back(std::move(item));
        changed_.notify_all();
        return true;
    }

    /// Puts `item` in the place of all that lie untaken, without waiting.
    void replace(T item) {
        const std::lock_guard lock(mutex_);
        items_.clear();
        items_.push_back(std::move(item));
        changed_.notify_all();
    }

    /// Nothing is pushed any more; `failure`, if there was one, is thrown to the taker behind the last item.
    void close(std::exception_ptr failure = nullptr) {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        failure_ = std::move(failure);
        changed_.notify_all();
    }

    /// Waits for `patience` at most. Whether pop() need not wait.
    bool ready(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [this] { return closed_ || !items_.empty(); });
    }

    /// Waits for the next item; nullopt at the end, or once `stop` is asked for.
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
