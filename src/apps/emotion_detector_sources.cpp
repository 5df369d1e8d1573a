#include "apps/emotion_detector_sources.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "vision/natural_order.hpp"
#include "vision/sources.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 27> kEndings{
    ".3gp",  ".avi", ".flv", ".gif", ".m4v", ".mjpeg", ".mkv",  ".mov",  ".mp4",
    ".mpeg", ".mpg", ".mts", ".ogv", ".ts",  ".webm",  ".wmv",  ".bmp",  ".jpeg",
    ".jpg",  ".pgm", ".png", ".pnm", ".ppm", ".tif",   ".tiff", ".webp", ".jp2"};

/// Of a file that claims to be a picture or video it is worth telling that it is none.
bool is_worth_opening(const fs::path& file) {
    auto ending = file.extension().string();
    for (auto& letter : ending) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end() || is_picture_file(file);
}

bool is_folder(const std::string& name) {
    std::error_code failed;
    return fs::is_directory(name, failed);
}

/// Empty for a folder that cannot be listed.
std::vector<fs::path> files_in(const std::string& folder) {
    std::vector<fs::path> files;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed))
        if (entry.is_regular_file(failed) && !entry.path().filename().string().starts_with('.'))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
        return natural_less(a.filename().string(), b.filename().string());
    });
    return files;
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
    return named.size() > 1 || (named.size() == 1 && is_folder(named.front()));
}

bool is_picture(const SourceInfo& source) {
    return !source.live && source.fps == 0.0;
}

std::vector<std::string> expand_sources(const std::vector<std::string>& named, const Notes& notes) {
    if (named.empty()) return {""};
    std::vector<std::string> sources;
    for (const auto& name : named) {
        if (!is_folder(name)) {
            sources.push_back(name);
            continue;
        }
        auto files = files_in(name);
        const auto junk = std::stable_partition(files.begin(), files.end(), is_worth_opening);
        if (junk == files.begin()) sources.push_back(name);  // opening it will say what is wrong
        for (auto file = files.begin(); file != junk; ++file) sources.push_back(file->string());
        if (junk != files.begin() && junk != files.end())
            notes(name + ": left out what is neither picture nor video: " + some_of({junk, files.end()}));
    }
    return sources;
}

}  // namespace emotion::apps
