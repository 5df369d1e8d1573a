#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "faces/preprocess.hpp"

namespace emotion::model {

/// The class by whose pictures a card's `neutral` is made.
inline constexpr const char* kNeutral = "neutral";
/// Where logarithms of probabilities are averaged, smaller ones count as this.
inline constexpr double kLeastProbability = 1e-6;

/// How the network's raw outputs become probabilities.
enum class Activation {
    kSoftmax,
    kSigmoid,  ///< of each output, then divided by their sum; a single output is the second of two classes'
    kNone,  ///< the network's own last step gave probabilities; a single output is the second of two classes'
};

/// A class that is shown to people, and from which probability.
struct ShownClass {
    int class_index = 0;
    double min_probability = 0.5;
    /// By a class's index: the share of its probability, in [0, 1], that is taken off before the rest is held
    /// against min_probability. A wrong label costs most on the classes that stand here.
    std::map<int, double> less = {};
};

/// A made-up crop and what the model must answer to it.
struct SelfCheck {
    std::string pattern;  ///< see model/self_check.hpp
    std::vector<double> probabilities;
};

/// Free text by key, in this order.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// The one contract between training and watching: models/NAME.yaml beside models/NAME.onnx.
struct ModelCard {
    std::string name;
    std::string description;
    std::vector<std::string> classes;  ///< in the order of the outputs
    faces::CropSpec crop;
    std::string weights_file;  ///< beside the card
    std::string weights_sha256;
    Activation activation = Activation::kSoftmax;
    /// Calibration: logits (or the logarithms of probabilities, for kNone) are divided by the temperature
    /// (Guo et al., "On calibration of modern neural networks", ICML 2017), then the bias of each class,
    /// where there is one, is added.
    double temperature = 1.0;
    std::vector<double> bias;  ///< empty: none
    /// Score the crop and its mirror image and take the mean of the raw outputs, before calibration.
    bool mirror = false;
    std::vector<ShownClass> shown;
    std::string positive;  ///< the class that precision, recall and F1 speak of
    /// The mean logarithm of each class's probability, of kLeastProbability at least, on faces that people
    /// call neutral; empty: not known.
    std::vector<double> neutral;
    /// Where it came from: free text by key (data, counts, seed, recipe, trainer version, scores); no date,
    /// path or duration, so that the same training gives the same bytes. Nested by dots: "data.train.happy".
    Provenance provenance;
    std::vector<SelfCheck> self_check;  ///< empty: none

    /// The index of a class by name; nullopt for a name it does not have.
    std::optional<int> find_class(const std::string& name) const;
    /// The same for a name that it must have: throws std::invalid_argument otherwise.
    int class_index(const std::string& name) const;
    /// The names of the classes that are shown, in the order of `shown`.
    std::vector<std::string> shown_names() const;
};

/// Reads a card strictly: every kind of damage is an Error of its own that names the file, the line and the
/// key.
ModelCard read_card(const std::filesystem::path& path);
/// The same of a text; `name` stands for the file in errors.
ModelCard parse_card(const std::string& text, const std::string& name);
/// The bytes of a card, the same for the same card on every machine. Throws std::invalid_argument for
/// provenance in which one key is both a value and the beginning of another's dotted name.
std::string card_text(const ModelCard& card);

/// How many raw outputs the card's classes and activation allow: one for each class; or one alone, the second
/// class's, for two classes without softmax.
bool fits_outputs(std::size_t outputs, const ModelCard& card);

/// Raw outputs of the network as calibrated probabilities that add up to 1, in the card's order; finite for
/// any finite outputs. Throws std::invalid_argument for a number of outputs that does not fit, Error for
/// outputs that are not finite.
std::vector<float> to_probabilities(std::span<const float> outputs, const ModelCard& card);

/// What is held against min_probability: the class's probability, less the shares of others' that it names.
double evidence_for(const ShownClass& shown, std::span<const float> probabilities);

/// The class to show for these probabilities: the shown one whose evidence reaches its min_probability, and
/// of several the one furthest beyond, as a ratio; nullopt if there is none. A class that is not shown may be
/// likelier.
std::optional<int> shown_label(std::span<const float> probabilities, const ModelCard& card);

}  // namespace emotion::model
