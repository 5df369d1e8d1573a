#include "apps/trainer/resume_hint.hpp"

#include <csignal>
#include <initializer_list>
#include <string>

#include <unistd.h>

#include "base/one_line.hpp"

namespace emotion::apps {
namespace {

// Prepared for the handler, which may only read them and call what is safe in one.
std::string awaited_checkpoint, resume_line;

extern "C" void say_how_to_resume(int signal) {
    if (::access(awaited_checkpoint.c_str(), F_OK) == 0) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, resume_line.data(), resume_line.size());
    }
    ::raise(signal);  // ends the program once the handler returns, because SA_RESETHAND has removed it
}

}  // namespace

ResumeHint::ResumeHint(const std::filesystem::path& checkpoint) {
    awaited_checkpoint = checkpoint.string();
    resume_line = std::string(::isatty(STDERR_FILENO) ? "\n" : "") +  // a bar may be on the line
                  "trainer: interrupted: the same command with --resume continues from " +
                  one_line(awaited_checkpoint, std::string::npos) + "\n";
    struct sigaction action = {}, before = {};
    action.sa_handler = say_how_to_resume;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    for (const int signal : {SIGINT, SIGTERM}) {
        // A program started in the background by a shell, or by nohup, ignores signals on purpose.
        ::sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);
    }
}

ResumeHint::~ResumeHint() {
    struct sigaction before = {};
    for (const int signal : {SIGINT, SIGTERM}) {
        ::sigaction(signal, nullptr, &before);
        if (before.sa_handler == say_how_to_resume) std::signal(signal, SIG_DFL);
    }
}

}  // namespace emotion::apps
