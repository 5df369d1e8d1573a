#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.hpp"

namespace emotion::test {

inline const std::filesystem::path kRoot = EMOTION_SOURCE_DIR;

/// The pages for users.
inline std::vector<std::filesystem::path> documents() {
    std::vector<std::filesystem::path> found{kRoot / "README.md", kRoot / "models/README.md",
                                             kRoot / "assets/README.md"};
    for (const auto& entry : std::filesystem::directory_iterator(kRoot / "assets/docs"))
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    return found;
}

/// The lines of a page's indented blocks, in order and without indentation: commands, and other contents of
/// such blocks.
inline std::vector<std::string> commands_of(const std::filesystem::path& document) {
    std::vector<std::string> commands;
    std::istringstream lines(read_file(document));
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("    ") && line.size() > 4 && line[4] != ' ')
            commands.push_back(line.substr(line.starts_with("    $ ") ? 6 : 4));
    return commands;
}

}  // namespace emotion::test
