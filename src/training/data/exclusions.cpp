#include "training/data/exclusions.hpp"

#include <algorithm>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

namespace emotion::training {
namespace {

constexpr const char* kBlanksOfEditors = " \t\r";

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
    for (std::string line; std::getline(lines, line);)
        if (line.find_first_not_of(kBlanksOfEditors) != std::string::npos && line.front() != '#')
            paths.push_back(line);
    return paths;
}

/// A link to nothing is there too: it is a picture that cannot be read.
bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

/// Where nothing has exactly this name, blanks at its end are those of an editor, and backslashes separate
/// folders.
std::filesystem::path picture_of(const std::filesystem::path& data, std::string name) {
    auto path = plain_path(data / name);
    if (is_there(path)) return path;
    name.erase(name.find_last_not_of(kBlanksOfEditors) + 1);
    path = plain_path(data / name);
    if (name.find('\\') == std::string::npos || is_there(path)) return path;
    std::replace(name.begin(), name.end(), '\\', '/');
    return plain_path(data / name);
}

}  // namespace

Exclusions::Exclusions(const std::filesystem::path& list, const std::filesystem::path& data) {
    auto text = read_file(list, kMaxFileBytes, "a list of pictures to leave out");
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    const auto start = text.find_first_not_of(" \t\r\n");
    const bool json = start != std::string::npos && text[start] == '{';
    for (const auto& path : json ? paths_of_json(text, list.string()) : paths_of_lines(text))
        paths_.emplace(picture_of(data, path), path);
}

std::string exclusion_line(const std::string& name) {
    if (name.find('\n') != std::string::npos) return "";
    const bool misleading = name.find_first_of("#{ \t\r\xEF") == 0;
    return (misleading ? "./" : "") + name + "\n";
}

std::size_t Exclusions::absent() const {
    return static_cast<std::size_t>(std::count_if(paths_.begin(), paths_.end(),
                                                  [](const auto& entry) { return !is_there(entry.first); }));
}

std::string Exclusions::first_absent() const {
    const auto found =
        std::find_if(paths_.begin(), paths_.end(), [](const auto& entry) { return !is_there(entry.first); });
    return found == paths_.end()
               ? ""
               : found->second.substr(0, found->second.find_last_not_of(kBlanksOfEditors) + 1);
}

std::size_t Exclusions::apply(std::vector<ClassFolder>& folders) const {
    if (paths_.empty()) return 0;
    std::size_t left_out = 0;
    for (auto& folder : folders)
        left_out +=
            std::erase_if(folder.files, [&](const auto& file) { return paths_.count(plain_path(file)) > 0; });
    return left_out;
}

std::size_t Exclusions::apply(VoteTable& table) const {
    return std::erase_if(table.rows, [&](const auto& row) { return paths_.count(row.picture) > 0; });
}

}  // namespace emotion::training
