#include "apps/trainer/data.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <utility>

#include "base/error.hpp"
#include "base/join.hpp"
#include "base/program_files.hpp"
#include "media/sources.hpp"
#include "pipeline/detector_config.hpp"
#include "training/report/report.hpp"

namespace emotion::apps {
namespace {

constexpr std::size_t kProblemsShown = 5;

/// Those of `names` that are not among `others`.
std::vector<std::string> missing_from(const std::vector<std::string>& others,
                                      const std::vector<std::string>& names) {
    std::vector<std::string> missing;
    for (const auto& name : names)
        if (!std::count(others.begin(), others.end(), name)) missing.push_back(name);
    return missing;
}

void tell_problems(const training::Dataset& data, Progress& progress) {
    const auto shown = std::min(data.unreadable.size(), kProblemsShown);
    for (std::size_t i = 0; i < shown; ++i) progress.say("left out: " + data.unreadable[i]);
    if (data.unreadable.size() > shown)
        progress.say("left out: " + std::to_string(data.unreadable.size() - shown) +
                     " more that cannot be read; trainer check lists them");
}

}  // namespace

void add_card(std::vector<NamedFile>& inputs, const std::string& what, const std::filesystem::path& card) {
    if (card.empty()) return;
    inputs.push_back({what, card});
    try {
        inputs.push_back(
            {"the weights file of " + what, card.parent_path() / model::read_card(card).weights_file});
    } catch (const Error&) {
    }
}

std::vector<NamedFile> report_outputs(const std::filesystem::path& folder) {
    if (folder.empty()) return {};
    std::vector<NamedFile> outputs;
    for (const auto& file : training::report_files(folder)) outputs.push_back({"--report", file});
    return outputs;
}

void check_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs) {
    refuse_overlaps(outputs, inputs);
    for (const auto& [option, path] : outputs)
        if (media::is_picture_file(path))
            throw ConfigError(option + " " + path.string() +
                              ": is a picture, expected another file for results");
}

training::Exclusions read_exclusions(const std::filesystem::path& list, const std::filesystem::path& data,
                                     Progress& progress) {
    if (list.empty()) return {};
    training::Exclusions exclusions(list, data);
    if (const auto absent = exclusions.absent(); absent > 0)
        progress.say(list.string() + ": entries that name no picture in " + data.string() + ": " +
                     std::to_string(absent) + " of " + std::to_string(exclusions.size()));
    return exclusions;
}

std::vector<training::ClassFolder> list_pictures(const std::filesystem::path& folder,
                                                 const training::Exclusions& exclusions, Progress& progress) {
    auto folders = training::list_class_folders(folder);
    const auto left_out = exclusions.apply(folders);
    if (exclusions.size() > 0)
        progress.say(folder.string() + ": " + std::to_string(left_out) + " pictures left out, as listed");
    return folders;
}

void check_folder_names(const model::ModelCard& card, const std::filesystem::path& folder,
                        const std::vector<training::ClassFolder>& folders, Progress& progress) {
    const auto foreign = missing_from(card.classes, training::names_of(folders));
    const auto missing = missing_from(training::names_of(folders), card.shown_names());
    if (foreign.size() == folders.size())
        throw ConfigError(folder.string() + ": holds the folders " + join(foreign) + ", but the classes of " +
                          card.name + " are " + join(card.classes) + "; name folders and classes alike");
    if (missing.empty()) return;
    auto note = "note: no folder for " + join(missing) + ", which " + card.name + " shows";
    if (!foreign.empty())
        note += "; " + join(foreign) + ", no classes of it, count as others: name folders and classes alike";
    progress.say(note);
}

training::Dataset load_pictures(const std::filesystem::path& folder, const training::Recipe& recipe,
                                std::vector<std::string> classes, const training::Exclusions& exclusions,
                                ThreadPool& threads, Progress& progress) {
    const auto folders = list_pictures(folder, exclusions, progress);
    const auto chosen = training::choose_classes(folders, recipe);
    if (classes.empty()) {
        classes = training::names_of(chosen);
    } else {
        const auto unlearned = missing_from(classes, training::names_of(chosen));
        if (!unlearned.empty())
            progress.say(folder.string() + ": not used, for training has no such class: " + join(unlearned));
        const auto unmeasured = missing_from(training::names_of(chosen), classes);
        if (!unmeasured.empty())
            throw Error(folder.string() + ": has no folder for " + join(unmeasured) +
                        ", which training learns; add pictures of it, or take it out of training too");
    }
    auto data = training::load_dataset(chosen, classes, recipe.crop, threads);
    const auto ignored = missing_from(training::names_of(chosen), training::names_of(folders));
    if (recipe.others == training::OtherFolders::kIgnored && !ignored.empty())
        progress.say("ignored, for the recipe does not list them: " + join(ignored));
    tell_problems(data, progress);
    progress.say(folder.string() + ": " + data.counts_text());
    return data;
}

training::ScoringProgress show_stage(Progress& progress, std::string stage) {
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

faces::HaarOptions usual_detection() {
    return pipeline::read_detector_config(find_program_file(kUsualConfig)).haar;
}

}  // namespace emotion::apps
