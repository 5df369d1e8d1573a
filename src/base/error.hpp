#pragma once

#include <stdexcept>
#include <string>

namespace emotion {

/// A failure that the user can fix: a missing file, a damaged picture, a full disk. The message is one line
/// that names the file, key or frame, says what was expected and how to fix it. Programs exit with 1.
class __attribute__((visibility("default"))) Error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// An error in the user's input: the command line, a configuration, a recipe. Programs exit with 2.
class __attribute__((visibility("default"))) ConfigError : public Error {
  public:
    using Error::Error;
};

}  // namespace emotion
