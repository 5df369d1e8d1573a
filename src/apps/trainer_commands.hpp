#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace emotion::apps {

struct TrainCommand {
    std::filesystem::path data, recipe, output;
    std::filesystem::path json;  ///< empty: none
    int threads = 0;             ///< 0: as many as the machine has cores
    std::int64_t seed = 1;
    bool resume = false;  ///< go on from what an interrupted training left beside the output
};
/// Makes a model card and its weights from folders of pictures.
void run_train(const TrainCommand& command);

struct EvaluateCommand {
    std::filesystem::path model, data;
    std::filesystem::path json;  ///< empty: none
    std::string split;           ///< empty: validation where there is such a folder
    bool detect = false;
    bool nuisances = false;  ///< also under bad light, blur, tilt, shadow and glasses
    int threads = 0;
};
/// Measures a model card on folders of pictures.
void run_evaluate(const EvaluateCommand& command);

struct InspectCommand {
    std::filesystem::path model;
};
/// Says what a card holds and whether its weights are sound.
void run_inspect(const InspectCommand& command);

}  // namespace emotion::apps
