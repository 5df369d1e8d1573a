#pragma once

#include <string>

namespace emotion::apps {

/// For a catch (...): what to report of the exception if it is one that ends the work on this source alone,
/// an Error, a lack of memory or OpenCV's. Any other goes on.
std::string source_problem(const std::string& source);

}  // namespace emotion::apps
