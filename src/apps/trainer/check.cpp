#include <iostream>
#include <optional>
#include <utility>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/data.hpp"
#include "base/files.hpp"
#include "training/check/contact_sheets.hpp"
#include "training/check/data_check.hpp"
#include "training/check/data_check_text.hpp"
#include "training/check/vote_check.hpp"
#include "training/evaluation/figure_text.hpp"

namespace emotion::apps {

void run_check(const CheckCommand& command) {
    std::vector<NamedFile> inputs{{"the list of --exclude", command.exclude}};
    if (!command.no_labels) add_card(inputs, "the model card", card_or_usual(command.model));
    for (const auto& table : command.votes) inputs.push_back({"a table of --votes", table});
    check_outputs({{"--json", command.json}, {"--write-list", command.write_list}}, inputs);
    for (const auto& output : {command.json, command.write_list})
        if (!output.empty()) const OutputFile writable(output);
    const auto data = training::find_split(command.data, "", "");
    std::vector<training::VoteTable> tables;
    for (const auto& table : command.votes) tables.push_back(training::read_vote_table(table));
    training::DataCheckOptions options;
    if (!command.no_labels) options.model = card_or_usual(command.model);
    if (!command.no_faces) options.faces = usual_detection();

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
        for (const auto& name : exclude) list += name + "\n";
        write_file(command.write_list, list);
        std::cout << "wrote " << command.write_list.string() << '\n';
    }
    if (!command.report.empty()) {
        auto sheets = training::write_contact_sheets(check, command.report);
        if (votes)
            for (auto& sheet : training::write_contact_sheets(*votes, check, command.report))
                sheets.push_back(std::move(sheet));
        for (const auto& sheet : sheets) std::cout << "wrote " << sheet.string() << '\n';
    }
    std::cout
        << exclude.size() << (exclude.size() == 1 ? " picture is" : " pictures are")
        << " best left out (copies, blank and unreadable ones); what the cascade or the model doubts is "
           "yours to judge\n";
}

}  // namespace emotion::apps
