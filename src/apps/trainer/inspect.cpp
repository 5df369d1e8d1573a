#include <filesystem>
#include <iostream>

#include "apps/trainer/commands.hpp"
#include "model/scorer.hpp"
#include "model/self_check.hpp"

namespace emotion::apps {

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
              << " bytes, the hash is right";
    if (!card.self_check.empty())
        std::cout << ", and all " << card.self_check.size() << " self-checks are answered as they should be";
    std::cout << '\n';
}

}  // namespace emotion::apps
