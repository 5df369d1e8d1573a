#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "faces/preprocess.hpp"
#include "ml/optim/gradient_descent.hpp"
#include "ml/optim/lbfgs.hpp"
#include "training/data/class_folders.hpp"
#include "training/data/dataset.hpp"
#include "training/data/vote_table.hpp"
#include "training/recipe/network_recipe.hpp"

namespace emotion::training {

enum class Family { kLogistic, kNetwork };
/// How to treat folders that the recipe does not name.
enum class OtherFolders {
    kIgnored,
    kOneClass,  ///< merged into an additional class "other"
    kLearned,   ///< each as a class of its own
};
enum class Features {
    kUnit,          ///< pixel / 255
    kStandardized,  ///< mean 0 and deviation 1 of each pixel over the training pictures
};
enum class Solver { kDescent, kLbfgs };

/// Logistic regression on gray pixels; the last of two classes is label 1.
struct LogisticRecipe {
    Features features = Features::kUnit;
    bool bias = true;
    /// Candidate strengths lambda of the penalty lambda/2 |w|^2 on the summed cross-entropy; with several,
    /// the folds decide.
    std::vector<double> l2{0.0};
    bool penalize_gradient = true;  ///< false: the penalty affects only the reported loss
    Solver solver = Solver::kLbfgs;
    ml::GradientDescentOptions descent;
    /// For gradient descent: stop after this many epochs without a lower validation loss, keeping the lowest;
    /// 0: never.
    int patience = 0;
    ml::LbfgsOptions lbfgs;
};

/// Weights of pictures in the training loss, by class.
struct ClassWeights {
    bool balanced = false;        ///< equal total weight for every class, mean weight 1
    std::vector<double> weights;  ///< per class of the recipe, others 1; empty: all 1

    /// The weight of each class of the data.
    std::vector<double> of(const Dataset& data) const;
};

/// Fine-tuning of an existing network, whose card determines classes, crop and shown classes.
struct InitRecipe {
    enum class Trained {
        kLast,  ///< the last layer only
        kAll,   ///< all layers, by the network's plan
    };
    Trained trained = Trained::kLast;
    double pull = 3.0;  ///< for kLast: see ml::fit_softmax_regression()
};

/// Everything that determines a model except data, seed and number of threads.
struct Recipe {
    std::string name;  ///< the file name without extension
    std::string text;  ///< the complete file
    std::string description;
    std::string
        sha256;  ///< of everything that affects training: not of comments, `description`, `data` and `show`
    /// Source and license terms of the pictures, for the card.
    std::string data_source, data_terms;
    Family family = Family::kLogistic;
    std::vector<std::string> classes;
    OtherFolders others = OtherFolders::kIgnored;
    /// The classes shown as labels; the others are distinguished but not shown.
    std::vector<std::string> shown;
    std::string positive;  ///< the class for precision, recall and F1
    faces::CropSpec crop;
    /// Number of cross-validation folds, whose held-out predictions are used for all choices and for
    /// calibration; 0: none. For logistic regression only.
    int folds = 0;
    /// Minimum probability of a label, unless chosen by show_precision or show_agreement.
    double show_from = 0.5;
    std::vector<double> show_precision;  ///< required precision per shown class; empty: not used
    /// Required mean share of people who agree with the label, per shown class; empty: not used.
    std::vector<double> show_agreement;
    /// With show_agreement: the maximum fraction of calm pictures, those whose majority is a class of
    /// `show_calm`, that may get a label; per shown class.
    std::vector<double> show_calm_rate;
    /// Penalties by class name, one per shown class; see ShownClass.
    std::map<std::string, std::vector<double>> show_penalties;
    VoteRules votes;  ///< how to interpret the answers of tables
    ClassWeights class_weights;
    bool mirror = false;  ///< the model averages the scores of the picture and its mirror image
    LogisticRecipe logistic;
    NetworkRecipe network;
    std::optional<InitRecipe> init;  ///< fine-tune a network; classes, shown and crop are then unused
};

/// Reads a recipe strictly. Throws ConfigError naming file, line, key and what was expected.
Recipe read_recipe(const std::filesystem::path& path);
/// Parses a recipe; `name` stands for the file in errors.
Recipe parse_recipe(const std::string& text, const std::string& name);

/// The folders to learn, one per class: those the recipe names, in its order, then others as the recipe
/// specifies. Throws ConfigError for a class without a folder, listing the existing ones, and for fewer than
/// two classes or duplicate names. With `by_votes` a class needs no folder: its pictures may come from
/// tables.
std::vector<ClassFolder> choose_classes(const std::vector<ClassFolder>& folders, const Recipe& recipe,
                                        bool by_votes = false);

}  // namespace emotion::training
