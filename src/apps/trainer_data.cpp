#include "apps/trainer_data.hpp"

#include <cstdint>
#include <utility>

#include "base/program_files.hpp"
#include "pipeline/detector_config.hpp"

namespace emotion::apps {

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
