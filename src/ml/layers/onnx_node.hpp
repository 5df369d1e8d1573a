#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// How a layer is written in ONNX: which operator, and on what.
struct OnnxForm {
    enum class Input {
        kAny,    ///< what it reads it gives: (1, channels, height, width) or flat
        kImage,  ///< (1, channels, height, width), and gives such
        kFlat,   ///< (1, numbers), and gives such
    };
    const char* op_type;
    Input input;
};

struct OnnxAttribute {
    std::string name;
    std::variant<int, std::vector<int>> value;
    bool operator==(const OnnxAttribute&) const = default;
};

/// A tensor of weights, which a node reads after the outputs of others.
struct OnnxTensor {
    std::string name;  ///< not kept by a file that is read
    std::vector<int> shape;
    std::vector<float> values;
};

/// A node of an ONNX graph as plain data, without its place among the others.
struct OnnxNode {
    std::string op_type;
    std::vector<OnnxAttribute> attributes = {};  ///< in the order in which they are written
    std::vector<OnnxTensor> tensors = {};

    /// The value of an attribute; of a list, its first. Throws std::invalid_argument if it is not there.
    int attribute(const std::string& name) const;
    /// Throws std::invalid_argument if there is none of so many dimensions.
    const OnnxTensor& tensor(std::size_t place, std::size_t dimensions) const;
};

/// Whether both are alike but for the numbers in their tensors, whatever the order of attributes.
EMOTION_ML_API bool same_form(const OnnxNode& left, const OnnxNode& right);

}  // namespace emotion::ml
