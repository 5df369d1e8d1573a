#include "results/label_commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/join.hpp"

extern char** environ;

namespace emotion::results {
namespace {

/// Commands that never end must not fill the machine.
constexpr std::size_t kMaxRunning = 16;
constexpr double kLongest = 86'400.0;  // seconds

std::vector<std::string> split_words(const std::string& text) {
    std::vector<std::string> words;
    bool in_word = false;
    char quote = 0;
    for (const char c : text) {
        if (quote == 0 && c == ' ') {
            in_word = false;
            continue;
        }
        if (!in_word) words.emplace_back();
        in_word = true;
        if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (quote != 0 && c == quote)
            quote = 0;
        else
            words.back() += c;
    }
    if (quote != 0) throw ConfigError("--on: " + text + ": a quote is not closed");
    return words;
}

/// Null-terminated, as exec wants them; they point into `strings`.
std::vector<char*> pointers_to(std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (auto& string : strings) pointers.push_back(string.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// This process's environment with `variables` ("NAME=value") in place of its own of those names.
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

/// How the child starts: with nothing of this program's but stderr.
class SpawnSettings {
  public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
        short flags = POSIX_SPAWN_SETSIGDEF;
#if defined(__GLIBC__)
        ::posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);  // the camera above all
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

std::vector<pipeline::LabelRule> rules_of(const std::vector<LabelCommand>& commands,
                                          const model::ModelCard& card) {
    const auto shown = card.shown_names();
    std::vector<pipeline::LabelRule> rules;
    for (const auto& command : commands) {
        if (!std::count(shown.begin(), shown.end(), command.label))
            throw ConfigError("--on: " + command.label +
                              " is not one of the labels that the model shows: " + join(shown));
        rules.push_back({card.class_index(command.label), command.seconds});
    }
    return rules;
}

}  // namespace

LabelCommand parse_label_command(const std::string& when, const std::string& command) {
    LabelCommand result;
    const auto colon = when.rfind(':');
    const auto number = colon == std::string::npos ? std::string() : when.substr(colon + 1);
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), result.seconds);
    if (colon == 0 || number.empty() || failed != std::errc() || end != number.data() + number.size() ||
        !(result.seconds >= 0.0 && result.seconds <= kLongest))
        throw ConfigError("--on: " + when + ", expected LABEL:SECONDS such as happy:2.5");
    result.label = when.substr(0, colon);
    result.words = split_words(command);
    if (result.words.empty() || result.words.front().empty())
        throw ConfigError("--on " + when + ": no command, expected a program and its arguments");
    return result;
}

LabelCommands::LabelCommands(std::vector<LabelCommand> commands, const model::ModelCard& card,
                             media::Notes warn)
    : commands_(std::move(commands)),
      rules_(rules_of(commands_, card)),
      warn_(std::move(warn)),
      events_(rules_) {}

void LabelCommands::start(const media::SourceInfo&) {
    events_ = pipeline::LabelEvents(rules_);
}

void LabelCommands::write(const faces::FrameResult& result, drawing::Canvas&) {
    if (commands_.empty()) return;
    reap();
    for (const auto& event : events_.update(result)) run(commands_[event.rule], result, event);
}

void LabelCommands::run(const LabelCommand& command, const faces::FrameResult& result,
                        const pipeline::LabelEvent& event) {
    if (running_.size() >= kMaxRunning) {
        warn_("--on: " + command.words.front() + " not run, as " + std::to_string(kMaxRunning) +
              " commands have not ended yet");
        return;
    }
    auto words = command.words;
    auto environment = environment_with(
        {"EMOTION_LABEL=" + command.label, "EMOTION_CONFIDENCE=" + std::to_string(event.face.confidence),
         "EMOTION_TRACK=" + std::to_string(event.face.track),
         "EMOTION_TIME_S=" + std::to_string(event.time_s), "EMOTION_SOURCE=" + result.source});
    const SpawnSettings settings;
    pid_t child = 0;
    const int failed = ::posix_spawnp(&child, words.front().c_str(), settings.files(), settings.attributes(),
                                      pointers_to(words).data(), pointers_to(environment).data());
    if (failed != 0)
        warn_("--on: " + words.front() + " cannot be run: " + std::strerror(failed));
    else
        running_.push_back(child);
}

void LabelCommands::reap() {
    std::erase_if(running_, [](pid_t child) { return ::waitpid(child, nullptr, WNOHANG) != 0; });
}

}  // namespace emotion::results
