#pragma once

#include <exception>
#include <string>
#include <vector>

namespace emotion::results {

/// Collects exceptions from steps that must all run even if some fail, such as finishing outputs. Not
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
    /// Rethrows the first exception, if any; several Errors are combined into one message.
    void rethrow() const;

  private:
    void keep(const std::exception_ptr& thrown);

    std::exception_ptr first_;
    std::vector<std::string> problems_;  ///< messages of the Errors, the first about each file
};

}  // namespace emotion::results
