#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "apps/trainer/shared_options.hpp"
#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program_files.hpp"
#include "training/check/contact_sheets.hpp"
#include "training/check/data_check.hpp"
#include "training/check/data_check_text.hpp"
#include "training/check/vote_check.hpp"
#include "training/data/labeled_pictures.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::apps {
namespace {

/// The options of trainer check.
struct CheckCommand {
    std::filesystem::path data;                      ///< folder of class folders or of parts, or a table
    std::vector<std::filesystem::path> votes;        ///< tables to compare with the labels
    std::filesystem::path recipe;                    ///< how to read the tables; empty: by default
    std::filesystem::path model;                     ///< empty: the default model
    std::filesystem::path json, write_list, report;  ///< empty: none
    std::filesystem::path exclude;
    bool no_faces = false, no_labels = false;  ///< skip the expensive parts
    bool quiet = false;
    int threads = 0;
};

/// What was found in the pictures, and in votes on them if there are tables.
struct Findings {
    training::DataCheck pictures;
    std::optional<training::VoteCheck> votes;
};

void check_outputs(const CheckCommand& command) {
    std::vector<NamedFile> inputs{{"the list of --exclude", command.exclude}, {"the recipe", command.recipe}};
    if (!command.no_labels) add_card(inputs, "the model card", card_or_default(command.model));
    if (training::is_table(command.data)) inputs.push_back({"the table of --data", command.data});
    for (const auto& table : command.votes) inputs.push_back({"a table of --votes", table});
    check_outputs({{"--json", command.json}, {"--write-list", command.write_list}}, inputs);
    for (const auto& output : {command.json, command.write_list})
        if (!output.empty()) const OutputFile writable(output);
}

Findings check_folder(const CheckCommand& command, const training::DataCheckOptions& options,
                      ThreadPool& threads, Progress& progress) {
    const auto data = training::find_split(command.data, "", "");
    const auto rules = read_vote_rules(command.recipe);
    const auto tables = training::read_votes(command.votes, rules);
    Findings found{training::check_data(data, read_exclusions(command.exclude, data, progress), options,
                                        threads, show_stage(progress, "looking at pictures")),
                   std::nullopt};
    if (!tables.empty()) found.votes = training::check_votes(found.pictures, tables, rules);
    return found;
}

/// Labels the pictures of a table as a training would.
Findings check_table(const CheckCommand& command, const training::DataCheckOptions& options,
                     ThreadPool& threads, Progress& progress) {
    const auto recipe = command.recipe.empty() ? training::Recipe() : training::read_recipe(command.recipe);
    auto rules = recipe.votes;
    auto part = training::list_part(command.data, rules);
    exclude(read_exclusions(command.exclude, base_of(command.data), progress), part, progress);
    const auto votes = training::read_votes(command.votes, rules);
    auto tables = part.tables;
    tables.insert(tables.end(), votes.begin(), votes.end());
    auto classes = recipe.classes;
    if (classes.empty()) {
        classes = training::classes_in(tables, rules);
        rules.min_votes = 0.0;  // any vote tells a class
    }
    const auto collected = training::collect_pictures({}, votes, part.tables, rules, classes);
    if (collected.pictures.empty())
        throw Error(command.data.string() +
                    ": has no picture to check, expected existing ones that have a label or enough votes");
    Findings found{training::check_data(command.data, collected.pictures, classes, options, threads,
                                        show_stage(progress, "looking at pictures")),
                   std::nullopt};
    found.votes = training::check_votes(found.pictures, tables, rules);
    return found;
}

void write_list(const std::filesystem::path& file, const std::vector<std::string>& names) {
    std::string list;
    std::size_t missing = 0;
    for (const auto& name : names) {
        const auto line = training::exclusion_line(name);
        list += line;
        missing += line.empty();
    }
    write_file(file, list);
    std::cout << "wrote " << file.string() << '\n';
    if (missing > 0)
        std::cout << "not in it, because of a line break in the name: " << counted(missing, "picture")
                  << "; rename, or use the list in the file of --json\n";
}

void run_check(const CheckCommand& command) {
    check_outputs(command);
    training::DataCheckOptions options;
    if (!command.no_labels) options.model = card_or_default(command.model);
    if (!command.no_faces) options.faces = default_detection();

    Progress progress(Progress::style_of_stderr(command.quiet));
    ThreadPool threads(command.threads);
    const auto [check, votes] = training::is_table(command.data)
                                    ? check_table(command, options, threads, progress)
                                    : check_folder(command, options, threads, progress);
    std::cout << training::to_text(check);
    if (votes) std::cout << training::to_text(*votes, check) << '\n';
    const auto exclude = check.exclude();
    if (!command.json.empty()) {
        auto json = training::to_json(check);
        if (votes) json["votes"] = training::to_json(*votes, check);
        write_file(command.json, training::json_text(json));
        std::cout << "wrote " << command.json.string() << '\n';
    }
    if (!command.write_list.empty()) write_list(command.write_list, exclude);
    if (!command.report.empty()) {
        auto sheets = training::write_contact_sheets(check, command.report);
        if (votes)
            for (auto& sheet : training::write_contact_sheets(*votes, check, command.report))
                sheets.push_back(std::move(sheet));
        for (const auto& sheet : sheets) std::cout << "wrote " << sheet.string() << '\n';
    }
    std::cout << exclude.size() << (exclude.size() == 1 ? " picture is" : " pictures are")
              << " best left out (copies, blank and unreadable ones); decide yourself about those that the "
                 "cascade or the model doubts\n";
}

}  // namespace

void add_check(CLI::App& app) {
    auto& command = *app.add_subcommand(
        "check", "Look for problems in folders or tables of pictures, such as duplicates and wrong labels");
    const auto options = std::make_shared<CheckCommand>();
    add_folder(command, "--data", options->data,
               "Folder with one folder of pictures per class, or with train/, validation/ and test/\n"
               "that hold such folders; or a table of votes (.csv), one picture and its votes per row")
        ->required();
    add_votes(command, options->votes);
    add_recipe_of_votes(command, options->recipe);
    add_file(command, "--json", options->json, "Write all findings to this file; default: none");
    add_file(command, "--write-list", options->write_list,
             "Write a list of the pictures to leave out, for --exclude, to this file; default: none");
    add_folder(command, "--report", options->report,
               "Write contact sheets (PNG) of suspect pictures to this folder outside the data;\n"
               "default: none");
    add_card(
        command, "--model", options->model,
        std::string("Card of the model that checks the labels; default: the program's own ") + kDefaultModel);
    command.add_flag("--no-labels", options->no_labels, "Do not check the labels with a model");
    command.add_flag("--no-faces", options->no_faces, "Do not look for a face in each picture");
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_threads(command, options->threads);
    command.callback([options] { run_check(*options); });
}

}  // namespace emotion::apps
