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
/// What becomes of the folders that a recipe does not name.
enum class OtherFolders {
    kIgnored,
    kOneClass,  ///< together one class more, called "other"
    kLearned,   ///< each a class of its own
};
enum class Features {
    kUnit,          ///< pixel / 255
    kStandardised,  ///< mean 0 and deviation 1 over the training pictures, pixel by pixel
};
enum class Solver { kDescent, kLbfgs };

/// Logistic regression on grey pixels; the last of two classes is label 1.
struct LogisticRecipe {
    Features features = Features::kUnit;
    bool bias = true;
    /// Strengths lambda of the penalty lambda/2 |w|^2 on the summed cross-entropy; of several the folds
    /// choose.
    std::vector<double> l2{0.0};
    bool penalize_gradient = true;  ///< false: the penalty shows in the reported loss alone
    Solver solver = Solver::kLbfgs;
    ml::GradientDescentOptions descent;
    /// Of descent: ends after so many epochs without a lower validation loss, at the lowest; 0: never.
    int patience = 0;
    ml::LbfgsOptions lbfgs;
};

/// How often a picture counts in the training's loss, by its class.
struct ClassWeights {
    bool balanced = false;        ///< so often that every class counts the same, and a picture 1 on average
    std::vector<double> weights;  ///< for each of the recipe's classes, others 1; empty: all 1

    /// For each class of the data; all 1 if nothing else is wanted.
    std::vector<double> of(const Dataset& data) const;
};

/// How a network that exists goes on learning; its card has the classes, the crop and what is shown.
struct InitRecipe {
    enum class Trained {
        kLast,  ///< the last layer alone
        kAll,   ///< every layer, by the network's plan
    };
    Trained trained = Trained::kLast;
    double pull = 3.0;  ///< of kLast: see ml::fit_softmax_regression()
};

/// How a model is made: everything but the data, the seed and the number of threads.
struct Recipe {
    std::string name;  ///< the file's name without its ending
    std::string text;  ///< the whole file
    std::string description;
    std::string
        sha256;  ///< of all that shapes the training: not of comments, `description`, `data` and `show`
    /// Of the pictures, for the card: where they come from, and on what terms they may be used.
    std::string data_source, data_terms;
    Family family = Family::kLogistic;
    std::vector<std::string> classes;
    OtherFolders others = OtherFolders::kIgnored;
    /// The classes that people are shown; the others are told apart and shown as nothing.
    std::vector<std::string> shown;
    std::string positive;  ///< the class that precision, recall and F1 speak of
    faces::CropSpec crop;
    /// Parts into which the training pictures are dealt; each is answered by a model fitted to the others,
    /// and on these answers everything is chosen and calibrated. 0: nothing is. Of logistic regression alone.
    int folds = 0;
    /// A label is shown from this probability on, or from where on the folds' answers are right this often.
    double show_from = 0.5;
    std::vector<double> show_precision;  ///< for each shown class; empty: show_from
    /// Instead: from where on, on average, this share of the people would say so too; for each shown class.
    std::vector<double> show_agreement;
    /// With it: at most this share of calm pictures, those that most people give a class of `show_calm`, may
    /// reach a label; for each shown class.
    std::vector<double> show_calm_rate;
    /// By class: the share of its probability that counts against each shown class's label; see ShownClass.
    std::map<std::string, std::vector<double>> show_less;
    VoteRules votes;  ///< what the answers of tables mean
    ClassWeights class_weights;
    bool mirror = false;  ///< the model scores the picture and its mirror image and takes the mean
    LogisticRecipe logistic;
    NetworkRecipe network;
    std::optional<InitRecipe> init;  ///< goes on from a network; then classes, shown and crop mean nothing
};

/// Reads a recipe strictly. Throws ConfigError naming file, line, key and what was expected.
Recipe read_recipe(const std::filesystem::path& path);
/// The same of a text; `name` stands for the file.
Recipe parse_recipe(const std::string& text, const std::string& name);

/// The folders that the recipe learns, each as a class: those it names, in its order, then what it makes of
/// the others. Throws ConfigError for a class without a folder, naming those there are, and for fewer
/// than two classes or two of one name. With `by_votes` a class needs no folder: tables may have its
/// pictures.
std::vector<ClassFolder> choose_classes(const std::vector<ClassFolder>& folders, const Recipe& recipe,
                                        bool by_votes = false);

}  // namespace emotion::training
