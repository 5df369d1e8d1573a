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
#include "training/data/labeled_pictures.hpp"
#include "training/report/report.hpp"

namespace emotion::apps {
namespace {

constexpr std::size_t kProblemsShown = 5;

/// The elements of `names` that are not in `others`.
std::vector<std::string> missing_from(const std::vector<std::string>& others,
                                      const std::vector<std::string>& names) {
    std::vector<std::string> missing;
    for (const auto& name : names)
        if (!std::count(others.begin(), others.end(), name)) missing.push_back(name);
    return missing;
}

void report_problems(const training::Dataset& data, Progress& progress) {
    const auto shown = std::min(data.unreadable.size(), kProblemsShown);
    for (std::size_t i = 0; i < shown; ++i) progress.say("left out: " + data.unreadable[i]);
    if (data.unreadable.size() > shown)
        progress.say("left out: " + std::to_string(data.unreadable.size() - shown) +
                     " more that cannot be read; trainer check lists them");
}

/// The pictures of a part by class; for a table, by label or by the most votes.
std::vector<training::ClassFolder> folders_by_class(const model::ModelCard& card, training::DataPart part) {
    if (part.tables.empty()) return std::move(part.folders);
    training::VoteRules all_others_count_for_nothing;
    for (const auto& table : part.tables)
        for (const auto& answer : table.answers)
            if (!card.find_class(answer)) all_others_count_for_nothing.meaning[answer] = "";
    const auto collected =
        training::collect_pictures(part.folders, {}, part.tables, all_others_count_for_nothing, card.classes);
    std::vector<training::ClassFolder> folders;
    for (const auto& name : card.classes) folders.push_back({name, {}});
    for (const auto& picture : collected.pictures)
        folders[static_cast<std::size_t>(picture.label)].files.push_back(picture.file);
    std::erase_if(folders, [](const training::ClassFolder& folder) { return folder.files.empty(); });
    return folders;
}

void report_subfolders(const std::vector<training::ClassFolder>& folders, const std::string& place,
                       Progress& progress) {
    if (const auto text = training::subfolders_text(folders); !text.empty())
        progress.say(place + ": " + text);
}

void report_collected(const training::CollectedPictures& collected, const std::string& place,
                      Progress& progress) {
    const auto report = [&](std::size_t count, const char* what) {
        if (count > 0) progress.say(place + ": " + std::to_string(count) + what);
    };
    report(collected.few_votes, " pictures left out, with fewer votes than the recipe's min_votes");
    report(collected.without_votes, " pictures have no votes and are learned from their label");
    report(collected.without_picture, " table rows name a picture that does not exist");
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

void check_folder_names(const model::ModelCard& card, const std::filesystem::path& folder,
                        const std::vector<training::ClassFolder>& folders, Progress& progress) {
    const auto foreign = missing_from(card.classes, training::names_of(folders));
    const auto missing = missing_from(training::names_of(folders), card.shown_names());
    if (foreign.size() == folders.size())
        throw ConfigError(folder.string() + ": holds the folders " + join(foreign) + ", but the classes of " +
                          card.name + " are " + join(card.classes) +
                          "; give folders and classes the same names");
    if (missing.empty()) return;
    auto note = "note: no folder for " + join(missing) + ", which " + card.name + " shows";
    if (!foreign.empty())
        note += "; " + join(foreign) +
                ", which are not among its classes, count as others: give folders and classes the same names";
    progress.say(note);
}

void exclude(const training::Exclusions& exclusions, training::DataPart& part, Progress& progress) {
    auto left_out = exclusions.apply(part.folders);
    for (auto& table : part.tables) left_out += exclusions.apply(table);
    if (exclusions.size() > 0)
        progress.say(part.place.string() + ": " + std::to_string(left_out) + " pictures left out, as listed");
}

training::Dataset PictureLoader::load(const training::DataPart& part,
                                      std::vector<std::string> classes) const {
    const auto place = part.place.string();
    const bool by_votes = !votes_.empty() || !part.tables.empty();
    const auto chosen = training::choose_classes(part.folders, recipe_, by_votes);
    if (classes.empty()) {
        classes = training::names_of(chosen);
    } else {
        const auto unlearned = missing_from(classes, training::names_of(chosen));
        if (!unlearned.empty())
            progress_.say(place + ": not used, because training has no such class: " + join(unlearned));
        const auto unmeasured = missing_from(training::names_of(chosen), classes);
        if (!unmeasured.empty() && !by_votes)
            throw Error(place + ": has no folder for " + join(unmeasured) +
                        ", which training learns; add pictures of it, or remove it from training too");
    }
    const auto collected = training::collect_pictures(chosen, votes_, part.tables, recipe_.votes, classes);
    auto data = training::load_dataset(collected.pictures, classes, recipe_.crop, threads_);
    const auto ignored = missing_from(training::names_of(chosen), training::names_of(part.folders));
    if (recipe_.others == training::OtherFolders::kIgnored && !ignored.empty())
        progress_.say("ignored, because the recipe does not list them: " + join(ignored));
    report_subfolders(chosen, place, progress_);
    report_collected(collected, place, progress_);
    report_problems(data, progress_);
    progress_.say(place + ": " + data.counts_text() +
                  (by_votes ? ", counted by label or by majority vote" : ""));
    return data;
}

std::vector<NamedFile> inputs_of(const MeasuredData& data) {
    std::vector<NamedFile> inputs{{"the list of --exclude", data.exclude}};
    if (training::is_table(data.data)) inputs.push_back({"the table of --data", data.data});
    for (const auto& table : data.votes) inputs.push_back({"a table of --votes", table});
    return inputs;
}

MeasuredPictures list_measured(const model::ModelCard& card, const MeasuredData& data, Progress& progress) {
    MeasuredPictures measured;
    measured.place =
        training::is_table(data.data) ? data.data : training::find_split(data.data, data.split, "validation");
    const auto base =
        training::is_table(data.data) ? std::filesystem::absolute(data.data).parent_path() : data.data;
    auto part = training::list_part(measured.place);
    exclude(read_exclusions(data.exclude, base, progress), part, progress);
    measured.tables = part.tables;
    for (const auto& table : data.votes) measured.tables.push_back(training::read_vote_table(table));
    report_subfolders(part.folders, measured.place.string(), progress);
    measured.folders = folders_by_class(card, std::move(part));
    return measured;
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

std::filesystem::path card_or_default(const std::filesystem::path& card) {
    return card.empty() ? find_program_file(kDefaultModel) : card;
}

faces::HaarOptions default_detection() {
    return pipeline::read_detector_config(find_program_file(kDefaultConfig)).haar;
}

}  // namespace emotion::apps
