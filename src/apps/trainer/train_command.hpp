#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace emotion::apps {

/// What trainer train is asked for.
struct TrainCommand {
    std::filesystem::path
        data;  ///< folder of class folders, or of train/ and validation/ with such; or a table
    std::filesystem::path validation;  ///< folder of class folders, or a table; empty: data/validation
    std::vector<std::filesystem::path> votes;  ///< tables of what people said of pictures in the folders
    std::vector<std::string> more;             ///< further pictures to learn from; see add_pictures()
    std::filesystem::path recipe;              ///< empty: the one for `init` that came with the program
    std::filesystem::path output;  ///< card to write, .yaml; empty where nothing but measuring is asked for
    std::filesystem::path init;    ///< card to go on from; empty: none
    int folds = 0;                 ///< measure on so many folds instead of making a card; 0: make one
    std::vector<std::string> trials;  ///< "key=a,b,c": measure recipes with these values instead
    std::filesystem::path best;       ///< where the best of them is written; empty: nowhere
    std::filesystem::path json;       ///< empty: none
    std::filesystem::path report;     ///< folder; empty: none
    int threads = 0;                  ///< 0: as many as the machine has cores
    std::filesystem::path exclude;    ///< list of pictures to leave out; empty: none
    std::filesystem::path log_json;   ///< empty: none
    bool quiet = false;
    std::int64_t seed = 1;  ///< >= 0
    bool resume = false;    ///< go on from what an interrupted training left beside the output

    /// Figures are asked for rather than a card.
    bool is_measuring() const { return folds > 0 || !trials.empty(); }
    std::filesystem::path weights_file() const {
        return std::filesystem::path(output).replace_extension(".onnx");
    }
    std::filesystem::path checkpoint_file() const { return output.string() + ".checkpoint"; }
};

}  // namespace emotion::apps
