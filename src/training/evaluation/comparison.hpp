#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ml/metrics/mcnemar.hpp"
#include "training/evaluation/evaluation.hpp"

namespace emotion::training {

/// Counts of correct answers of two models on the same pictures.
struct PairedCounts {
    std::int64_t both = 0, only_a = 0, only_b = 0, neither = 0;

    void add(bool a_right, bool b_right);
    std::int64_t pictures() const { return both + only_a + only_b + neither; }
    ml::McNemarResult test() const { return ml::mcnemar_test(only_a, only_b); }
};

/// A picture on which two models disagree.
struct DifferingPicture {
    std::string name;  ///< folder/file
    std::string truth;
    std::string answer_a, answer_b;
    float probability_a = 0, probability_b = 0;  ///< of the model's own answer, among the compared classes
};

struct Comparison {
    std::string name_a, name_b;
    std::vector<std::string> classes;  ///< shown by both, and the options of the forced choice
    PairedCounts forced;               ///< forced choice between these classes, on their pictures only
    /// The label the detector would show, on all pictures: correct is the picture's class or, if that is not
    /// one of `classes`, none.
    PairedCounts shown;
    Evaluation a, b;
    std::vector<DifferingPicture> differing;  ///< in the forced choice, most confident first
};

/// The classes that both cards show. Throws ConfigError if there are fewer than two.
std::vector<std::string> classes_in_common(const model::ModelCard& a, const model::ModelCard& b);

/// Compares two cards by their scores of the same folders, in the same order. Throws as classes_in_common()
/// does.
Comparison compare(const model::ModelCard& card_a, const std::vector<ScoredFolder>& a,
                   const model::ModelCard& card_b, const std::vector<ScoredFolder>& b);

/// Machine-readable; undefined values are null.
nlohmann::ordered_json to_json(const Comparison& comparison);
/// As lines of text.
std::string to_text(const Comparison& comparison);

}  // namespace emotion::training
