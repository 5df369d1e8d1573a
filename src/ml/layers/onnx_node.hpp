#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// How a layer maps to ONNX: the operator and the shape of its input.
struct OnnxForm {
    enum class Input {
        kAny,    ///< output has the shape kind of the input: (1, channels, height, width) or flat
        kImage,  ///< (1, channels, height, width), input and output
        kFlat,   ///< (1, numbers), input and output
    };
    const char* op_type;
    Input input;
};

struct OnnxAttribute {
    std::string name;
    std::variant<int, std::vector<int>> value;
    bool operator==(const OnnxAttribute&) const = default;
};

/// A weight tensor, listed among a node's inputs after the outputs of other nodes.
struct OnnxTensor {
    std::string name;  ///< not kept when reading a file
    std::vector<int> shape;
    std::vector<float> values;
};

/// A node of an ONNX graph as plain data, without its connections.
struct OnnxNode {
    std::string op_type;
    std::vector<OnnxAttribute> attributes = {};  ///< in file order
    std::vector<OnnxTensor> tensors = {};

    /// The value of an attribute, the first element of a list. Throws std::invalid_argument if it is missing.
    int attribute(const std::string& name) const;
    /// Throws std::invalid_argument unless there is a tensor with that many dimensions.
    const OnnxTensor& tensor(std::size_t place, std::size_t dimensions) const;
};

/// Whether two nodes are equal up to the values in their tensors and the order of attributes.
EMOTION_ML_API bool same_form(const OnnxNode& left, const OnnxNode& right);

}  // namespace emotion::ml
