#include <memory>

#include <CLI/CLI.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "apps/guarded.hpp"
#include "apps/trainer_commands.hpp"
#include "base/version.hpp"

namespace {

using namespace emotion;

void add_threads(CLI::App& command, int& threads) {
    command
        .add_option("--threads", threads, "Threads to use; 0: one for each core. The results are the same")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
}

void add_quiet(CLI::App& command, bool& quiet) {
    command.add_flag("--quiet", quiet, "Say nothing but the result and what goes wrong");
}

void add_exclude(CLI::App& command, std::filesystem::path& list) {
    command.add_option(
        "--exclude", list,
        "Leave out the pictures that this file lists: paths below DATA, one a line, or the JSON "
        "of trainer check");
}

void add_measured_data(CLI::App& command, std::filesystem::path& data, std::string& split) {
    command
        .add_option("--data", data,
                    "Folder that holds a folder of pictures for each class, or parts that hold them")
        ->required();
    command.add_option("--split", split,
                       "The part of the data; otherwise validation/ where there is one, or DATA itself");
}

void add_detect(CLI::App& command, bool& detect) {
    command.add_flag(
        "--detect", detect,
        "Find the largest face first, as emotion-detector does; otherwise each picture is a crop");
}

void add_report(CLI::App& command, std::filesystem::path& folder) {
    command.add_option(
        "--report", folder,
        "Write report.html with curves, figures and the worst mistakes (which are pictures of the "
        "data) into this folder, and its plots and metrics.json beside; needs gnuplot. Default: none");
}

void add_train(CLI::App& app) {
    auto& command =
        *app.add_subcommand("train", "Make a model card and its weights from folders of pictures");
    const auto options = std::make_shared<apps::TrainCommand>();
    command
        .add_option(
            "--data", options->data,
            "Folder that holds a folder of pictures for each class, or train/ and validation/ of them")
        ->required();
    command.add_option("--recipe", options->recipe,
                       "How to train, such as config/recipes/logistic.yaml; with --init the default is the "
                       "program's own config/recipes/fine-tune.yaml");
    command.add_option("--output", options->output,
                       "The card to write, NAME.yaml; NAME.onnx comes beside it");
    command.add_option("--init", options->init,
                       "Go on from this card's network with new pictures of some or all of its classes");
    command
        .add_option("--folds", options->folds,
                    "Instead of making a card, train and measure so many times, each time on another part of "
                    "the pictures; duplicates stay together. Default: make a card")
        ->check(CLI::Range(2, 100));
    command
        .add_option("--try", options->trials,
                    "Instead of making a card, measure the recipe with each of the values, as in "
                    "--try l2=1e2,1e3; several options are combined. On folds with --folds, otherwise on "
                    "validation/")
        ->allow_extra_args(false);
    command.add_option("--best", options->best, "Write the best recipe of --try to this file; default: none");
    command.add_option("--json", options->json, "Write losses, epochs and durations to this file");
    command.add_option("--log-json", options->log_json,
                       "Write each epoch's figures to this file as they come, one JSON object a line");
    add_exclude(command, options->exclude);
    add_quiet(command, options->quiet);
    add_report(command, options->report);
    add_threads(command, options->threads);
    command.add_option("--seed", options->seed, "Of everything that is drawn by lot")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_flag("--resume", options->resume,
                     "Go on with an interrupted training (networks keep themselves in OUTPUT.checkpoint)");
    command.callback([options] { apps::run_train(*options); });
}

void add_evaluate(CLI::App& app) {
    auto& command = *app.add_subcommand("evaluate", "Measure a model card on folders of pictures");
    const auto options = std::make_shared<apps::EvaluateCommand>();
    command.add_option("--model", options->model, "The card")->required();
    add_measured_data(command, options->data, options->split);
    command.add_option("--json", options->json, "Write the figures to this file");
    add_detect(command, options->detect);
    command.add_flag(
        "--nuisances", options->nuisances,
        "Also measure the shown classes darker, brighter, blurred, tilted, in shadow, with glasses");
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
    command
        .add_option("--data", options->data,
                    "Folder that holds a folder of pictures for each class, or train/, validation/ and test/ "
                    "of them")
        ->required();
    command.add_option("--json", options->json, "Write all findings to this file");
    command.add_option("--write-list", options->write_list,
                       "Write the pictures best left out, for --exclude, to this file");
    command.add_option("--report", options->report,
                       "Write contact sheets (PNG) of the suspects to this folder");
    command.add_option("--model", options->model,
                       "The card that questions the labels [models/happy-fear.yaml, as it came along]");
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
    command.add_option("A", options->a, "A card")->required();
    command.add_option("B", options->b, "Another card that shows the same classes")->required();
    add_measured_data(command, options->data, options->split);
    command.add_option("--json", options->json,
                       "Write figures and the pictures on which they differ to this file");
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
    command.add_option("--from", options->from, "A video, a picture, or a folder of them")->required();
    command
        .add_option("--to", options->to,
                    "Folder for the crops, SOURCE-FRAME-FACE.png; what is there already stays as it is")
        ->required();
    command.add_option("--every", options->every, "Take one frame of so many of a video")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command.add_option("--max", options->max, "Stop after so many crops; 0: never")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option(
        "--model", options->model,
        "The card whose margin round the face is cut too [models/happy-fear.yaml, as it came along]");
    add_quiet(command, options->quiet);
    command.callback([options] { apps::run_crop(*options); });
}

void add_inspect(CLI::App& app) {
    auto& command = *app.add_subcommand("inspect", "Say what a model card holds and check its weights");
    const auto options = std::make_shared<apps::InspectCommand>();
    command.add_option("CARD", options->model, "The card")->required();
    command.callback([options] { apps::run_inspect(*options); });
}

int run(int argc, char** argv) {
    CLI::App app("Trains and measures the models that emotion-detector shows labels with.");
    app.set_version_flag("--version", std::string("trainer ") + kVersion);
    app.set_help_all_flag("--help-all", "Print this help and that of every subcommand and exit");
    app.require_subcommand(1);
    add_train(app);
    add_evaluate(app);
    add_compare(app);
    add_check(app);
    add_crop(app);
    add_inspect(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
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
