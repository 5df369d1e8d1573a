#include <filesystem>
#include <iostream>
#include <memory>

#include "apps/trainer/commands.hpp"
#include "apps/trainer/shared_options.hpp"
#include "model/scorer.hpp"
#include "model/self_check.hpp"

namespace emotion::apps {
namespace {

/// The options of trainer inspect.
struct InspectCommand {
    std::filesystem::path model;  ///< the card
    bool self_check = false;      ///< print only the self-check for the card
};

void run_inspect(const InspectCommand& command) {
    const auto scorer = model::load_scorer(command.model);
    auto card = scorer->card();
    if (command.self_check) {
        card.self_check = model::self_check_of(*scorer);
        const auto text = model::card_text(card);
        std::cout << text.substr(text.find("\nself_check:") + 1);
        return;
    }
    std::cout << model::card_text(card);
    const auto weights = command.model.parent_path() / card.weights_file;
    std::cout << "# " << card.weights_file << ": " << std::filesystem::file_size(weights)
              << " bytes, the hash matches";
    if (!card.self_check.empty()) std::cout << ", and all " << card.self_check.size() << " self-checks pass";
    std::cout << '\n';
}

}  // namespace

void add_inspect(CLI::App& app) {
    auto& command = *app.add_subcommand("inspect", "Print a model card and check its weights");
    const auto options = std::make_shared<InspectCommand>();
    command.add_option("CARD", options->model, "The card")->required()->type_name("");
    command.add_flag("--self-check", options->self_check,
                     "Print a self_check for the card instead: its network's answers for synthetic crops");
    command.callback([options] { run_inspect(*options); });
}

}  // namespace emotion::apps
