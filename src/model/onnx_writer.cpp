#include <algorithm>
#include <bit>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <onnx/onnx_pb.h>

#include "ml/core/half.hpp"
#include "ml/network/graph.hpp"
#include "model/model_files.hpp"

namespace emotion::model {
namespace {

// Supported by OpenCV 4.6 and by every libonnx since 1.8; pinned, so that a graph has the same bytes with all
// of them.
constexpr std::int64_t kOpset = 13;
constexpr std::int64_t kIrVersion = 7;

static_assert(std::endian::native == std::endian::little, "ONNX keeps raw tensors in this order");

/// The output of a node.
struct Value {
    std::string name;
    ml::Shape shape;
    bool flat = false;  ///< (1, channels) rather than (1, channels, height, width)
};

/// Builds the ONNX graph node by node.
class Writer {
  public:
    explicit Writer(const ml::Graph& graph) : graph_(graph), shapes_(ml::output_shapes(graph)) {}

    std::string write() {
        model_.set_ir_version(kIrVersion);
        model_.set_producer_name("emotion-detector");
        model_.add_opset_import()->set_version(kOpset);
        auto& onnx = *model_.mutable_graph();
        onnx.set_name("classifier");

        values_.push_back({"crop", graph_.input, false});
        declare(*onnx.add_input(), values_.front());
        for (index_ = 0; index_ < graph_.nodes.size(); ++index_) add_layer();
        --index_;
        Value logits = flatten(values_.back());
        onnx.mutable_node()->rbegin()->set_output(0, "logits");
        logits.name = "logits";
        declare(*onnx.add_output(), logits);
        return bytes();
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw std::invalid_argument("layer " + std::to_string(index_) + " (" +
                                    ml::name_of(graph_.nodes[index_].layer) + "): " + what);
    }

    static void declare(onnx::ValueInfoProto& info, const Value& value) {
        info.set_name(value.name);
        auto& tensor = *info.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(onnx::TensorProto::FLOAT);
        auto& shape = *tensor.mutable_shape();
        shape.add_dim()->set_dim_value(1);
        shape.add_dim()->set_dim_value(value.shape.channels);
        if (value.flat) return;
        shape.add_dim()->set_dim_value(value.shape.height);
        shape.add_dim()->set_dim_value(value.shape.width);
    }

    void add_layer() {
        using Input = ml::OnnxForm::Input;
        std::vector<Value> inputs;
        for (const int from : ml::inputs_of(graph_, static_cast<int>(index_)))
            inputs.push_back(values_[static_cast<std::size_t>(from + 1)]);
        const auto& layer = graph_.nodes[index_].layer;
        const auto node = ml::onnx_node(layer, inputs[0].shape);
        const auto reads = ml::onnx_form(layer).input;
        for (auto& input : inputs) {
            if (reads == Input::kFlat) input = flatten(input);
            if (reads == Input::kImage && input.flat)
                fail("a flat input, expected (channels, height, width)");
            if (input.flat != inputs[0].flat) fail("inputs of which one is flat");
        }
        values_.push_back({add_node(node, inputs), shapes_[index_], inputs[0].flat});
    }

    Value flatten(const Value& value) {
        if (value.flat) return value;
        const int numbers = static_cast<int>(ml::element_count(value.shape));
        return {
            add_node({.op_type = "Flatten", .attributes = {{"axis", 1}}}, {value}), {numbers, 1, 1}, true};
    }

    /// Named after its operator and its position in the graph. Returns the name, which is also that of its
    /// only output.
    std::string add_node(const ml::OnnxNode& plain, const std::vector<Value>& inputs) {
        const auto name = plain.op_type + std::to_string(index_);
        for (const auto& tensor : plain.tensors) add_weights(name + "." + tensor.name, tensor);
        auto& node = *model_.mutable_graph()->add_node();
        node.set_op_type(plain.op_type);
        node.set_name(name);
        for (const auto& input : inputs) node.add_input(input.name);
        for (const auto& tensor : plain.tensors) node.add_input(name + "." + tensor.name);
        node.add_output(name);
        for (const auto& plain_attribute : plain.attributes) {
            auto& attribute = *node.add_attribute();
            attribute.set_name(plain_attribute.name);
            if (const auto* number = std::get_if<int>(&plain_attribute.value)) {
                attribute.set_type(onnx::AttributeProto::INT);
                attribute.set_i(*number);
            } else {
                attribute.set_type(onnx::AttributeProto::INTS);
                for (const int value : std::get<std::vector<int>>(plain_attribute.value))
                    attribute.add_ints(value);
            }
        }
        return name;
    }

    /// Adds a weight tensor. Where it saves space, weights that 16-bit floats hold exactly are kept as such,
    /// with a Cast, because operators want inputs of one type.
    void add_weights(const std::string& name, const ml::OnnxTensor& plain) {
        if (plain.values.empty()) fail("it has no " + plain.name);
        auto& tensor = *model_.mutable_graph()->add_initializer();
        tensor.set_name(name);
        for (const int side : plain.shape) tensor.add_dims(side);
        constexpr std::size_t kFewest = 256;
        if (plain.values.size() < kFewest || !ml::are_halves(plain.values)) {
            tensor.set_data_type(onnx::TensorProto::FLOAT);
            tensor.set_raw_data(plain.values.data(), plain.values.size() * sizeof(float));
            return;
        }
        std::vector<std::uint16_t> halves(plain.values.size());
        std::transform(plain.values.begin(), plain.values.end(), halves.begin(), ml::half_bits);
        tensor.set_name(name + ".half");
        tensor.set_data_type(onnx::TensorProto::FLOAT16);
        tensor.set_raw_data(halves.data(), halves.size() * sizeof(std::uint16_t));
        auto& cast = *model_.mutable_graph()->add_node();
        cast.set_op_type("Cast");
        cast.set_name(name);
        cast.add_input(tensor.name());
        cast.add_output(name);
        auto& to = *cast.add_attribute();
        to.set_name("to");
        to.set_type(onnx::AttributeProto::INT);
        to.set_i(onnx::TensorProto::FLOAT);
    }

    std::string bytes() const {
        std::string result;
        google::protobuf::io::StringOutputStream stream(&result);
        google::protobuf::io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        if (!model_.SerializeToCodedStream(&coded))
            throw std::invalid_argument("the graph is too large for ONNX");
        coded.Trim();
        return result;
    }

    const ml::Graph& graph_;
    const std::vector<ml::Shape> shapes_;
    std::size_t index_ = 0;      ///< of the layer being added
    std::vector<Value> values_;  ///< the crop, then the output of each layer
    onnx::ModelProto model_;
};

}  // namespace

std::string onnx_bytes(const ml::Graph& graph) {
    return Writer(graph).write();
}

}  // namespace emotion::model
