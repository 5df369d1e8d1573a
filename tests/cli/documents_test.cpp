#include "cli/documents.hpp"

#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

namespace documents_test {

namespace {

namespace fs = std::filesystem;
using namespace emotion::test;

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
    return {std::sregex_token_iterator(text.begin(), text.end(), pattern, 1), {}};
}

/// The options listed by a program's --help; `trainer SUBCOMMAND` has its own.
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

/// The anchors of a page's headings, as sites that render such pages generate them.
std::set<std::string> anchors_of(const fs::path& document) {
    std::set<std::string> anchors;
    for (const auto& heading : matches(emotion::read_file(document), std::regex("(?:^|\n)#+ ([^\n]*)"))) {
        std::string anchor;
        for (const unsigned char c : heading)
            if (c == ' ')
                anchor += '-';
            else if (std::isalnum(c) || c == '-' || c == '_' || c >= 0x80)
                anchor += static_cast<char>(std::tolower(c));
        anchors.insert(anchor);
    }
    return anchors;
}

}  // namespace

TEST_CASE("The commands in the documents use programs and options that exist") {
    const std::regex command(R"((?:.* )?(emotion-detector|trainer [a-z]+|make-demo)(?: (.*))?)");
    int commands = 0;
    const auto check = [&](const fs::path& document, const std::string& text) {
        std::smatch parts;
        const auto line = std::regex_replace(text, std::regex("build/release/bin/"), "");
        if (!std::regex_match(line, parts, command)) return;
        ++commands;
        INFO(document.string() << ": " << text);
        for (const auto& option : matches(parts[2], std::regex("(?:^|\\s)(--[a-z][a-z-]*)")))
            CHECK(options_of(parts[1]).contains(option));
    };
    for (const auto& document : documents()) {
        for (const auto& line : commands_of(document)) check(document, line);
        for (const auto& text : matches(emotion::read_file(document), std::regex("`([a-z][^`\n]*)`")))
            check(document, text);
    }
    CHECK(commands > 40);
}

TEST_CASE("The options mentioned in the documents exist") {
    std::set<std::string> known{"--preset", "--device"};  // of ./run and of containers
    for (const auto* command : {"emotion-detector", "trainer crop", "trainer check", "trainer train",
                                "trainer evaluate", "trainer compare", "trainer inspect"})
        known.insert(options_of(command).begin(), options_of(command).end());
    int options = 0;
    for (const auto& document : documents())
        for (const auto& option : matches(emotion::read_file(document), std::regex("`(--[a-z][a-z-]*)"))) {
            INFO(document.string() << ": " << option);
            CHECK(known.contains(option));
            ++options;
        }
    CHECK(options > 40);
}

TEST_CASE("The commands of ./run in the documents exist") {
    const auto usage = run_program(kRoot / "run", {"help"}).out;
    const auto presets = emotion::read_file(kRoot / "CMakePresets.json");
    int commands = 0;
    for (const auto& document : documents()) {
        const auto text = emotion::read_file(document);
        for (const auto& command : matches(text, std::regex(R"([ `]\./run ([a-z]+))"))) {
            INFO(document.string() << ": ./run " << command);
            CHECK_THAT(usage, ContainsSubstring("./run " + command));
            ++commands;
        }
        for (const auto& preset : matches(text, std::regex("--preset ([a-z0-9]+)"))) {
            INFO(document.string() << ": --preset " << preset);
            CHECK_THAT(presets, ContainsSubstring("{\"name\": \"" + preset + "\""));
        }
    }
    CHECK(commands > 8);
}

TEST_CASE("The options page matches --help") {
    const auto help = run_program("emotion-detector", {"--help"}).out;
    const auto page = emotion::read_file(kRoot / "assets/docs/options.md");
    std::istringstream lines(help.substr(help.find("Options:")));
    std::string block;
    for (std::string line; std::getline(lines, line);) block += line.empty() ? "\n" : "    " + line + "\n";
    INFO("the page is to hold these lines, and no others between them:\n\n" << block);
    CHECK(page.find("\n\n" + block + "\n") != std::string::npos);
}

TEST_CASE("The version is the same everywhere") {
    const auto output = run_program("emotion-detector", {"--version"}).out;
    const auto version = output.substr(output.rfind(' ') + 1, output.rfind('\n') - output.rfind(' ') - 1);
    CHECK(run_program("trainer", {"--version"}).out == "trainer " + version + "\n");
    CHECK_THAT(emotion::read_file(kRoot / "vcpkg.json"),
               ContainsSubstring("\"version\": \"" + version + "\""));
    CHECK_THAT(emotion::read_file(kRoot / "CHANGELOG.md"), ContainsSubstring("\n## " + version));
}

TEST_CASE("The links in the documents have targets") {
    const std::regex link(R"(\]\(([^)#:]*)(?:#([^)]*))?\))");  // URLs have a colon
    int links = 0, to_headings = 0;
    for (const auto& document : documents()) {
        const auto text = emotion::read_file(document);
        for (std::sregex_iterator match(text.begin(), text.end(), link), end; match != end; ++match) {
            const auto file = (*match)[1].str(), heading = (*match)[2].str();
            const auto target = file.empty() ? document : document.parent_path() / file;
            INFO(document.string() << ": " << match->str());
            ++links;
            CHECK(fs::exists(target));
            if (heading.empty() || !fs::exists(target)) continue;
            ++to_headings;
            CHECK(anchors_of(target).contains(heading));
        }
    }
    CHECK(links > 20);
    CHECK(to_headings > 0);
}

TEST_CASE("The project files named in the documents exist") {
    int named = 0;
    for (const auto& document : documents())
        for (const auto& file : matches(emotion::read_file(document),
                                        std::regex("`((?:src|tests|config|assets)/[A-Za-z0-9_./-]+)`"))) {
            INFO(document.string() << ": " << file);
            CHECK(fs::exists(kRoot / file));
            ++named;
        }
    CHECK(named > 20);
}

}  // namespace documents_test
