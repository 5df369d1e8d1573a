#include "apps/common/source_list.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

#include <glob.h>

#include "base/clutter.hpp"
#include "base/entered_folders.hpp"
#include "base/error.hpp"
#include "media/address.hpp"
#include "media/file_kinds.hpp"
#include "media/natural_order.hpp"
#include "media/sources.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

bool is_folder(const std::string& name) {
    std::error_code failed;
    return fs::is_directory(name, failed);
}

/// Lists folders recursively, each in natural order. What cannot be read, a subfolder or a link to a file
/// that is gone, is listed itself: opening it reports the problem. Returns whether `folder` can be listed.
bool add_files_in(const fs::path& folder, EnteredFolders& entered, std::vector<fs::path>& files) {
    std::vector<fs::directory_entry> entries;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        if (!is_clutter(*entry)) entries.push_back(*entry);
    std::ranges::sort(entries, media::natural_less,
                      [](const auto& entry) { return entry.path().filename().string(); });
    if (failed) return false;
    for (const auto& entry : entries) {
        const bool is_gone = entry.is_symlink(failed) && !entry.exists(failed);
        if (is_gone || entry.is_regular_file(failed)) files.push_back(entry.path());
        if (entry.is_directory(failed) && entered.enter(entry.path()) &&
            !add_files_in(entry.path(), entered, files))
            files.push_back(entry.path());
    }
    return true;
}

bool is_pattern(const std::string& name) {
    std::error_code failed;
    return name.find_first_of("*?[") != std::string::npos && !media::is_url(name) &&
           !fs::exists(name, failed);
}

/// The names matching a shell pattern; empty if there are none.
std::vector<std::string> matches_of(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> names;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
        names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    std::sort(names.begin(), names.end(), media::natural_less);
    return names;
}

/// A camera number or stream address as a file name.
fs::path place_of(const std::string& name) {
    std::error_code failed;
    if (fs::exists(name, failed) && !name.starts_with("/dev/")) return fs::path(name).filename();
    if (!media::sequence_files(name).empty()) return fs::path(name).filename();
    std::string plain = name.empty() ? "camera" : media::shown_name(name);
    std::replace_if(
        plain.begin(), plain.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
    return plain;
}

/// "a.txt", "a.txt and b.txt", "a.txt and 7 more".
std::string some_of(const std::vector<fs::path>& files) {
    auto text = files.front().filename().string();
    if (files.size() == 2) text += " and " + files.back().filename().string();
    if (files.size() > 2) text += " and " + std::to_string(files.size() - 1) + " more";
    return text;
}

}  // namespace

bool several(const std::vector<std::string>& named) {
    return named.size() > 1 ||
           (named.size() == 1 && (is_folder(media::local_path(named.front())) || is_pattern(named.front())));
}

std::vector<Source> expand_sources(const std::vector<std::string>& named, const LeavesOut& leaves_out,
                                   const media::WarningHandler& warn) {
    if (named.empty()) return {{"", place_of(""), ""}};
    std::vector<Source> sources;
    const auto add_folder = [&](const std::string& folder) {
        std::vector<fs::path> files;
        EnteredFolders entered(folder);
        add_files_in(folder, entered, files);
        std::erase_if(files, [&](const auto& file) { return leaves_out(file, folder); });
        const auto junk = std::stable_partition(files.begin(), files.end(), [](const auto& file) {
            return is_folder(file) || media::is_media_file(file);
        });
        if (junk == files.begin())
            sources.push_back({folder, place_of(folder), folder});  // opening it will report the problem
        for (auto file = files.begin(); file != junk; ++file)
            sources.push_back({file->string(), file->lexically_relative(folder), file->string()});
        if (junk != files.begin() && junk != files.end())
            warn(folder + ": left out what is neither picture nor video: " + some_of({junk, files.end()}));
    };
    for (const auto& argument : named) {
        const auto name = media::local_path(argument);
        if (name.empty())
            throw ConfigError(
                "a SOURCE is empty, expected a camera, a file, a folder or a URL; for the first camera "
                "leave it out");
        auto matches = is_pattern(name) ? matches_of(name) : std::vector<std::string>{};
        if (matches.empty()) matches = {name};
        for (const auto& source : matches) {
            if (is_folder(source))
                add_folder(source);
            else
                sources.push_back({source, place_of(source), media::shown_name(source)});
        }
    }
    return sources;
}

}  // namespace emotion::apps
