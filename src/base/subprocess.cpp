#include "base/subprocess.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <string_view>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"

extern char** environ;

namespace emotion {
namespace {

constexpr int kUnknown = 70;  // EX_SOFTWARE of sysexits.h: the exit status is unknown

/// Null-terminated for exec; the pointers are into `strings`.
std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (auto& string : strings) pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// This process's environment with `variables` added or replaced.
std::vector<std::string> environment_with(const std::vector<std::string>& variables) {
    auto environment = variables;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view own(*entry);
        const auto name = own.substr(0, own.find('=') + 1);
        if (std::none_of(variables.begin(), variables.end(),
                         [&](const std::string& variable) { return variable.starts_with(name); }))
            environment.emplace_back(own);
    }
    return environment;
}

/// Closes all files of this process but standard error, and resets ignored signals.
class SpawnSettings {
  public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
        short flags = POSIX_SPAWN_SETSIGDEF;
#if defined(__GLIBC__)
        ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);  // above all the camera
#elif defined(__APPLE__)
        ::posix_spawn_file_actions_addinherit_np(&files_, STDERR_FILENO);
        flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
        ::posix_spawnattr_init(&attributes_);
        sigset_t ignored;
        sigemptyset(&ignored);
        for (const int signal : {SIGPIPE, SIGXFSZ}) sigaddset(&ignored, signal);
        ::posix_spawnattr_setsigdefault(&attributes_, &ignored);
        ::posix_spawnattr_setflags(&attributes_, flags);
    }
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    const posix_spawn_file_actions_t* files() const {
        return &files_;
    }
    const posix_spawnattr_t* attributes() const {
        return &attributes_;
    }

  private:
    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
};

Subprocess::Ending ending_of(int status) {
    if (WIFSIGNALED(status)) return {0, WTERMSIG(status)};
    return {WEXITSTATUS(status), 0};
}

}  // namespace

Subprocess Subprocess::start(const std::vector<std::string>& words,
                             const std::vector<std::string>& variables) {
    auto arguments = words;
    auto environment = environment_with(variables);
    const SpawnSettings settings;
    pid_t id = 0;
    const int failed = ::posix_spawnp(&id, arguments.at(0).c_str(), settings.files(), settings.attributes(),
                                      pointers_to(arguments).data(), pointers_to(environment).data());
    if (failed != 0) throw Error(words[0] + " cannot be run: " + std::strerror(failed));
    return Subprocess(id);
}

Subprocess Subprocess::fork(const std::function<int()>& work) {
    std::cout.flush();  // or the copy would write it again
    const pid_t id = ::fork();
    if (id < 0) throw Error(std::string("no process can be started: ") + std::strerror(errno));
    if (id > 0) return Subprocess(id);
    ::setpgid(0, 0);
    int exit_code = kUnknown;
    try {
        exit_code = work();
        std::cout.flush();
    } catch (...) {
    }
    ::_exit(exit_code);
}

void Subprocess::collect(int wait_options) {
    if (ending_) return;
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(id_, &status, wait_options)) < 0 && errno == EINTR) {
    }
    if (ended == id_) ending_ = ending_of(status);
    if (ended < 0) ending_ = Ending{kUnknown, 0};  // reaped elsewhere
}

std::optional<Subprocess::Ending> Subprocess::ending() {
    collect(WNOHANG);
    return ending_;
}

Subprocess::Ending Subprocess::wait() {
    collect(0);
    return *ending_;
}

void Subprocess::signal(int number) {
    if (!ending()) ::kill(id_, number);
}

void Subprocess::kill() {
    signal(SIGKILL);
    wait();
}

}  // namespace emotion
