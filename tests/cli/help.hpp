#pragma once

#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace emotion::test {

/// Checks that each source and each option with a value in a program's help is required or has its default
/// listed, and returns their number.
inline int check_defaults(const std::string& help) {
    std::vector<std::string> entries;
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) {
        if (line.size() > 2 && line.starts_with("  ") && line[2] != ' ')
            entries.push_back(line);
        else if (!entries.empty())
            entries.back() += "\n" + line;
    }
    const std::regex takes_value("^  ([A-Z]+ |--[a-z-]+ [A-Z])");
    int with_value = 0;
    for (const auto& entry : entries) {
        if (!std::regex_search(entry, takes_value)) continue;
        INFO(entry);
        CHECK_THAT(entry, ContainsSubstring("default: ") || ContainsSubstring("REQUIRED"));
        ++with_value;
    }
    return with_value;
}

}  // namespace emotion::test
