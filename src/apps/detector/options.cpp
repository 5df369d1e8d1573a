#include "apps/detector/options.hpp"

#include <cmath>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/program_files.hpp"
#include "base/version.hpp"

namespace emotion::apps {
namespace {

constexpr const char* kDescription =
    "Finds faces in camera pictures, videos and photos, and shows or writes their expressions.";
constexpr const char* kFooter =
    "To end the program, press q or Esc in the window, close it, or press Ctrl-C. What has been written by\n"
    "then is complete. Exit codes: 0 done, 1 something failed, 2 usage or configuration error,\n"
    "130 or 143 a recorded source was cut short by Ctrl-C or SIGTERM.";

/// Omits the range from the help to keep its lines short.
CLI::Validator unnamed(const CLI::Validator& validator) {
    return validator.description("");
}

ConfigError usage_error(const CLI::ParseError& error) {
    return ConfigError(std::string(error.what()) + " (see emotion-detector --help)");
}

/// Usually an unset variable of the shell.
void refuse_empty_values(const CLI::App& app) {
    for (const auto* option : app.get_options())
        for (const auto& value : option->results())
            if (value.empty() && option->nonpositional())
                throw ConfigError(option->get_name() +
                                  ": its value is empty, expected a name; or leave the option out");
}

const char* value_of(const results::OutputKind& kind) {
    if (kind.value) return kind.value;
    return kind.sharing == results::Sharing::kSource ? "FILE|DIR" : "FILE|-";
}

void add_output(CLI::App& app, const results::OutputKind& kind, results::OutputTargets& outputs) {
    const std::string option(kind.option);
    app.add_option_function<std::string>(
           option, [option, &outputs](const std::string& target) { outputs[option] = target; }, kind.help)
        ->type_name(value_of(kind));
}

void add_inputs(CLI::App& app, DetectorOptions& options) {
    app.add_option("SOURCE", options.sources,
                   "Camera number, /dev/videoN, video, picture, folder of these, numbered\n"
                   "pictures (img%04d.jpg), stream URL, or - for what is piped in; default: the\n"
                   "first camera that opens")
        ->type_name("");
    app.add_option("--model", options.model,
                   std::string("Model card; default: the program's own ") + kDefaultModel)
        ->type_name("CARD");
    app.add_option(
           "--config", options.config,
           std::string("Settings for detection, tracking and smoothing;\ndefault: the program's own ") +
               kDefaultConfig)
        ->type_name("FILE");
}

void add_limits(CLI::App& app, DetectorOptions& options) {
    app.add_flag("--headless", options.headless, "Open no window; default: one where there is a display");
    app.add_option("--threads", options.threads, "Number of threads; default: 0, one per core")
        ->type_name("N")
        ->check(unnamed(CLI::Range(0, 1024)));
    app.add_option("--min-face", options.min_face_px,
                   "Side of the smallest face to search for, in pixels; default: haar.min_face_px")
        ->type_name("SIZE")
        ->check(unnamed(CLI::Range(0, 10'000)));
    app.add_option("--max-frames", options.max_frames, "Stop after N frames in total; default: no limit")
        ->type_name("N")
        ->check(unnamed(CLI::Range(std::int64_t{1}, std::int64_t{1} << 53)));
}

}  // namespace

std::vector<std::string> only_for_recordings(const DetectorOptions& options) {
    std::vector<std::string> given;
    for (const auto& kind : results::output_kinds())
        if (!kind.of_live_sources && options.outputs.contains(kind.option)) given.emplace_back(kind.option);
    const auto& recorded = options.recorded;
    if (recorded.start_s > 0.0) given.emplace_back("--start");
    if (std::isfinite(recorded.end_s)) given.emplace_back("--end");
    if (recorded.every > 1) given.emplace_back("--every");
    return given;
}

std::optional<DetectorOptions> parse_detector_options(int argc, char** argv) {
    DetectorOptions options;
    CLI::App app(kDescription, "emotion-detector");
    app.footer(kFooter);
    app.set_version_flag("--version", std::string("emotion-detector ") + kVersion,
                         "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.get_formatter()->column_width(24);
    add_inputs(app, options);
    for (const auto& kind : results::output_kinds()) add_output(app, kind, options.outputs);
    add_limits(app, options);
    add_live_options(app, options.live);
    add_recorded_options(app, options.recorded);
    app.add_flag("--print-config", options.print_config,
                 "Print the settings as a file for --config and exit");

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {
        app.exit(answer);
        return std::nullopt;
    } catch (const CLI::ArgumentMismatch& error) {
        if (!std::string(error.what()).starts_with("--on:")) throw usage_error(error);
        throw ConfigError(
            "--on: a part is missing, expected LABEL:SECONDS and a command such as "
            "--on happy:2 \"notify-send Smile\"");
    } catch (const CLI::ParseError& error) {
        throw usage_error(error);
    }
    refuse_empty_values(app);
    if (options.live.list_cameras) return options;
    if (options.model.empty()) options.model = find_program_file(kDefaultModel);
    if (options.config.empty()) options.config = find_program_file(kDefaultConfig);
    if (!options.live.serve_token.empty() && !options.outputs.contains("--serve"))
        throw ConfigError("--serve-token: is for --serve, which is not given");
    check(options.recorded);
    return options;
}

}  // namespace emotion::apps
