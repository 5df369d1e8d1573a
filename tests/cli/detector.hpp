#pragma once

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "media/frame_source.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"

namespace emotion::test {

/// Runs the detector without a window.
inline ProgramResult detect(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--headless");
    return run_program("emotion-detector", arguments);
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

inline std::vector<nlohmann::json> json_lines(const std::string& text) {
    std::vector<nlohmann::json> values;
    for (const auto& line : lines_of(text)) values.push_back(nlohmann::json::parse(line));
    return values;
}

inline int frames_in(const std::filesystem::path& video) {
    const auto source = media::open_source(video.string());
    int frames = 0;
    while (source->next()) ++frames;
    return frames;
}

/// Whether the program wrote a single line to stderr, in its own format.
inline bool is_one_clear_line(const ProgramResult& result) {
    UNSCOPED_INFO(result.err);
    const auto& said = result.err;
    return said.rfind("emotion-detector: ", 0) == 0 && said.find('\n') == said.size() - 1;
}

}  // namespace emotion::test
