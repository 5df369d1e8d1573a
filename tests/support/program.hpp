#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

#include "support/temporary_folder.hpp"

namespace emotion::test {

struct ProgramResult {
    int exit_code = -1;  ///< 128 + the signal number if ended by one
    std::string out;
    std::string err;  ///< without progress, which is only printed if the work takes ten seconds
};

/// A program started without a shell. A `program` without a slash is searched in the build's bin folder, then
/// in PATH; `environment` is added to this process's, where empty values set empty variables.
class RunningProgram {
  public:
    RunningProgram(const std::string& program, const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& environment = {});
    /// Kills it if it is still running.
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    pid_t id() const { return id_; }
    void send(int signal) const;
    /// Its stderr so far.
    std::string err() const;
    bool has_ended() const;
    /// Waits for its end.
    ProgramResult wait();

  private:
    TemporaryFolder folder_;
    pid_t id_ = 0;
};

/// Runs a program to its end.
ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment = {});

/// Whether `program` is part of the build or in PATH.
bool have_program(const std::string& program);

/// Whether this build measures coverage: its programs write to the build folder, and print errors if they may
/// not.
#ifdef EMOTION_COVERAGE
inline constexpr bool kCountsLines = true;
#else
inline constexpr bool kCountsLines = false;
#endif

/// Whether `program` exists and succeeds: containers, for example, may forbid what it does.
bool program_works(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace emotion::test
