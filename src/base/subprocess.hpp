#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace emotion {

/// A child process: another program, or a copy of this process that runs a function. It outlives this object
/// unless wait() or kill() is called. Not thread-safe.
class Subprocess {
  public:
    /// How a process ended: by exiting, or by a signal.
    struct Ending {
        int exit_code = 0;  ///< 0 if a signal ended it
        int signal = 0;     ///< 0 if it exited

        bool succeeded() const { return exit_code == 0 && signal == 0; }
    };

    /// Starts a program, found through PATH, without a shell. It reads nothing, writes to this process's
    /// standard error and inherits no other open file. `variables` ("NAME=value") are added to the
    /// environment or replace existing ones. Signals that this process ignores have their default effect.
    /// Throws Error with the reason if the program cannot be run.
    static Subprocess start(const std::vector<std::string>& words,
                            const std::vector<std::string>& variables = {});

    /// Runs `work` in a copy of this process and exits with its return value, without running destructors;
    /// with 70 if it throws. The copy has its own process group, so that Ctrl-C reaches only this process. It
    /// has no threads but the caller's, so fork before starting any. Throws Error.
    static Subprocess fork(const std::function<int()>& work);

    Subprocess(Subprocess&&) noexcept = default;
    Subprocess& operator=(Subprocess&&) noexcept = default;

    /// nullopt while it is running.
    std::optional<Ending> ending();
    /// Waits until the process has ended.
    Ending wait();
    /// Sends a signal if the process is still running.
    void signal(int number);
    /// Kills the process and waits for its end.
    void kill();

  private:
    explicit Subprocess(pid_t id) : id_(id) {}
    void collect(int wait_options);

    pid_t id_ = -1;
    std::optional<Ending> ending_;
};

}  // namespace emotion
