#include "support/program.hpp"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.hpp"

extern char** environ;

namespace emotion::test {
namespace {

std::string find_program(const std::string& program) {
    if (program.find('/') != std::string::npos) return program;
    const auto built = std::filesystem::path(EMOTION_BIN_DIR) / program;
    if (std::filesystem::exists(built)) return built.string();
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (const auto file = folder + "/" + program; ::access(file.c_str(), X_OK) == 0) return file;
    return {};
}

/// Leaves out lines such as "clip.avi: 3 of 10 frames", with or without a rate and more behind it.
std::string without_progress(const std::string& err) {
    static const std::regex progress(
        ": [0-9]+( of [0-9]+ (frames|pictures|sources|epochs)[,\n]| (frames|pictures|sources|epochs), "
        "[0-9.]+ a second)");
    std::string rest;
    for (std::size_t begin = 0; begin < err.size();) {
        const auto end = std::min(err.find('\n', begin), err.size() - 1) + 1;
        const auto line = err.substr(begin, end - begin);
        if (!std::regex_search(line, progress)) rest += line;
        begin = end;
    }
    return rest;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

}  // namespace

bool have_program(const std::string& program) {
    return !find_program(program).empty();
}

bool program_works(const std::string& program, const std::vector<std::string>& arguments) {
    return have_program(program) && run_program(program, arguments).exit_code == 0;
}

RunningProgram::RunningProgram(const std::string& program, const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& environment) {
    const auto file = find_program(program);
    if (file.empty()) throw std::runtime_error(program + " is neither in the build nor in PATH");
    std::vector<std::string> argv{file};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables;
    for (char** entry = environ; *entry; ++entry)
        if (const std::string text = *entry; !environment.count(text.substr(0, text.find('='))))
            variables.push_back(text);
    for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);

    const auto out = (folder_ / "out").string(), err = (folder_ / "err").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT, 0600);
    const int failed = ::posix_spawn(&id_, file.c_str(), &actions, nullptr, pointers(argv).data(),
                                     pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed) throw std::runtime_error(file + " could not be started");
}

RunningProgram::~RunningProgram() {
    if (id_ == 0) return;
    send(SIGKILL);
    ::waitpid(id_, nullptr, 0);
}

void RunningProgram::send(int signal) const {
    ::kill(id_, signal);
}

std::string RunningProgram::err() const {
    return read_file(folder_ / "err");
}

bool RunningProgram::has_ended() const {
    siginfo_t ended{};
    return ::waitid(P_PID, static_cast<id_t>(id_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid != 0;
}

ProgramResult RunningProgram::wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = 0;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(folder_ / "out"),
            without_progress(err())};
}

ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const std::map<std::string, std::string>& environment) {
    return RunningProgram(program, arguments, environment).wait();
}

}  // namespace emotion::test
