#pragma once

// Internal to the model card: what its reader and its writer share.

#include <string>
#include <vector>

namespace emotion::model {

inline constexpr int kCardFormat = 1;

/// The words for the values of enumerations, in enumeration order.
namespace card_words {
inline const std::vector<std::string> kColors{"gray", "bgr", "rgb"};
inline const std::vector<std::string> kNormalizations{"affine", "per_picture"};
inline const std::vector<std::string> kActivations{"softmax", "sigmoid", "none"};
}  // namespace card_words

}  // namespace emotion::model
