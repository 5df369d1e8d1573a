#include "apps/trainer/train_checks.hpp"

#include <system_error>

#include "apps/trainer/data.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/one_line.hpp"
#include "model/model_card.hpp"
#include "training/data/data_part.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

/// Whether a card with these texts can be read back.
bool fits_card(const std::string& name, const std::string& description,
               const std::vector<std::string>& classes, const std::string& weights) {
    model::ModelCard card;
    card.name = name;
    card.description = description;
    card.classes = classes;
    card.shown = {{0}};
    card.positive = classes.front();
    card.weights_file = weights;
    card.weights_sha256 = std::string(64, '0');
    try {
        model::parse_card(model::card_text(card), "card");
        return true;
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

void check_command(const TrainCommand& command) {
    if (command.recipe.empty() && command.init.empty())
        throw ConfigError("--recipe is required, such as config/recipes/logistic.yaml, or --init");
    if (!command.best.empty()) {
        if (command.trials.empty()) throw ConfigError("--best: requires --try");
        const OutputFile best(command.best);
    }
    if (!command.json.empty()) const OutputFile json(command.json);
    if (command.is_measuring()) {
        if (command.resume) throw ConfigError("--resume: --folds and --try save no checkpoint, leave it out");
        if (!command.output.empty() || !command.report.empty())
            throw ConfigError("--folds and --try measure and make no card: leave out --output and --report");
        return;
    }
    if (command.output.empty()) throw ConfigError("--output is required: the card to write, NAME.yaml");
    if (command.output.extension() != ".yaml")
        throw ConfigError("--output " + command.output.string() +
                          ": expected a card's name, ending in .yaml");
    const OutputFile card(command.output);
}

std::string check_checkpoint(const TrainCommand& command, bool is_kept) {
    const auto checkpoint = command.checkpoint_file();
    std::error_code absent;
    if (!is_kept)
        return command.resume
                   ? "note: --resume has no effect, as a training by this recipe saves no checkpoint"
                   : "";
    const bool exists = fs::exists(checkpoint, absent);
    if (!command.resume && exists)
        throw ConfigError(
            checkpoint.string() +
            ": was left by an interrupted training: continue it with --resume, or remove it to start over");
    if (!command.resume || exists) return "";
    // The command of a finished training, repeated: its card took hours perhaps.
    if (fs::exists(command.output, absent))
        throw ConfigError(command.output.string() + ": is finished, and there is no checkpoint " +
                          checkpoint.string() + " to resume; remove --resume to train anew");
    return "note: there is no checkpoint " + checkpoint.string() +
           " to resume, so training starts from the beginning";
}

void check_outputs(const TrainCommand& command, const training::Recipe& recipe, const fs::path& recipe_file) {
    auto outputs = report_outputs(command.report);
    if (!command.output.empty())
        outputs.insert(outputs.end(), {{"--output", command.output},
                                       {"--output", command.weights_file()},
                                       {"--output", command.checkpoint_file()}});
    outputs.insert(outputs.end(),
                   {{"--json", command.json}, {"--log-json", command.log_json}, {"--best", command.best}});
    std::vector<NamedFile> inputs{{"the recipe", recipe_file}, {"the list of --exclude", command.exclude}};
    inputs.push_back({"the table of --data", training::is_table(command.data) ? command.data : ""});
    inputs.push_back(
        {"the table of --validation", training::is_table(command.validation) ? command.validation : ""});
    for (const auto& table : command.votes) inputs.push_back({"a table of --votes", table});
    for (const auto& more : command.more)
        if (training::is_table(more)) inputs.push_back({"a table of --more", more});
    add_card(inputs, "the card of --init", command.init);
    add_card(inputs, "the card that the recipe starts from", recipe.network.start);
    for (const auto& teacher : recipe.network.distillation.teachers)
        add_card(inputs, "a teacher of the recipe", teacher);
    check_outputs(outputs, inputs);
}

void check_card(const TrainCommand& command, const training::Recipe& recipe, const std::string& name,
                const std::vector<std::string>& classes) {
    const auto refuse = [](const std::string& what, const std::string& longest, const std::string& where) {
        throw ConfigError(one_line(what, 300) + ": expected a name of at most " + longest + " bytes" + where +
                          ", in UTF-8, without tabs, line breaks and backslashes, because the card holds it");
    };
    const std::vector<std::string> any{"a", "b"};
    if (!fits_card("name", "", any, command.weights_file().filename().string()))
        refuse("--output " + command.output.string(), "95", " before .yaml");
    if (!fits_card(name, "", any, "weights"))
        refuse(
            name + " (the model's name, by the " + (recipe.init ? "card of --init" : "recipe's file") + ")",
            "100", "");
    if (!fits_card("name", recipe.description, any, "weights"))
        throw ConfigError("the recipe's description: is too long for a card");
    for (const auto& one : classes)
        if (!fits_card("name", "", {one, one == "a" ? "b" : "a"}, "weights"))
            refuse("the class " + one, "100", "");
    if (!classes.empty() && !fits_card("name", "", classes, "weights"))
        throw ConfigError("the data have " + std::to_string(classes.size()) +
                          " classes, more than a card holds");
}

}  // namespace emotion::apps
