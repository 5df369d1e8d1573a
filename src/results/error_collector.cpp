#include "results/error_collector.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/join.hpp"

namespace emotion::results {

namespace {

/// What an error is about: messages begin with a file's name.
std::string subject_of(const std::string& problem) {
    return problem.substr(0, problem.find(": "));
}

}  // namespace

void ErrorCollector::keep(const std::exception_ptr& thrown) {
    const bool is_first = !first_;
    if (is_first) first_ = thrown;
    try {
        std::rethrow_exception(thrown);
    } catch (const Error& error) {
        const bool only_errors = is_first || !problems_.empty();
        const auto told = std::ranges::count(problems_, subject_of(error.what()), subject_of);
        if (only_errors && told == 0) problems_.emplace_back(error.what());
    } catch (...) {  // the first exception takes precedence
    }
}

void ErrorCollector::rethrow() const {
    if (problems_.size() > 1) throw Error(join(problems_, "; "));
    if (first_) std::rethrow_exception(first_);
}

}  // namespace emotion::results
