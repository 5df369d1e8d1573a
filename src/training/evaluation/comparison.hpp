#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ml/metrics/mcnemar.hpp"
#include "training/evaluation/evaluation.hpp"

namespace emotion::training {

/// How often two models were right about the same pictures.
struct PairedCounts {
    std::int64_t both = 0, only_a = 0, only_b = 0, neither = 0;

    void add(bool a_right, bool b_right);
    std::int64_t pictures() const { return both + only_a + only_b + neither; }
    ml::McNemarResult test() const { return ml::mcnemar_test(only_a, only_b); }
};

/// A picture to which two models answer differently.
struct DifferingPicture {
    std::string name;  ///< folder/file
    std::string truth;
    std::string answer_a, answer_b;
    float probability_a = 0, probability_b = 0;  ///< of its own answer, among the classes compared
};

struct Comparison {
    std::string name_a, name_b;
    std::vector<std::string> classes;  ///< that both show; between these the forced choice is made
    PairedCounts forced;               ///< the likeliest of these classes, on their pictures alone
    /// What the detector would show, on every picture: right is the picture's class or, where it is none of
    /// `classes`, nothing.
    PairedCounts shown;
    Evaluation a, b;
    std::vector<DifferingPicture> differing;  ///< in the forced choice, the surest contradictions first
};

/// The classes that both cards show. Throws ConfigError for fewer than two.
std::vector<std::string> classes_in_common(const model::ModelCard& a, const model::ModelCard& b);

/// Compares two cards by their answers to the same folders, in the same order. Throws as
/// classes_in_common() does.
Comparison compare(const model::ModelCard& card_a, const std::vector<ScoredFolder>& a,
                   const model::ModelCard& card_b, const std::vector<ScoredFolder>& b);

/// The figures for programs; what is undefined is null.
nlohmann::ordered_json to_json(const Comparison& comparison);
/// The figures for people, as lines of text.
std::string to_text(const Comparison& comparison);

}  // namespace emotion::training
