#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace emotion {

/// A process started by this one: a program, or a copy of this process that runs a function. It outlives the
/// object; who wants its end calls wait() or kill(). Not thread-safe.
class Subprocess {
  public:
    /// How a process ended: by itself, or by a signal.
    struct Ending {
        int exit_code = 0;  ///< 0 for one that a signal ended
        int signal = 0;     ///< 0 for one that ended by itself

        bool succeeded() const { return exit_code == 0 && signal == 0; }
    };

    /// Starts a program, looked for in PATH, with its arguments; no shell reads them. It reads nothing,
    /// writes to this process's standard error and has none of its other files open. `variables`
    /// ("NAME=value") are added to the environment or replace its own. Signals that this process ignores end
    /// the program as usual. Throws Error that says why the program cannot be run.
    static Subprocess start(const std::vector<std::string>& words,
                            const std::vector<std::string>& variables = {});

    /// Runs `work` in a copy of this process and exits with what it returns, without destructors; 70 if it
    /// throws. The copy has a process group of its own, so that Ctrl-C reaches this process alone. It has no
    /// threads but the caller's: fork before any are started. Throws Error.
    static Subprocess fork(const std::function<int()>& work);

    Subprocess(Subprocess&& other) noexcept;
    Subprocess& operator=(Subprocess&& other) noexcept;
    Subprocess(const Subprocess&) = delete;
    Subprocess& operator=(const Subprocess&) = delete;

    /// nullopt while it runs.
    std::optional<Ending> ending();
    /// Waits until it has ended.
    Ending wait();
    /// Sends a signal if it still runs.
    void signal(int number);
    /// Ends it at once and waits for that.
    void kill();

  private:
    explicit Subprocess(pid_t id) : id_(id) {}
    void collect(int wait_options);

    pid_t id_ = -1;
    std::optional<Ending> ending_;
};

}  // namespace emotion
