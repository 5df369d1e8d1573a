#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <onnx/onnx_pb.h>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "model/model_files.hpp"

namespace emotion::model {
namespace {

/// Follows the nodes of an ONNX graph that onnx_bytes() could have written.
class Reader {
  public:
    Reader(const onnx::GraphProto& onnx, const std::string& name) : onnx_(onnx), name_(name) {
        for (const auto& tensor : onnx.initializer()) weights_[tensor.name()] = &tensor;
    }

    ml::InferenceGraph read() {
        if (onnx_.input_size() != 1 || onnx_.input(0).type().tensor_type().shape().dim_size() != 4)
            fail("its input is not one crop (1, channels, height, width)");
        const auto& sides = onnx_.input(0).type().tensor_type().shape();
        graph_.channels = as_int(sides.dim(1).dim_value());
        graph_.height = as_int(sides.dim(2).dim_value());
        graph_.width = as_int(sides.dim(3).dim_value());
        made_by_[onnx_.input(0).name()] = -1;
        for (const auto& node : onnx_.node()) add(node);
        if (graph_.nodes.empty()) fail("it has no nodes");
        const auto output = onnx_.output_size() == 1 ? made_by_.find(onnx_.output(0).name()) : made_by_.end();
        if (output == made_by_.end() || output->second != static_cast<int>(graph_.nodes.size()) - 1)
            fail("its output is not its last node's");
        try {
            onnx_bytes(graph_);  // follows the shapes
        } catch (const std::invalid_argument& error) {
            fail(error.what());
        }
        return std::move(graph_);
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(name_ + ": only models of this trainer can be read back: " + what);
    }

    int as_int(std::int64_t number) const {
        if (number != static_cast<int>(number)) fail("it has a size of " + std::to_string(number));
        return static_cast<int>(number);
    }

    void add(const onnx::NodeProto& node) {
        const auto& type = node.op_type();
        if (node.output_size() != 1) fail("an operator " + one_line(type) + " has several outputs");
        // Those that are asked for below; any other, such as dilations, would make it another network.
        const int attributes = type == "Conv"                               ? 4
                               : type == "MaxPool" || type == "AveragePool" ? 2
                               : type == "Gemm" || type == "Flatten"        ? 1
                                                                            : 0;
        if (node.attribute_size() > attributes)
            fail("an operator " + one_line(type) + " has more attributes than this trainer gives it");
        if (type == "Flatten") {  // dense layers do so by themselves
            if (whole(node, "axis") != 1) fail("a Flatten keeps more than the first axis");
            made_by_[node.output(0)] = input(node, 0);
            return;
        }
        graph_.nodes.push_back({operation(node), {input(node, 0)}});
        if (type == "Add") graph_.nodes.back().inputs.push_back(input(node, 1));
        made_by_[node.output(0)] = static_cast<int>(graph_.nodes.size()) - 1;
    }

    ml::Operation operation(const onnx::NodeProto& node) const {
        const auto& type = node.op_type();
        if (type == "Conv") return convolution(node);
        if (type == "Gemm") return dense(node);
        if (type == "Relu") return ml::Relu{};
        if (type == "MaxPool") return ml::MaxPool{side(node, "kernel_shape"), side(node, "strides")};
        if (type == "AveragePool") return ml::AveragePool{side(node, "kernel_shape"), side(node, "strides")};
        if (type == "GlobalAveragePool") return ml::GlobalAveragePool{};
        if (type == "Add") return ml::Add{};
        fail("it has an operator " + one_line(type));
    }

    ml::Convolution convolution(const onnx::NodeProto& node) const {
        const auto& kernels = tensor(node, 1, 4);
        auto weights = values(kernels);
        const int groups = whole(node, "group");
        if (groups < 1 || groups > kernels.dims(0)) fail("a Conv has groups that its channels do not allow");
        return {.in_channels = static_cast<int>(kernels.dims(1)) * groups,
                .out_channels = static_cast<int>(kernels.dims(0)),
                .kernel = side(node, "kernel_shape"),
                .stride = side(node, "strides"),
                .padding = side(node, "pads"),
                .groups = groups,
                .weights = std::move(weights),
                .bias = values(tensor(node, 2, 1))};
    }

    ml::Dense dense(const onnx::NodeProto& node) const {
        const auto& matrix = tensor(node, 1, 2);
        if (whole(node, "transB") != 1) fail("a Gemm's weights are not (out, in)");
        return {static_cast<int>(matrix.dims(1)), static_cast<int>(matrix.dims(0)), values(matrix),
                values(tensor(node, 2, 1))};
    }

    int input(const onnx::NodeProto& node, int place) const {
        const auto found = place < node.input_size() ? made_by_.find(node.input(place)) : made_by_.end();
        if (found == made_by_.end()) fail("an operator " + one_line(node.op_type()) + " lacks an input");
        return found->second;
    }

    const onnx::TensorProto& tensor(const onnx::NodeProto& node, int place, int sides) const {
        const auto found = place < node.input_size() ? weights_.find(node.input(place)) : weights_.end();
        if (found == weights_.end() || found->second->dims_size() != sides)
            fail("an operator " + one_line(node.op_type()) + " lacks its weights");
        return *found->second;
    }

    std::vector<float> values(const onnx::TensorProto& tensor) const {
        const auto& raw = tensor.raw_data();
        const auto floats = static_cast<std::int64_t>(raw.size() / sizeof(float));
        std::int64_t count = 1;  // at most `floats`, as the product of hostile sides could be anything
        bool whole = tensor.data_type() == onnx::TensorProto::FLOAT && raw.size() % sizeof(float) == 0;
        for (const auto side : tensor.dims()) {
            whole = whole && side > 0 && side <= floats / count;
            if (whole) count *= side;
        }
        if (!whole || count != floats) fail("the tensor " + one_line(tensor.name()) + " holds no raw floats");
        std::vector<float> result(static_cast<std::size_t>(count));
        std::memcpy(result.data(), raw.data(), raw.size());
        return result;
    }

    const onnx::AttributeProto& attribute(const onnx::NodeProto& node, const std::string& name) const {
        for (const auto& attribute : node.attribute())
            if (attribute.name() == name) return attribute;
        fail("an operator " + one_line(node.op_type()) + " lacks " + name);
    }
    int whole(const onnx::NodeProto& node, const std::string& name) const {
        return as_int(attribute(node, name).i());
    }
    /// Of a square window, or the same on every side.
    int side(const onnx::NodeProto& node, const std::string& name) const {
        const auto& sides = attribute(node, name).ints();
        for (const auto value : sides)
            if (value != sides[0]) fail("an operator " + one_line(node.op_type()) + " is not square");
        return sides.empty() ? 0 : as_int(sides[0]);
    }

    const onnx::GraphProto& onnx_;
    const std::string& name_;
    std::map<std::string, const onnx::TensorProto*> weights_;
    std::map<std::string, int> made_by_;  ///< which node made a tensor; -1: the crop
    ml::InferenceGraph graph_;
};

}  // namespace

ml::InferenceGraph read_graph(const std::string& onnx, const std::string& name) {
    onnx::ModelProto model;
    if (!model.ParseFromString(onnx)) throw Error(name + ": is not an ONNX model");
    return Reader(model.graph(), name).read();
}

}  // namespace emotion::model
