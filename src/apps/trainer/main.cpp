#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "apps/common/guarded.hpp"
#include "apps/trainer/commands.hpp"
#include "base/error.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
#include "base/program_files.hpp"
#include "base/version.hpp"

namespace {

using namespace emotion;

/// One less than the greatest, which CLI11 makes of whatever is greater still.
constexpr auto kMost = std::numeric_limits<std::int64_t>::max() - 1;

/// The help's lines are short enough without the range.
CLI::Validator unnamed(const CLI::Validator& validator) {
    return validator.description("");
}

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

template <typename Number>
void add_number(CLI::App& command, const std::string& name, Number& number, Number least, Number most,
                const std::string& description) {
    command.add_option(name, number, description)->type_name("N")->check(unnamed(CLI::Range(least, most)));
}

void add_threads(CLI::App& command, int& threads) {
    add_number(command, "--threads", threads, 0, 1024,
               "Threads to compute with, which change no result; default: 0, one for each core");
}

void add_quiet(CLI::App& command, bool& quiet) {
    command.add_flag("--quiet", quiet, "Say nothing but the result and what goes wrong");
}

void add_exclude(CLI::App& command, std::filesystem::path& list) {
    add_file(command, "--exclude", list,
             "Leave out the pictures that this file lists: paths below DATA, one a line, or the JSON\n"
             "of trainer check; default: none");
}

void add_votes(CLI::App& command, std::vector<std::filesystem::path>& tables) {
    command
        .add_option("--votes", tables,
                    "Table (.csv) of what people said of pictures in the folders; may be repeated;\n"
                    "default: their folder is all that is known of them")
        ->type_name("FILE")
        ->allow_extra_args(false);
}

void add_measured_data(CLI::App& command, std::filesystem::path& data, std::string& split) {
    add_folder(command, "--data", data,
               "Folder that holds a folder of pictures for each class, or parts that hold them, or a table\n"
               "of votes (.csv)")
        ->required();
    command
        .add_option("--split", split,
                    "The part of the data; default: validation where there is one, else all of DATA")
        ->type_name("NAME");
}

void add_detect(CLI::App& command, bool& detect) {
    command.add_flag(
        "--detect", detect,
        "Find the largest face first, as emotion-detector does; default: each picture is a crop");
}

void add_report(CLI::App& command, std::filesystem::path& folder) {
    add_folder(command, "--report", folder,
               "Write report.html with curves, figures and the worst mistakes (which are pictures of\n"
               "the data) into this folder, its plots and metrics.json beside; default: none");
}

void add_train(CLI::App& app) {
    auto& command =
        *app.add_subcommand("train", "Make a model card and its weights from folders of pictures");
    const auto options = std::make_shared<apps::TrainCommand>();
    add_folder(command, "--data", options->data,
               "Folder that holds a folder of pictures for each class, or train/ and validation/\n"
               "with such folders; or a table of votes (.csv): a path and what people said of it a row")
        ->required();
    add_folder(command, "--validation", options->validation,
               "Pictures to choose by, a folder of class folders or a table; default: DATA/validation,\n"
               "where there is none a tenth of the pictures");
    add_votes(command, options->votes);
    command
        .add_option("--more", options->more,
                    "Further pictures to learn from: a table, a folder of class folders, or CLASS=DIR, a\n"
                    "folder of pictures of a class; may be repeated; default: none")
        ->type_name("WHAT")
        ->allow_extra_args(false);
    add_file(command, "--recipe", options->recipe,
             "How to train, such as config/recipes/logistic.yaml; default: with --init the program's\n"
             "own config/recipes/fine-tune.yaml, otherwise it is required");
    add_card(command, "--output", options->output,
             "The card to write, NAME.yaml, with NAME.onnx beside it; required but for --folds and --try;\n"
             "default: none");
    add_card(command, "--init", options->init,
             "Go on from this card's network with new pictures of some or all of its classes;\n"
             "default: train anew");
    add_number(command, "--folds", options->folds, 2, 100,
               "Instead of making a card, train and measure so many times, each time on another part\n"
               "of the pictures; duplicates stay together; default: make a card");
    command
        .add_option("--try", options->trials,
                    "Instead of making a card, measure the recipe with each of the values, as in\n"
                    "--try l2=1e2,1e3, on folds with --folds, otherwise on validation/; several are\n"
                    "combined; default: make a card")
        ->type_name("KEY=VALUES")
        ->allow_extra_args(false);
    add_file(command, "--best", options->best, "Write the best recipe of --try to this file; default: none");
    add_file(command, "--json", options->json,
             "Write losses, epochs and durations to this file, with --folds or --try the figures;\n"
             "default: none");
    add_file(command, "--log-json", options->log_json,
             "Write each epoch's figures to this file as they come, one JSON object a line;\n"
             "default: none");
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_report(command, options->report);
    add_threads(command, options->threads);
    add_number(command, "--seed", options->seed, std::int64_t{0}, kMost,
               "Where random numbers start; the same seed and pictures give the same card; default: 1");
    command.add_flag("--resume", options->resume,
                     "Go on with an interrupted training (networks keep themselves in OUTPUT.checkpoint);\n"
                     "default: begin anew, which is refused where there is a checkpoint");
    command.callback([options] { apps::run_train(*options); });
}

void add_evaluate(CLI::App& app) {
    auto& command = *app.add_subcommand("evaluate", "Measure a model card on folders of pictures");
    const auto options = std::make_shared<apps::EvaluateCommand>();
    add_card(command, "--model", options->model, "The card")->required();
    add_measured_data(command, options->data, options->split);
    add_votes(command, options->votes);
    add_file(command, "--json", options->json, "Write the figures to this file; default: none");
    add_file(command, "--predictions", options->predictions,
             "Write a row (CSV) a picture to this file: truth, label shown, every probability;\n"
             "default: none");
    add_detect(command, options->detect);
    command.add_flag("--nuisances", options->nuisances,
                     "Also measure the shown classes darker, brighter, blurred, tilted, in shadow and with\n"
                     "glasses");
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_report(command, options->report);
    add_threads(command, options->threads);
    command.callback([options] { apps::run_evaluate(*options); });
}

void add_check(CLI::App& app) {
    auto& command = *app.add_subcommand(
        "check", "Look for what is wrong with folders of pictures, such as copies and wrong labels");
    const auto options = std::make_shared<apps::CheckCommand>();
    add_folder(command, "--data", options->data,
               "Folder that holds a folder of pictures for each class, or train/, validation/ and\n"
               "test/ with such folders")
        ->required();
    add_votes(command, options->votes);
    add_file(command, "--json", options->json, "Write all findings to this file; default: none");
    add_file(command, "--write-list", options->write_list,
             "Write the pictures best left out, for --exclude, to this file; default: none");
    add_folder(command, "--report", options->report,
               "Write contact sheets (PNG) of the suspects to this folder; default: none");
    add_card(command, "--model", options->model,
             std::string("The card that questions the labels; default: the program's own ") + kUsualModel);
    command.add_flag("--no-labels", options->no_labels, "Do not question the labels");
    command.add_flag("--no-faces", options->no_faces, "Do not look for a face in each picture");
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_threads(command, options->threads);
    command.callback([options] { apps::run_check(*options); });
}

void add_compare(CLI::App& app) {
    auto& command = *app.add_subcommand(
        "compare", "Measure two model cards on the same pictures and test whether they differ");
    const auto options = std::make_shared<apps::CompareCommand>();
    command.add_option("A", options->a, "A card")->required()->type_name("");
    command.add_option("B", options->b, "Another card that shows the same classes")
        ->required()
        ->type_name("");
    add_measured_data(command, options->data, options->split);
    add_votes(command, options->votes);
    add_file(command, "--json", options->json,
             "Write figures and the pictures on which they differ to this file; default: none");
    add_detect(command, options->detect);
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_threads(command, options->threads);
    command.callback([options] { apps::run_compare(*options); });
}

void add_crop(CLI::App& app) {
    auto& command = *app.add_subcommand(
        "crop", "Cut the faces out of your own videos or pictures, as emotion-detector does, to label them");
    const auto options = std::make_shared<apps::CropCommand>();
    command.add_option("--from", options->from, "A video, a picture, or a folder of them")
        ->type_name("FILE|DIR")
        ->required();
    add_folder(command, "--to", options->to,
               "Folder for the crops, SOURCE-FRAME-FACE.png; what is there already stays as it is")
        ->required();
    add_number(command, "--every", options->every, 1, 1'000'000,
               "Take one frame of so many of a video; default: 10");
    add_number(command, "--max", options->max, std::int64_t{0}, kMost,
               "Stop after so many crops; default: 0, never");
    add_card(command, "--model", options->model,
             std::string("The card whose margin round the face is cut too; default: the program's own\n") +
                 kUsualModel);
    add_quiet(command, options->quiet);
    command.callback([options] { apps::run_crop(*options); });
}

void add_inspect(CLI::App& app) {
    auto& command = *app.add_subcommand("inspect", "Say what a model card holds and check its weights");
    const auto options = std::make_shared<apps::InspectCommand>();
    command.add_option("CARD", options->model, "The card")->required()->type_name("");
    command.add_flag("--self-check", options->self_check,
                     "Print a self_check for the card instead: what its network answers to made-up crops");
    command.callback([options] { apps::run_inspect(*options); });
}

/// What is not known before what is missing: a mistyped option is both.
std::string usage_error(const CLI::App& app, const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    const auto* const command = chosen.empty() ? &app : chosen.front();
    const auto unknown = command->remaining();
    const auto program = chosen.empty() ? "trainer" : "trainer " + command->get_name();
    const auto see = " (see " + program + " --help)";
    if (!chosen.empty())
        return (unknown.empty() ? error.what() : one_line(unknown.front()) + ": not known to " + program) +
               see;
    std::vector<std::string> commands;
    for (const auto* known : app.get_subcommands([](const auto*) { return true; }))
        commands.push_back(known->get_name());
    return (unknown.empty() ? "no command is given" : one_line(unknown.front()) + ": is no command") +
           ", expected one of " + join(commands) + see;
}

int run(int argc, char** argv) {
    CLI::App app("Trains and measures the models that emotion-detector shows labels with.", "trainer");
    app.set_version_flag("--version", std::string("trainer ") + kVersion, "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_help_all_flag("--help-all", "Print this help and that of every command and exit");
    app.get_formatter()->column_width(24);
    app.footer("Exit codes: 0 done, 1 something failed, 2 usage or configuration.");
    app.require_subcommand(1);
    add_train(app);
    add_evaluate(app);
    add_compare(app);
    add_check(app);
    add_crop(app);
    add_inspect(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {
        app.exit(answer);
    } catch (const CLI::ParseError& error) {
        throw ConfigError(usage_error(app, error));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    // What goes wrong is said in one line of ours, and the pictures are shared out among threads of ours.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::setNumThreads(1);
    return apps::guarded("trainer", [&] { return run(argc, argv); });
}
