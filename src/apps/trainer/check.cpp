#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "apps/trainer/shared_options.hpp"
#include "base/counted.hpp"
#include "base/files.hpp"
#include "base/program_files.hpp"
#include "training/check/contact_sheets.hpp"
#include "training/check/data_check.hpp"
#include "training/check/data_check_text.hpp"
#include "training/check/vote_check.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::apps {
namespace {

/// The options of trainer check.
struct CheckCommand {
    std::filesystem::path data;
    std::vector<std::filesystem::path> votes;        ///< tables to compare with the folders
    std::filesystem::path model;                     ///< empty: the default model
    std::filesystem::path json, write_list, report;  ///< empty: none
    std::filesystem::path exclude;
    bool no_faces = false, no_labels = false;  ///< skip the expensive parts
    bool quiet = false;
    int threads = 0;
};

void run_check(const CheckCommand& command) {
    std::vector<NamedFile> inputs{{"the list of --exclude", command.exclude}};
    if (!command.no_labels) add_card(inputs, "the model card", card_or_default(command.model));
    for (const auto& table : command.votes) inputs.push_back({"a table of --votes", table});
    check_outputs({{"--json", command.json}, {"--write-list", command.write_list}}, inputs);
    for (const auto& output : {command.json, command.write_list})
        if (!output.empty()) const OutputFile writable(output);
    const auto data = training::find_split(command.data, "", "");
    const auto tables = training::read_votes(command.votes);
    training::DataCheckOptions options;
    if (!command.no_labels) options.model = card_or_default(command.model);
    if (!command.no_faces) options.faces = default_detection();

    Progress progress(Progress::style_of_stderr(command.quiet));
    ThreadPool threads(command.threads);
    const auto check = training::check_data(data, read_exclusions(command.exclude, data, progress), options,
                                            threads, show_stage(progress, "looking at pictures"));
    const auto votes = tables.empty() ? std::nullopt : std::optional(training::check_votes(check, tables));
    std::cout << training::to_text(check);
    if (votes) std::cout << training::to_text(*votes, check) << '\n';
    const auto exclude = check.exclude();
    if (!command.json.empty()) {
        auto json = training::to_json(check);
        if (votes) json["votes"] = training::to_json(*votes, check);
        write_file(command.json, training::json_text(json));
        std::cout << "wrote " << command.json.string() << '\n';
    }
    if (!command.write_list.empty()) {
        std::string list;
        std::size_t missing = 0;
        for (const auto& name : exclude) {
            const auto line = training::exclusion_line(name);
            list += line;
            missing += line.empty();
        }
        write_file(command.write_list, list);
        std::cout << "wrote " << command.write_list.string() << '\n';
        if (missing > 0)
            std::cout << "not in it, because of a line break in the name: " << counted(missing, "picture")
                      << "; rename, or use the list in the file of --json\n";
    }
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
        "check", "Look for problems in folders of pictures, such as duplicates and wrong labels");
    const auto options = std::make_shared<CheckCommand>();
    add_folder(command, "--data", options->data,
               "Folder with one folder of pictures per class, or with train/, validation/ and test/\n"
               "that hold such folders")
        ->required();
    add_votes(command, options->votes);
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
