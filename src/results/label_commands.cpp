#include "results/label_commands.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "base/error.hpp"
#include "base/join.hpp"

namespace emotion::results {
namespace {

/// Limits how many commands can be running, as they might never end.
constexpr std::size_t kMaxRunning = 16;
constexpr double kLongest = 86'400.0;  // in seconds

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

bool is_program(const std::filesystem::path& file) {
    std::error_code failed;
    return std::filesystem::is_regular_file(file, failed) && ::access(file.c_str(), X_OK) == 0;
}

/// Whether Subprocess::start() will find the program.
bool is_program_name(const std::string& name) {
    if (name.find('/') != std::string::npos) return is_program(name);
    const char* const path = std::getenv("PATH");
    std::istringstream folders(std::string(path ? path : "/bin:/usr/bin") + ':');
    for (std::string folder; std::getline(folders, folder, ':');)  // an empty one is the current folder
        if (is_program(std::filesystem::path(folder) / name)) return true;
    return false;
}

std::vector<pipeline::LabelRule> rules_of(const std::vector<LabelCommand>& commands,
                                          const model::ModelCard& card) {
    const auto shown = card.shown_names();
    std::vector<pipeline::LabelRule> rules;
    for (const auto& command : commands) {
        if (!std::count(shown.begin(), shown.end(), command.label))
            throw ConfigError("--on: " + command.label +
                              " is not one of the labels that the model shows: " + join(shown));
        if (!is_program_name(command.words.front()))
            throw ConfigError("--on: " + command.words.front() +
                              ": is no program that can be run, expected one in PATH or the path of an "
                              "executable file");
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
                             media::WarningHandler warn)
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
    try {
        running_.push_back(Subprocess::start(
            command.words,
            {"EMOTION_LABEL=" + command.label, "EMOTION_CONFIDENCE=" + std::to_string(event.face.confidence),
             "EMOTION_TRACK=" + std::to_string(event.face.track),
             "EMOTION_TIME_S=" + std::to_string(event.time_s), "EMOTION_SOURCE=" + result.source}));
    } catch (const Error& problem) {
        warn_(std::string("--on: ") + problem.what());
    }
}

void LabelCommands::reap() {
    std::erase_if(running_, [](Subprocess& process) { return process.ending().has_value(); });
}

}  // namespace emotion::results
