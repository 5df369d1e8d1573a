#include "apps/trainer/shared_options.hpp"

#include <algorithm>
#include <system_error>
#include <vector>

#include "apps/common/overlaps.hpp"
#include "base/error.hpp"
#include "base/one_line.hpp"
#include "training/data/data_part.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

/// What was given for an option; nothing if the command has no such option.
std::vector<std::string> values_of(const CLI::App& command, const std::string& option) {
    const auto* known = command.get_option_no_throw(option);
    return known ? known->results() : std::vector<std::string>();
}

/// Whether a file or folder is `folder` or anywhere in it, also by way of links.
bool lies_in(const fs::path& folder, const fs::path& file) {
    const fs::path outer = identity(folder), inner = identity(file);
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

/// The folder of a value of --more, which may be CLASS=DIR.
fs::path folder_of_more(const std::string& more) {
    std::error_code ignored;
    const auto equals = more.find('=');
    return equals == std::string::npos || fs::exists(more, ignored) ? more : more.substr(equals + 1);
}

/// The pictures of a report would be data the next time, and its folder a class.
void refuse_report_in_data(const CLI::App& command) {
    for (const auto& report : values_of(command, "--report"))
        for (const auto* option : {"--data", "--validation", "--more"})
            for (const auto& value : values_of(command, option)) {
                const auto data = folder_of_more(value);
                if (data.empty() || training::is_table(data) || !lies_in(data, report)) continue;
                throw ConfigError("--report " + report + ": lies in the data of " + option + " " + value +
                                  ", which its pictures would become part of; name a folder outside of it");
            }
}

/// A table has no parts, so --split would have no effect.
void refuse_split_of_table(const CLI::App& command) {
    for (const auto& split : values_of(command, "--split"))
        for (const auto& data : values_of(command, "--data"))
            if (training::is_table(data))
                throw ConfigError("--split " + one_line(split) + ": is a part of a folder, but --data " +
                                  data + " is a table; leave out --split, or give the table of that part");
}

/// Refuses "-", by which emotion-detector means standard output: there the trainer prints its results as
/// text, and a file of that name is not what was meant.
CLI::Validator a_name() {
    return CLI::Validator(
        [](const std::string& value) {
            return value == "-" ? std::string("expected a name, - is not standard output here") : "";
        },
        "");
}

}  // namespace

void check_shared_options(const CLI::App& command) {
    refuse_report_in_data(command);
    refuse_split_of_table(command);
}

CLI::Option* add_file(CLI::App& command, const std::string& name, std::filesystem::path& file,
                      const std::string& description) {
    return command.add_option(name, file, description)->type_name("FILE")->check(a_name());
}

CLI::Option* add_folder(CLI::App& command, const std::string& name, std::filesystem::path& folder,
                        const std::string& description) {
    return command.add_option(name, folder, description)->type_name("DIR")->check(a_name());
}

CLI::Option* add_card(CLI::App& command, const std::string& name, std::filesystem::path& card,
                      const std::string& description) {
    return command.add_option(name, card, description)->type_name("CARD");
}

void add_threads(CLI::App& command, int& threads) {
    add_number(command, "--threads", threads, {0, 1024},
               "Number of threads, without effect on the results; default: 0, one per core");
}

void add_quiet(CLI::App& command, bool& quiet) {
    command.add_flag("--quiet", quiet, "Print only the result and errors");
}

void add_exclude(CLI::App& command, std::filesystem::path& list) {
    add_file(command, "--exclude", list,
             "Leave out the pictures that this file lists: paths below DATA, one per line, or the JSON\n"
             "from trainer check; default: none");
}

void add_votes(CLI::App& command, std::vector<std::filesystem::path>& tables) {
    command
        .add_option("--votes", tables,
                    "Table (.csv) of people's votes on pictures in the folders or another table; may be\n"
                    "repeated; default: none, pictures are labeled by their folder")
        ->type_name("FILE")
        ->allow_extra_args(false);
}

void add_recipe_of_votes(CLI::App& command, std::filesystem::path& recipe) {
    add_file(command, "--recipe", recipe,
             "Recipe that says what the columns of tables mean (its votes: {meaning}); default: none, each\n"
             "column is an answer of its name");
}

void add_measured_data(CLI::App& command, std::filesystem::path& data, std::string& split) {
    add_folder(command, "--data", data,
               "Folder with one folder of pictures per class, or with parts that hold such folders, or a\n"
               "table of votes (.csv)")
        ->required();
    command
        .add_option(
            "--split", split,
            "Part of the folder DATA to use; default: validation if there is one, otherwise all of DATA")
        ->type_name("NAME");
}

void add_detect(CLI::App& command, bool& detect) {
    command.add_flag(
        "--detect", detect,
        "Find the largest face first, as emotion-detector does; default: each picture is a crop");
}

void add_report(CLI::App& command, std::filesystem::path& folder) {
    add_folder(command, "--report", folder,
               "Write report.html with curves, figures and the worst mistakes (pictures from the data)\n"
               "into this folder outside the data, together with its plots and metrics.json; default: none");
}

}  // namespace emotion::apps
