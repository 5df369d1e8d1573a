#pragma once

#include <exception>
#include <string>
#include <vector>

namespace emotion::results {

/// Collects what steps throw of which each is to be done although others fail, as outputs are finished. Not
/// thread-safe.
class ErrorCollector {
  public:
    template <typename Step>
    void attempt(const Step& step) {
        try {
            step();
        } catch (...) {
            keep(std::current_exception());
        }
    }

    bool failed() const { return first_ != nullptr; }
    /// Throws what was thrown first, if anything was; after several Errors one that says what all of them do.
    void rethrow() const;

  private:
    void keep(const std::exception_ptr& thrown);

    std::exception_ptr first_;
    std::vector<std::string> problems_;  ///< what the Errors say, each once
};

}  // namespace emotion::results
