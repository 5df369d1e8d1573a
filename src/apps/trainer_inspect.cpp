#include <filesystem>
#include <iostream>

#include "apps/trainer_commands.hpp"
#include "model/scorer.hpp"

namespace emotion::apps {

void run_inspect(const InspectCommand& command) {
    const auto card = load_scorer(command.model)->card();
    std::cout << card_text(card);
    const auto weights = command.model.parent_path() / card.weights_file;
    std::cout << "# " << card.weights_file << ": " << std::filesystem::file_size(weights)
              << " bytes, the hash is right";
    if (!card.self_check.empty())
        std::cout << ", and all " << card.self_check.size() << " self-checks are answered as they should be";
    std::cout << '\n';
}

}  // namespace emotion::apps
