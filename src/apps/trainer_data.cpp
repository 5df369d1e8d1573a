#include "apps/trainer_data.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/error.hpp"
#include "base/join.hpp"
#include "base/program_files.hpp"
#include "pipeline/detector_config.hpp"

namespace emotion::apps {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Exclusions read_exclusions(const std::filesystem::path& list, const std::filesystem::path& data) {
    return list.empty() ? Exclusions() : Exclusions(list, data);
}

std::vector<ClassFolder> list_pictures(const std::filesystem::path& folder, const Exclusions& exclusions,
                                       Progress& progress) {
    auto folders = list_class_folders(folder);
    const auto left_out = exclusions.apply(folders);
    if (exclusions.size() > 0)
        progress.say(folder.string() + ": " + std::to_string(left_out) + " pictures left out, as listed");
    return folders;
}

void check_folder_names(const ModelCard& card, const std::filesystem::path& folder,
                        const std::vector<ClassFolder>& folders, Progress& progress) {
    std::vector<std::string> foreign, missing;
    for (const auto& one : folders)
        if (!contains(card.classes, one.name)) foreign.push_back(one.name);
    for (const auto& shown : card.shown_names())
        if (std::none_of(folders.begin(), folders.end(), [&](const auto& one) { return one.name == shown; }))
            missing.push_back(shown);
    if (foreign.size() == folders.size())
        throw ConfigError(folder.string() + ": holds the folders " + join(foreign) + ", but the classes of " +
                          card.name + " are " + join(card.classes) + "; name folders and classes alike");
    if (missing.empty()) return;
    auto note = "note: no folder for " + join(missing) + ", which " + card.name + " shows";
    if (!foreign.empty())
        note += "; " + join(foreign) + ", no classes of it, count as others: name folders and classes alike";
    progress.say(note);
}

ScoringProgress show_stage(Progress& progress, std::string stage) {
    return [&progress, stage = std::move(stage)](std::size_t done, std::size_t pictures) {
        if (done == 0)
            progress.start(stage, static_cast<std::int64_t>(pictures), "pictures");
        else if (done < pictures)
            progress.update(static_cast<std::int64_t>(done));
        else
            progress.finish();
    };
}

std::filesystem::path card_or_usual(const std::filesystem::path& card) {
    return card.empty() ? find_program_file(kUsualModel) : card;
}

HaarOptions usual_detection() {
    return read_detector_config(find_program_file(kUsualConfig)).haar;
}

}  // namespace emotion::apps
