#pragma once

#include <string>

namespace emotion::apps {

/// To be called in a catch (...): the message for an exception that only ends work on this source, which is
/// an Error, lack of memory or an OpenCV exception. Rethrows any other.
std::string source_problem(const std::string& source);

}  // namespace emotion::apps
