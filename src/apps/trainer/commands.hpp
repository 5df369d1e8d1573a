#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace emotion::apps {

// What each command of trainer is asked for, and its work: results go to stdout, progress and notes to
// stderr. All throw Error for what the data, cards and outputs lack, and ConfigError for what cannot be
// meant. `data` is only read, and `threads` and `quiet` change no result.

/// trainer train.
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
};
/// Makes a model card and its weights from folders of pictures, or measures recipes on them. The card is put
/// in place at the end; until then a network keeps itself in a checkpoint beside it.
void run_train(const TrainCommand& command);

/// trainer evaluate.
struct EvaluateCommand {
    std::filesystem::path model,
        data;  ///< the card; folder of class folders, or of parts with such; or a table
    std::vector<std::filesystem::path> votes;  ///< tables of what people said of the pictures
    std::filesystem::path predictions;         ///< table of every answer; empty: none
    std::filesystem::path json;                ///< empty: none
    std::filesystem::path report;              ///< folder; empty: none
    std::string split;                         ///< empty: validation where there is such a folder
    bool detect = false;                       ///< find the face first; otherwise each picture is a crop
    bool nuisances = false;                    ///< also under bad light, blur, tilt, shadow and glasses
    std::filesystem::path exclude;
    bool quiet = false;
    int threads = 0;
};
/// Measures a model card on folders of pictures.
void run_evaluate(const EvaluateCommand& command);

/// trainer check.
struct CheckCommand {
    std::filesystem::path data;
    std::vector<std::filesystem::path> votes;        ///< tables to hold against the folders
    std::filesystem::path model;                     ///< empty: the one that came with the program
    std::filesystem::path json, write_list, report;  ///< empty: none
    std::filesystem::path exclude;
    bool no_faces = false, no_labels = false;  ///< without the expensive parts
    bool quiet = false;
    int threads = 0;
};
/// Looks for what is wrong with folders of pictures; changes nothing.
void run_check(const CheckCommand& command);

/// trainer compare.
struct CompareCommand {
    std::filesystem::path a, b, data;  ///< two cards that show the same classes; as of EvaluateCommand
    std::vector<std::filesystem::path> votes;  ///< as of EvaluateCommand
    std::filesystem::path json;                ///< empty: none
    std::string split;
    std::filesystem::path exclude;
    bool detect = false;
    bool quiet = false;
    int threads = 0;
};
/// Measures two cards on the same pictures and tests whether they differ.
void run_compare(const CompareCommand& command);

/// trainer crop.
struct CropCommand {
    std::string from;             ///< as emotion-detector takes a source: a video, a picture, a folder
    std::filesystem::path to;     ///< folder, made where it is missing
    std::filesystem::path model;  ///< empty: the one that came with the program
    int every = 10;               ///< >= 1: one frame of so many
    std::int64_t max = 0;         ///< 0: all
    bool quiet = false;
};
/// Cuts the faces out of one's own material as pictures to label; replaces no file.
void run_crop(const CropCommand& command);

/// trainer inspect.
struct InspectCommand {
    std::filesystem::path model;  ///< the card
    bool self_check = false;      ///< print one for the card and nothing else
};
/// Says what a card holds and whether its weights are sound.
void run_inspect(const InspectCommand& command);

}  // namespace emotion::apps
