#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace emotion::apps {

/// The options of trainer train.
struct TrainCommand {
    std::filesystem::path
        data;  ///< folder of class folders, or of train/ and validation/ with such; or a table
    std::filesystem::path validation;  ///< folder of class folders, or a table; empty: data/validation
    std::vector<std::filesystem::path> votes;  ///< tables of votes on pictures in the folders
    std::vector<std::string> more;             ///< additional training pictures; see add_pictures()
    std::filesystem::path recipe;              ///< empty: the default recipe for `init`
    std::filesystem::path output;              ///< card to write, .yaml; empty when only evaluating
    std::filesystem::path init;                ///< card to fine-tune; empty: none
    int folds = 0;  ///< number of folds for evaluation instead of writing a card; 0: write one
    std::vector<std::string> trials;  ///< "key=a,b,c": evaluate recipes with these values instead
    std::filesystem::path best;       ///< file for the best of them; empty: none
    std::filesystem::path json;       ///< empty: none
    std::filesystem::path report;     ///< folder; empty: none
    int threads = 0;                  ///< 0: one per core
    std::filesystem::path exclude;    ///< list of pictures to exclude; empty: none
    std::filesystem::path log_json;   ///< empty: none
    bool quiet = false;
    std::int64_t seed = 1;  ///< >= 0
    bool resume = false;    ///< resume from an interrupted training's checkpoint next to the output

    /// Measures a recipe instead of making a card.
    bool is_measuring() const { return folds > 0 || !trials.empty(); }
    std::filesystem::path weights_file() const {
        return std::filesystem::path(output).replace_extension(".onnx");
    }
    std::filesystem::path checkpoint_file() const { return output.string() + ".checkpoint"; }
};

}  // namespace emotion::apps
