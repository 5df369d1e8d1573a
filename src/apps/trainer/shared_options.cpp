#include "apps/trainer/shared_options.hpp"

namespace emotion::apps {

CLI::Option* add_file(CLI::App& command, const std::string& name, std::filesystem::path& file,
                      const std::string& description) {
    return command.add_option(name, file, description)->type_name("FILE");
}

CLI::Option* add_folder(CLI::App& command, const std::string& name, std::filesystem::path& folder,
                        const std::string& description) {
    return command.add_option(name, folder, description)->type_name("DIR");
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
                    "Table (.csv) of people's votes on pictures in the folders; may be repeated;\n"
                    "default: none, pictures are labeled by their folder")
        ->type_name("FILE")
        ->allow_extra_args(false);
}

void add_measured_data(CLI::App& command, std::filesystem::path& data, std::string& split) {
    add_folder(command, "--data", data,
               "Folder with one folder of pictures per class, or with parts that hold such folders, or a\n"
               "table of votes (.csv)")
        ->required();
    command
        .add_option("--split", split,
                    "Part of the data to use; default: validation if there is one, otherwise all of DATA")
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
               "into this folder, together with its plots and metrics.json; default: none");
}

}  // namespace emotion::apps
