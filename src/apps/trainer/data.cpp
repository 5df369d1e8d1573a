#include "apps/trainer/data.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
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

/// The class of a row: its label, else the one that most votes count for, of equals the first; empty: none.
std::string class_of(const training::VoteTable& table, const training::VoteTable::Row& row,
                     const training::VoteRules& rules) {
    if (!row.label.empty()) return row.label;
    std::map<std::string, float> votes;
    for (std::size_t k = 0; k < table.answers.size(); ++k)
        votes[rules.class_of(table.answers[k])] += row.votes[k];
    votes[""] = 0.0f;
    std::string most;
    for (const auto& answer : table.answers)
        if (const auto& name = rules.class_of(answer); votes[name] > votes[most]) most = name;
    return most;
}

/// The pictures of a table as if they were in folders, by label or by the most votes: first those of the
/// card's classes, then others.
std::vector<training::ClassFolder> folders_of(const model::ModelCard& card, const training::VoteTable& table,
                                              const training::VoteRules& rules, Progress& progress) {
    std::vector<training::ClassFolder> folders;
    const auto root = std::filesystem::absolute(table.file).parent_path();
    const auto folder_of = [&](const std::string& name) -> training::ClassFolder& {
        for (auto& folder : folders)
            if (folder.name == name) return folder;
        return folders.emplace_back(training::ClassFolder{name, {}, {root}});
    };
    for (const auto& name : card.classes) folder_of(name);
    std::vector<std::string> missing, without_answer;
    std::error_code ignored;
    for (const auto& row : table.rows) {
        const auto name = class_of(table, row, rules);
        if (!std::filesystem::exists(row.picture, ignored))
            missing.push_back(row.name);
        else if (name.empty())
            without_answer.push_back(row.name);
        else
            folder_of(name).files.push_back(row.picture);
    }
    const auto say = [&](const std::vector<std::string>& rows, const char* what) {
        if (!rows.empty())
            progress.say(table.file.string() + ": " + std::to_string(rows.size()) + what +
                         one_line(rows.front()));
    };
    say(missing, " of its rows name a picture that does not exist, first ");
    say(without_answer, " of its rows have neither a label nor a vote, first ");
    if (missing.size() + without_answer.size() == table.rows.size())
        throw ConfigError(table.file.string() + ": has no picture to evaluate, expected paths relative to " +
                          root.string() + " with a label or votes");
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
    report(collected.without_picture, collected.without_picture == 1
                                          ? " table row names a picture that does not exist"
                                          : " table rows name a picture that does not exist");
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
                     std::to_string(absent) + " of " + std::to_string(exclusions.size()) + ", such as " +
                     one_line(exclusions.first_absent()));
    return exclusions;
}

training::VoteRules read_vote_rules(const std::filesystem::path& recipe) {
    return recipe.empty() ? training::VoteRules() : training::read_recipe(recipe).votes;
}

std::filesystem::path base_of(const std::filesystem::path& data) {
    return training::is_table(data) ? std::filesystem::absolute(data).parent_path() : data;
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

std::vector<training::ClassFolder> choose_classes(const training::DataPart& part,
                                                  const training::Recipe& recipe, bool by_votes) {
    try {
        return training::choose_classes(part.folders, recipe, by_votes);
    } catch (const ConfigError& error) {
        throw ConfigError(part.place.string() + ": " + error.what());
    }
}

training::Dataset PictureLoader::load(const training::DataPart& part,
                                      std::vector<std::string> classes) const {
    const auto place = part.place.string();
    const bool by_votes = !votes_.empty() || !part.tables.empty();
    const auto chosen = choose_classes(part, recipe_, by_votes);
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
    report_collected(collected, place, progress_);
    if (collected.pictures.empty())
        throw Error(place +
                    ": has no picture to use, expected existing ones that have a label or enough votes");
    auto data = training::load_dataset(collected.pictures, classes, recipe_.crop, threads_);
    const auto ignored = missing_from(training::names_of(chosen), training::names_of(part.folders));
    if (recipe_.others == training::OtherFolders::kIgnored && !ignored.empty())
        progress_.say("ignored, because the recipe does not list them: " + join(ignored));
    report_subfolders(chosen, place, progress_);
    report_problems(data, progress_);
    progress_.say(place + ": " + data.counts_text() +
                  (by_votes ? ", counted by label or by majority vote" : ""));
    return data;
}

std::vector<NamedFile> inputs_of(const MeasuredData& data) {
    std::vector<NamedFile> inputs{{"the list of --exclude", data.exclude}, {"the recipe", data.recipe}};
    if (training::is_table(data.data)) inputs.push_back({"the table of --data", data.data});
    for (const auto& table : data.votes) inputs.push_back({"a table of --votes", table});
    return inputs;
}

MeasuredPictures list_measured(const model::ModelCard& card, const MeasuredData& data, Progress& progress) {
    MeasuredPictures measured;
    measured.place =
        training::is_table(data.data) ? data.data : training::find_split(data.data, data.split, "validation");
    const auto& rules = measured.rules = read_vote_rules(data.recipe);
    auto part = training::list_part(measured.place, rules);
    exclude(read_exclusions(data.exclude, base_of(data.data), progress), part, progress);
    measured.tables = part.tables;
    for (auto& table : training::read_votes(data.votes, rules)) measured.tables.push_back(std::move(table));
    report_subfolders(part.folders, measured.place.string(), progress);
    measured.folders = part.tables.empty() ? std::move(part.folders)
                                           : folders_of(card, part.tables.front(), rules, progress);
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
