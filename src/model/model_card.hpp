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

/// The class whose pictures a card's `neutral` is computed from.
inline constexpr const char* kNeutral = "neutral";
/// Smaller probabilities count as this when logarithms are averaged.
inline constexpr double kMinProbability = 1e-6;

/// How the network's raw outputs are turned into probabilities.
enum class Activation {
    kSoftmax,
    kSigmoid,  ///< of each output, normalized to sum 1; a single output is that of the second of two classes
    kNone,     ///< outputs are probabilities already; a single output is that of the second of two classes
};

/// A class that is shown as a label, and the threshold for it.
struct ShownClass {
    int class_index = 0;
    double min_probability = 0.5;
    /// Penalties by class index: the share in [0, 1] of that class's probability that is subtracted before
    /// the comparison with min_probability. For the classes on which a wrong label is most harmful.
    std::map<int, double> penalties = {};
};

/// A synthetic crop and the model's expected output for it.
struct SelfCheck {
    std::string pattern;  ///< see model/self_check.hpp
    std::vector<double> probabilities;
};

/// Free text by key, in order.
using Provenance = std::vector<std::pair<std::string, std::string>>;

/// The contract between training and watching: models/NAME.yaml next to models/NAME.onnx.
struct ModelCard {
    std::string name;
    std::string description;
    std::vector<std::string> classes;  ///< in output order
    faces::CropSpec crop;
    std::string weights_file;  ///< next to the card
    std::string weights_sha256;
    Activation activation = Activation::kSoftmax;
    /// Calibration: logits (or, for kNone, logarithms of probabilities) are divided by the temperature (Guo
    /// et al., "On calibration of modern neural networks", ICML 2017), then the bias of each class, if any,
    /// is added.
    double temperature = 1.0;
    std::vector<double> bias;  ///< empty: none
    /// Average the raw outputs for the crop and its mirror image, before calibration.
    bool mirror = false;
    std::vector<ShownClass> shown;
    std::string positive;  ///< the class for precision, recall and F1
    /// The mean logarithm of each class's probability (at least kMinProbability) on faces that people call
    /// neutral; empty: unknown.
    std::vector<double> neutral;
    /// Free text by key (data, counts, seed, recipe, trainer version, scores), without dates, paths or
    /// durations, so that identical trainings give identical bytes. Dots denote nesting: "data.train.happy".
    Provenance provenance;
    std::vector<SelfCheck> self_check;  ///< empty: none

    /// The index of a class; nullopt if there is no class of that name.
    std::optional<int> find_class(const std::string& name) const;
    /// The same, but throws std::invalid_argument if there is no such class.
    int class_index(const std::string& name) const;
    /// In the order of `shown`.
    std::vector<std::string> shown_names() const;
};

/// Reads a card strictly. Throws Error naming the file, the line and the key for any damage.
ModelCard read_card(const std::filesystem::path& path);
/// Parses a card; `name` stands for the file in errors.
ModelCard parse_card(const std::string& text, const std::string& name);
/// Serializes a card, to the same bytes on every machine. Throws std::invalid_argument if a provenance key is
/// both a value and a prefix of another dotted key.
std::string card_text(const ModelCard& card);

/// Probabilities from at least one finite logit.
std::vector<float> softmax(std::vector<double> logits);

/// Whether a network with this many raw outputs fits the card: one per class or, for two classes without
/// softmax, one for the second class.
bool fits_outputs(std::size_t outputs, const ModelCard& card);

/// Converts raw outputs into calibrated probabilities in the card's order, which sum to 1 and are finite for
/// any finite outputs. Throws std::invalid_argument for a wrong number of outputs, Error for outputs that are
/// not finite.
std::vector<float> to_probabilities(std::span<const float> outputs, const ModelCard& card);

/// The value compared with min_probability: the class's probability minus the penalties for other classes.
double evidence_for(const ShownClass& shown, std::span<const float> probabilities);

/// The label for these probabilities: the shown class whose evidence reaches its min_probability, and among
/// several the one that exceeds it by the largest ratio; nullopt if there is none. A class that is not shown
/// may be more likely.
std::optional<int> shown_label(std::span<const float> probabilities, const ModelCard& card);

}  // namespace emotion::model
