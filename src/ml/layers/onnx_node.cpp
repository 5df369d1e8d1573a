#include "ml/layers/onnx_node.hpp"

#include <algorithm>
#include <stdexcept>

namespace emotion::ml {

int OnnxNode::attribute(const std::string& name) const {
    for (const OnnxAttribute& attribute : attributes) {
        if (attribute.name != name) continue;
        if (const int* number = std::get_if<int>(&attribute.value)) return *number;
        const auto& numbers = std::get<std::vector<int>>(attribute.value);
        if (!numbers.empty()) return numbers[0];
    }
    throw std::invalid_argument("an operator " + op_type + " lacks " + name);
}

const OnnxTensor& OnnxNode::tensor(std::size_t place, std::size_t dimensions) const {
    if (place >= tensors.size() || tensors[place].shape.size() != dimensions)
        throw std::invalid_argument("an operator " + op_type + " lacks its weights");
    return tensors[place];
}

bool same_form(const OnnxNode& left, const OnnxNode& right) {
    return left.op_type == right.op_type &&
           std::is_permutation(left.attributes.begin(), left.attributes.end(), right.attributes.begin(),
                               right.attributes.end()) &&
           std::equal(
               left.tensors.begin(), left.tensors.end(), right.tensors.begin(), right.tensors.end(),
               [](const OnnxTensor& one, const OnnxTensor& other) { return one.shape == other.shape; });
}

}  // namespace emotion::ml
