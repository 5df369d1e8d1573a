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
#include "base/version.hpp"

namespace {

using namespace emotion;

/// Reports unknown arguments before missing ones: a mistyped option causes both.
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
    return (unknown.empty() ? "no command is given" : one_line(unknown.front()) + ": is not a command") +
           ", expected one of " + join(commands) + see;
}

int run(int argc, char** argv) {
    CLI::App app("Trains and evaluates the models of emotion-detector.", "trainer");
    app.set_version_flag("--version", std::string("trainer ") + kVersion, "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_help_all_flag("--help-all", "Print the help of all commands and exit");
    app.get_formatter()->column_width(24);
    app.footer("Exit codes: 0 done, 1 something failed, 2 usage or configuration.");
    app.require_subcommand(1);
    apps::add_train(app);
    apps::add_evaluate(app);
    apps::add_compare(app);
    apps::add_check(app);
    apps::add_crop(app);
    apps::add_inspect(app);
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
    // Errors are reported in one line of our own, and pictures are distributed over our own threads.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::setNumThreads(1);
    return apps::guarded("trainer", [&] { return run(argc, argv); });
}
