#include "training/data/exclusions.hpp"

#include <algorithm>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

namespace emotion::training {
namespace {

std::filesystem::path plain(const std::filesystem::path& path) {
    return std::filesystem::absolute(path).lexically_normal();
}

std::vector<std::string> paths_of_json(const std::string& text, const std::string& name) {
    const auto check = nlohmann::json::parse(text, nullptr, false);
    const auto list = check.find("exclude");
    if (check.is_discarded() || list == check.end() || !list->is_array() ||
        !std::all_of(list->begin(), list->end(), [](const auto& path) { return path.is_string(); }))
        throw ConfigError(
            name +
            ": expected the JSON of trainer check, which lists paths under \"exclude\", or a text "
            "of one path a line");
    return list->get<std::vector<std::string>>();
}

std::vector<std::string> paths_of_lines(const std::string& text) {
    std::vector<std::string> paths;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        line.erase(line.find_last_not_of(" \t\r") + 1);
        if (!line.empty() && line.front() != '#') paths.push_back(line);
    }
    return paths;
}

}  // namespace

Exclusions::Exclusions(const std::filesystem::path& list, const std::filesystem::path& data) {
    const auto text = read_file(list, kMaxFileBytes, "a list of pictures to leave out");
    const auto start = text.find_first_not_of(" \t\r\n");
    const bool json = start != std::string::npos && text[start] == '{';
    for (const auto& path : json ? paths_of_json(text, list.string()) : paths_of_lines(text))
        paths_.insert(plain(data / path));
}

std::size_t Exclusions::absent() const {
    std::error_code ignored;
    return static_cast<std::size_t>(std::count_if(paths_.begin(), paths_.end(), [&](const auto& path) {
        return !std::filesystem::exists(path, ignored);
    }));
}

std::size_t Exclusions::apply(std::vector<ClassFolder>& folders) const {
    if (paths_.empty()) return 0;
    std::size_t left_out = 0;
    for (auto& folder : folders)
        left_out +=
            std::erase_if(folder.files, [&](const auto& file) { return paths_.count(plain(file)) > 0; });
    return left_out;
}

std::size_t Exclusions::apply(VoteTable& table) const {
    return std::erase_if(table.rows, [&](const auto& row) { return paths_.count(row.picture) > 0; });
}

}  // namespace emotion::training
