#pragma once

#include <map>
#include <string>
#include <vector>

namespace emotion::test {

struct ProgramResult {
    int exit_code = -1;  ///< 128 + the signal's number if one ended it
    std::string out;
    std::string err;
};

/// Runs a program without a shell and waits for its end. `program` without a slash is looked up in the build's
/// bin folder, then in PATH; `environment` is added to this process's own.
ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {});

/// Whether `program` is one of the build's or stands in PATH.
bool have_program(const std::string& program);

}  // namespace emotion::test
