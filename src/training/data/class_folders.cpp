#include "training/data/class_folders.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"

namespace emotion::training {
namespace {

std::vector<std::filesystem::directory_entry> list(const std::filesystem::path& folder) {
    std::error_code failed;
    std::vector<std::filesystem::directory_entry> entries;
    for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (!entry->path().filename().string().starts_with('.')) entries.push_back(*entry);
    if (failed) throw Error(folder.string() + ": cannot be listed: " + failed.message());
    std::sort(entries.begin(), entries.end());
    return entries;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code ignored;
    for (const auto& file : list(folder))
        if (!file.is_directory(ignored)) files.push_back(file.path());
    return files;
}

}  // namespace

std::vector<ClassFolder> list_class_folders(const std::filesystem::path& folder) {
    std::vector<ClassFolder> classes;
    std::error_code ignored;
    for (const auto& entry : list(folder))
        if (entry.is_directory(ignored))
            classes.push_back({entry.path().filename().string(), files_in(entry.path())});
    if (classes.empty())
        throw Error(folder.string() + ": holds no folders, expected one for each class with its pictures");
    return classes;
}

ClassFolder list_pictures_of_class(const std::string& name, const std::filesystem::path& folder) {
    if (name.empty() || name.front() == '.' || name.find_first_of("/\\") != std::string::npos)
        throw ConfigError(name + "=" + folder.string() + ": expected CLASS=DIR, or a folder that exists");
    ClassFolder pictures{name, files_in(folder)};
    if (pictures.files.empty()) throw ConfigError(folder.string() + ": holds no files, expected pictures");
    return pictures;
}

std::vector<std::string> names_of(const std::vector<ClassFolder>& folders) {
    std::vector<std::string> names;
    for (const auto& folder : folders) names.push_back(folder.name);
    return names;
}

std::filesystem::path find_split(const std::filesystem::path& data, const std::string& split,
                                 const std::string& usual) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(data, ignored))
        throw Error(data.string() + ": no such folder, expected one that holds a folder for each class");
    if (split.empty()) return std::filesystem::is_directory(data / usual, ignored) ? data / usual : data;
    if (!std::filesystem::is_directory(data / split, ignored))
        throw Error((data / split).string() + ": no such folder, expected the part of the data named " +
                    split);
    return data / split;
}

}  // namespace emotion::training
