#include "training/data/data_part.hpp"

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"

namespace emotion::training {
namespace {

ClassFolder& folder_of(DataPart& part, const std::string& name) {
    const auto found = std::find_if(part.folders.begin(), part.folders.end(),
                                    [&](const ClassFolder& folder) { return folder.name == name; });
    if (found != part.folders.end()) return *found;
    part.added.push_back(name);
    return part.folders.emplace_back(ClassFolder{name, {}});
}

}  // namespace

bool is_table(const std::filesystem::path& path) {
    return lower_ending(path) == ".csv";
}

DataPart list_part(const std::filesystem::path& place, const VoteRules& rules) {
    DataPart part;
    part.place = place;
    if (is_table(place))
        part.tables.push_back(read_vote_table(place, rules));
    else
        part.folders = list_class_folders(place);
    return part;
}

void add_pictures(const std::string& more, DataPart& part, const VoteRules& rules) {
    const auto equals = more.find('=');
    std::error_code ignored;
    std::vector<ClassFolder> folders;
    if (equals != std::string::npos && !std::filesystem::exists(more, ignored)) {
        folders.push_back(list_pictures_of_class(more.substr(0, equals), more.substr(equals + 1)));
    } else {
        auto listed = list_part(more, rules);
        folders = std::move(listed.folders);
        for (auto& table : listed.tables) part.tables.push_back(std::move(table));
    }
    for (const auto& folder : folders) folder_of(part, folder.name).add(folder);
}

void hold_out_missing(DataPart& training, DataPart& validation) {
    for (auto& folder : training.folders) {
        const auto& held = validation.folders;
        const bool added = std::count(training.added.begin(), training.added.end(), folder.name) > 0;
        if (!added ||
            std::any_of(held.begin(), held.end(), [&](const auto& one) { return one.name == folder.name; }))
            continue;
        const auto first = folder.files.end() - static_cast<std::ptrdiff_t>(folder.files.size() / 10);
        validation.folders.push_back({folder.name, {first, folder.files.end()}, folder.roots});
        folder.files.erase(first, folder.files.end());
    }
}

}  // namespace emotion::training
