#include "training/data/split_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

#include "base/clutter.hpp"
#include "base/one_line.hpp"

namespace emotion::training {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kSplits{"train", "validation", "test"};

bool holds_folders(const fs::path& folder) {
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        if (std::error_code unknown; entry->is_directory(unknown) && !is_clutter(entry->path())) return true;
    return false;
}

}  // namespace

std::string split_meant_by(const std::string& name) {
    constexpr std::array<std::array<std::string_view, 2>, 14> kSpellings{{{"train", "train"},
                                                                          {"training", "train"},
                                                                          {"trainset", "train"},
                                                                          {"validation", "validation"},
                                                                          {"val", "validation"},
                                                                          {"valid", "validation"},
                                                                          {"validate", "validation"},
                                                                          {"dev", "validation"},
                                                                          {"development", "validation"},
                                                                          {"eval", "validation"},
                                                                          {"test", "test"},
                                                                          {"tests", "test"},
                                                                          {"testing", "test"},
                                                                          {"testset", "test"}}};
    const auto spelled = emotion::lower_case(name);  // alike_names.cpp has one for letters
    for (const auto& [spelling, split] : kSpellings)
        if (spelled == spelling) return std::string(split);
    return {};
}

std::vector<fs::path> misnamed_splits(const fs::path& data, const std::string& split) {
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator entry(data, failed), end; !failed && entry != end; entry.increment(failed)) {
        const auto& folder = entry->path();
        std::error_code unknown;
        // Where case does not matter, Train is the same folder as train.
        const bool is_it = fs::equivalent(folder, data / split, unknown);
        if (!is_it && split_meant_by(folder.filename().string()) == split && entry->is_directory(unknown) &&
            holds_folders(folder))
            found.push_back(folder);
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> misnamed_splits_text(const fs::path& data, const std::vector<std::string>& splits) {
    const bool is_split =
        std::any_of(splits.begin(), splits.end(), [](const auto& split) { return !split.empty(); });
    std::vector<std::string> lines;
    for (const auto name : kSplits) {
        const std::string split(name);
        const bool exists = std::find(splits.begin(), splits.end(), split) != splits.end();
        for (const auto& folder : misnamed_splits(data, split)) {
            const auto expected = ", expected the name " + split + " for this part of the data; ";
            if (!is_split)
                lines.push_back(folder.string() + ": is taken for a class" + expected + "rename the folder");
            else
                lines.push_back(folder.string() + ": is not used" + expected +
                                (exists ? "move its pictures there" : "rename the folder"));
        }
    }
    return lines;
}

}  // namespace emotion::training
