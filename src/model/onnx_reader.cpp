#include <algorithm>
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
#include "ml/core/half.hpp"
#include "ml/network/graph.hpp"
#include "model/model_files.hpp"

namespace emotion::model {
namespace {

/// Rebuilds the graph from an ONNX model that onnx_bytes() could have written.
class Reader {
  public:
    Reader(const onnx::GraphProto& onnx, const std::string& name) : onnx_(onnx), name_(name) {
        for (const auto& tensor : onnx.initializer()) {
            const bool half = tensor.data_type() == onnx::TensorProto::FLOAT16;
            (half ? halves_ : weights_)[tensor.name()] = &tensor;
        }
    }

    ml::Graph read() try {
        if (onnx_.input_size() != 1 || onnx_.input(0).type().tensor_type().shape().dim_size() != 4)
            fail("its input is not one crop (1, channels, height, width)");
        const auto& sides = onnx_.input(0).type().tensor_type().shape();
        graph_.input = {as_int(sides.dim(1).dim_value()), as_int(sides.dim(2).dim_value()),
                        as_int(sides.dim(3).dim_value())};
        made_by_[onnx_.input(0).name()] = -1;
        for (const auto& node : onnx_.node()) add(node);
        if (graph_.nodes.empty()) fail("it has no nodes");
        const auto output = onnx_.output_size() == 1 ? made_by_.find(onnx_.output(0).name()) : made_by_.end();
        if (output == made_by_.end() || output->second != static_cast<int>(graph_.nodes.size()) - 1)
            fail("its output is not its last node's");
        check_forms();
        return std::move(graph_);
    } catch (const std::invalid_argument& error) {
        fail(one_line(error.what(), 300));
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
        if (node.output_size() != 1) fail("an operator " + one_line(node.op_type()) + " has several outputs");
        if (node.op_type() == "Cast") return add_halves(node);
        const auto inputs = inputs_of(node);
        auto plain = plain_node(node, static_cast<int>(inputs.size()));
        if (plain.op_type == "Flatten") {  // implied by dense layers
            if (!ml::same_form(plain, {.op_type = "Flatten", .attributes = {{"axis", 1}}}))
                fail("a Flatten keeps more than the first axis");
            made_by_[node.output(0)] = inputs[0];
            return;
        }
        graph_.nodes.push_back({ml::read_onnx_node(plain), inputs});
        made_by_[node.output(0)] = static_cast<int>(graph_.nodes.size()) - 1;
        for (auto& tensor : plain.tensors) tensor.values.clear();
        read_.push_back(std::move(plain));
    }

    /// Weights kept as 16-bit floats.
    void add_halves(const onnx::NodeProto& cast) {
        const auto found = cast.input_size() == 1 ? halves_.find(cast.input(0)) : halves_.end();
        if (found == halves_.end() || cast.attribute_size() != 1 || cast.attribute(0).name() != "to" ||
            cast.attribute(0).i() != onnx::TensorProto::FLOAT)
            fail("a Cast of something other than 16-bit weights to floats");
        weights_[cast.output(0)] = found->second;
    }

    /// The nodes whose outputs it reads, excluding weights.
    std::vector<int> inputs_of(const onnx::NodeProto& node) const {
        std::vector<int> inputs;
        for (const auto& name : node.input()) {
            const auto found = made_by_.find(name);
            if (found == made_by_.end()) break;
            inputs.push_back(found->second);
        }
        if (inputs.empty()) fail("an operator " + one_line(node.op_type()) + " lacks an input");
        return inputs;
    }

    ml::OnnxNode plain_node(const onnx::NodeProto& node, int first_tensor) const {
        ml::OnnxNode plain{.op_type = one_line(node.op_type())};
        for (const auto& attribute : node.attribute()) {
            std::vector<int> sides;
            for (const auto side : attribute.ints()) sides.push_back(as_int(side));
            if (sides.empty())
                plain.attributes.push_back({attribute.name(), as_int(attribute.i())});
            else
                plain.attributes.push_back({attribute.name(), std::move(sides)});
        }
        for (int place = first_tensor; place < node.input_size(); ++place) {
            const auto found = weights_.find(node.input(place));
            if (found == weights_.end()) fail("an operator " + plain.op_type + " lacks its weights");
            plain.tensors.push_back(plain_tensor(*found->second));
        }
        return plain;
    }

    ml::OnnxTensor plain_tensor(const onnx::TensorProto& tensor) const {
        const auto& raw = tensor.raw_data();
        const bool half = tensor.data_type() == onnx::TensorProto::FLOAT16;
        const std::size_t bytes = half ? sizeof(std::uint16_t) : sizeof(float);
        const auto floats = static_cast<std::int64_t>(raw.size() / bytes);
        std::int64_t count = 1;  // at most `floats`, because the product of untrusted dimensions can overflow
        bool whole = (half || tensor.data_type() == onnx::TensorProto::FLOAT) && raw.size() % bytes == 0;
        ml::OnnxTensor plain;
        for (const auto side : tensor.dims()) {
            whole = whole && side > 0 && side <= floats / count;
            if (!whole) break;
            count *= side;
            plain.shape.push_back(as_int(side));
        }
        if (!whole || count != floats) fail("the tensor " + one_line(tensor.name()) + " holds no raw floats");
        plain.values.resize(static_cast<std::size_t>(count));
        if (!half) {
            std::memcpy(plain.values.data(), raw.data(), raw.size());
            return plain;
        }
        std::vector<std::uint16_t> bits(plain.values.size());
        std::memcpy(bits.data(), raw.data(), raw.size());
        std::transform(bits.begin(), bits.end(), plain.values.begin(), ml::from_half_bits);
        return plain;
    }

    /// Checks that every layer would be written as it was read: anything else, such as dilations, would
    /// change the network.
    void check_forms() const {
        const auto shapes = ml::output_shapes(graph_);
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
            const int input = graph_.nodes[i].inputs[0];
            const auto& shape = input < 0 ? graph_.input : shapes[static_cast<std::size_t>(input)];
            if (!ml::same_form(read_[i], ml::onnx_node(graph_.nodes[i].layer, shape)))
                fail("an operator " + read_[i].op_type +
                     " has other attributes or weights than this trainer gives it");
        }
    }

    const onnx::GraphProto& onnx_;
    const std::string& name_;
    std::map<std::string, const onnx::TensorProto*> weights_,
        halves_;                          ///< floats; 16-bit floats, not yet cast
    std::map<std::string, int> made_by_;  ///< the node that produced a tensor; -1: the crop
    ml::Graph graph_;
    std::vector<ml::OnnxNode> read_;  ///< the nodes as read, without tensor contents
};

}  // namespace

ml::Graph read_graph(const std::string& onnx, const std::string& name) {
    onnx::ModelProto model;
    if (!model.ParseFromString(onnx)) throw Error(name + ": is not an ONNX model");
    return Reader(model.graph(), name).read();
}

}  // namespace emotion::model
