#include "apps/trainer/commands.hpp"

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "apps/trainer/shared_options.hpp"
#include "base/error.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
#include "base/version.hpp"

namespace emotion::apps {
namespace {

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

}  // namespace

int run_trainer(int argc, char** argv) {
    CLI::App app("Trains and evaluates the models of emotion-detector.", "trainer");
    app.set_version_flag("--version", std::string("trainer ") + kVersion, "Print the version and exit");
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_help_all_flag("--help-all", "Print the help of all commands and exit");
    app.get_formatter()->column_width(24);
    app.footer("Exit codes: 0 done, 1 something failed, 2 usage or configuration.");
    app.require_subcommand(1);
    add_train(app);
    add_evaluate(app);
    add_compare(app);
    add_check(app);
    add_crop(app);
    add_inspect(app);
    app.parse_complete_callback([&app] {
        for (const auto* command : app.get_subcommands()) check_shared_options(*command);
    });
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& answer) {
        app.exit(answer);
    } catch (const CLI::ParseError& error) {
        throw ConfigError(usage_error(app, error));
    }
    return 0;
}

}  // namespace emotion::apps
