#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace emotion::apps {

struct TrainCommand {
    std::filesystem::path data, recipe, output;
    std::filesystem::path init;       ///< card to go on from; empty: none
    int folds = 0;                    ///< measure on so many folds instead of making a card; 0: make one
    std::vector<std::string> trials;  ///< "key=a,b,c": measure recipes with these values instead
    std::filesystem::path best;       ///< where the best of them is written; empty: nowhere
    std::filesystem::path json;       ///< empty: none
    std::filesystem::path report;     ///< folder; empty: none
    int threads = 0;                  ///< 0: as many as the machine has cores
    std::filesystem::path exclude;    ///< list of pictures to leave out; empty: none
    std::filesystem::path log_json;   ///< empty: none
    bool quiet = false;
    std::int64_t seed = 1;
    bool resume = false;  ///< go on from what an interrupted training left beside the output
};
/// Makes a model card and its weights from folders of pictures, or measures recipes on them.
void run_train(const TrainCommand& command);

struct EvaluateCommand {
    std::filesystem::path model, data;
    std::filesystem::path json;    ///< empty: none
    std::filesystem::path report;  ///< folder; empty: none
    std::string split;             ///< empty: validation where there is such a folder
    bool detect = false;
    bool nuisances = false;  ///< also under bad light, blur, tilt, shadow and glasses
    std::filesystem::path exclude;
    bool quiet = false;
    int threads = 0;
};
/// Measures a model card on folders of pictures.
void run_evaluate(const EvaluateCommand& command);

struct CheckCommand {
    std::filesystem::path data;
    std::filesystem::path model;                     ///< empty: the one that came with the program
    std::filesystem::path json, write_list, report;  ///< empty: none
    std::filesystem::path exclude;
    bool no_faces = false, no_labels = false;  ///< without the dear parts
    bool quiet = false;
    int threads = 0;
};
/// Looks for what is wrong with folders of pictures; changes nothing.
void run_check(const CheckCommand& command);

struct CompareCommand {
    std::filesystem::path a, b, data;
    std::filesystem::path json;  ///< empty: none
    std::string split;
    std::filesystem::path exclude;
    bool detect = false;
    bool quiet = false;
    int threads = 0;
};
/// Measures two cards on the same pictures.
void run_compare(const CompareCommand& command);

struct CropCommand {
    std::string from;
    std::filesystem::path to;
    std::filesystem::path model;  ///< empty: the one that came with the program
    int every = 10;
    std::int64_t max = 0;  ///< 0: all
    bool quiet = false;
};
/// Cuts the faces out of one's own material as pictures to label.
void run_crop(const CropCommand& command);

struct InspectCommand {
    std::filesystem::path model;
};
/// Says what a card holds and whether its weights are sound.
void run_inspect(const InspectCommand& command);

}  // namespace emotion::apps
