#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "support/temporary_folder.hpp"

namespace emotion::test {

struct ProgramResult {
    int exit_code = -1;  ///< 128 + the signal's number if one ended it
    std::string out;
    std::string err;
};

/// A program started without a shell. `program` without a slash is looked up in the build's bin folder, then
/// in PATH; `environment` is added to this process's own, and a variable given as empty is there but empty.
class RunningProgram {
  public:
    RunningProgram(const std::string& program, const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& environment = {});
    /// Ends it if it still runs.
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    pid_t id() const { return id_; }
    void send(int signal) const;
    /// What it wrote to stderr so far.
    std::string err() const;
    ProgramResult wait();

  private:
    TemporaryFolder folder_;
    pid_t id_ = 0;
};

/// Runs a program and waits for its end.
ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {});

/// Whether `program` is one of the build's or stands in PATH.
bool have_program(const std::string& program);

/// Whether this build's programs count their lines: they write that where they were built, and complain where
/// they may not.
#ifdef EMOTION_COVERAGE
inline constexpr bool kCountsLines = true;
#else
inline constexpr bool kCountsLines = false;
#endif

/// Whether `program` is there and ends well: containers, for one, may forbid what it is for.
bool program_works(const std::string& program, const std::vector<std::string>& arguments);

/// What a program said, but for how far it was: that it tells only on slow machines.
std::string without_progress(const std::string& err);

}  // namespace emotion::test
