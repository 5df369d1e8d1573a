#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"

namespace emotion::test {

inline const std::string kLogisticRecipe = R"(family: logistic
classes: [happy, fear]
crop: {width: 16, height: 16}
folds: 3
logistic:
  features: standardised
  l2: [100, 1000]
  solver: lbfgs
)";

/// Folders of synthetic pictures, a recipe, and paths for outputs.
struct TrainerWorkspace {
    TemporaryFolder folder;
    std::string data, recipe, card;

    TrainerWorkspace() : data(path("data")), recipe(path("recipe.yaml")), card(path("card.yaml")) {
        write_class_folders(folder / "data" / "train", {"happy", "fear", "sad"}, 60, 0.1);
        write_class_folders(folder / "data" / "validation", {"happy", "fear", "sad"}, 40, 0.1, 2);
        write_file(recipe, kLogisticRecipe);
    }

    ProgramResult train(const std::vector<std::string>& more = {}) const {
        return run_program("trainer", train_arguments(card, more));
    }
    ProgramResult train_to(const std::string& output) const {
        return run_program("trainer", train_arguments(output));
    }
    std::vector<std::string> train_arguments(const std::string& output,
                                             const std::vector<std::string>& more = {}) const {
        std::vector<std::string> arguments{"train", "--data", data, "--recipe", recipe, "--output", output};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
    nlohmann::json read_json(const std::string& name) const {
        return nlohmann::json::parse(read_file(folder / name));
    }
    std::string path(const std::string& name) const { return (folder / name).string(); }
};

}  // namespace emotion::test
