#include "training/report/gnuplot.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/one_line.hpp"

extern char** environ;

namespace emotion::training {
namespace {

constexpr const char* kMissing =
    "gnuplot was not found, and reports draw their plots with it: install it (Debian, Ubuntu: apt install "
    "gnuplot-nox; macOS: brew install gnuplot) or leave out --report";

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Files and not pipes: nobody has to read while the other writes.
File temporary_file(const std::string& content = {}) {
    File file(std::tmpfile());
    if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size() ||
        std::fflush(file.get()) != 0)
        throw Error("no temporary file could be written for gnuplot");
    std::rewind(file.get());
    return file;
}

std::string content_of(std::FILE* file) {
    std::rewind(file);
    std::string content;
    char part[4096];
    while (const auto count = std::fread(part, 1, sizeof part, file)) content.append(part, count);
    return content;
}

struct Outcome {
    bool started = false;
    bool succeeded = false;
    std::string out, err;
};

Outcome gnuplot(const std::string& script) {
    const File in = temporary_file(script), out = temporary_file(), err = temporary_file();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(in.get()), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(out.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(err.get()), STDERR_FILENO);
    posix_spawnattr_t attributes;  // what this program ignores is to end gnuplot
    posix_spawnattr_init(&attributes);
    sigset_t ignored;
    sigemptyset(&ignored);
    for (const int signal : {SIGPIPE, SIGXFSZ}) sigaddset(&ignored, signal);
    posix_spawnattr_setsigdefault(&attributes, &ignored);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    char program[] = "gnuplot";
    char* const arguments[] = {program, nullptr};
    pid_t id = 0;
    const bool started = posix_spawnp(&id, program, &actions, &attributes, arguments, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (!started) return {};
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    const bool succeeded = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    // Some systems start the child before they look for the program.
    const bool found = !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
    return {found, succeeded, content_of(out.get()), content_of(err.get())};
}

}  // namespace

void require_gnuplot() {
    if (!gnuplot("").started) throw ConfigError(kMissing);
}

std::string run_gnuplot(const std::string& script) {
    auto outcome = gnuplot(script);
    if (!outcome.started) throw ConfigError(kMissing);
    if (!outcome.succeeded || outcome.out.empty())
        throw Error("gnuplot could not draw a plot of the report: " + one_line(outcome.err, 300));
    return std::move(outcome.out);
}

std::string gnuplot_string(const std::string& text) {
    std::string quoted = "'";
    for (const char letter : one_line(text)) quoted += letter == '\'' ? "''" : std::string(1, letter);
    return quoted + "'";
}

}  // namespace emotion::training
