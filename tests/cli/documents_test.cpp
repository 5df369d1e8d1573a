#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

namespace {

namespace fs = std::filesystem;
using emotion::test::run_program;

const fs::path kRoot = EMOTION_SOURCE_DIR;

std::vector<fs::path> documents() {
    std::vector<fs::path> found{kRoot / "README.md", kRoot / "models/README.md", kRoot / "assets/README.md"};
    for (const auto& entry : fs::directory_iterator(kRoot / "assets/docs"))
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    return found;
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
    return {std::sregex_token_iterator(text.begin(), text.end(), pattern, 1), {}};
}

/// The options that a program's --help names, of `trainer SUBCOMMAND` for the trainer.
const std::set<std::string>& options_of(const std::string& command) {
    static std::map<std::string, std::set<std::string>> known;
    if (!known.contains(command)) {
        std::istringstream words(command);
        std::string program, subcommand;
        words >> program >> subcommand;
        std::vector<std::string> arguments{"--help"};
        if (!subcommand.empty()) arguments.insert(arguments.begin(), subcommand);
        const auto help = run_program(program, arguments);
        INFO(command);
        REQUIRE(help.exit_code == 0);
        known[command] = matches(help.out, std::regex("(--[a-z][a-z-]*)"));
    }
    return known[command];
}

}  // namespace

TEST_CASE("The commands in the documents name programs and options that exist") {
    const std::regex command(R"(^    (?:\$ )?(emotion-detector|trainer [a-z]+)( .*)?$)");
    int commands = 0;
    for (const auto& document : documents()) {
        std::istringstream lines(emotion::read_file(document));
        for (std::string line; std::getline(lines, line);) {
            std::smatch parts;
            if (!std::regex_match(line, parts, command)) continue;
            ++commands;
            INFO(document.string() << ": " << line);
            for (const auto& option : matches(parts[2], std::regex("(?:^|\\s)(--[a-z][a-z-]*)")))
                CHECK(options_of(parts[1]).contains(option));
        }
    }
    CHECK(commands > 15);
}

TEST_CASE("The README shows the options as --help does") {
    const auto help = run_program("emotion-detector", {"--help"}).out;
    const auto readme = emotion::read_file(kRoot / "README.md");
    std::istringstream lines(help.substr(help.find("Options:")));
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(readme.find(line.empty() ? "\n" : "    " + line + "\n") != std::string::npos);
    }
}

TEST_CASE("The version is the same wherever it stands") {
    const auto told = run_program("emotion-detector", {"--version"}).out;
    const auto version = told.substr(told.rfind(' ') + 1, told.rfind('\n') - told.rfind(' ') - 1);
    CHECK(run_program("trainer", {"--version"}).out == "trainer " + version + "\n");
    CHECK_THAT(emotion::read_file(kRoot / "vcpkg.json"),
               ContainsSubstring("\"version\": \"" + version + "\""));
    CHECK_THAT(emotion::read_file(kRoot / "CHANGELOG.md"), ContainsSubstring("\n## " + version));
}

TEST_CASE("What the documents link to is there") {
    for (const auto& document : documents())
        for (const auto& target : matches(emotion::read_file(document), std::regex(R"(\]\(([^)#:]+)\))"))) {
            INFO(document.string() << ": " << target);
            CHECK(fs::exists(document.parent_path() / target));
        }
}
