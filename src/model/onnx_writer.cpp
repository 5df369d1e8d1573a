#include <bit>
#include <cstring>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <onnx/onnx_pb.h>

#include "model/model_files.hpp"

namespace emotion::model {
namespace {

// What OpenCV 4.6 reads and what libonnx knows in every version since 1.8; pinned, so that the same graph has
// the same bytes with all of them.
constexpr std::int64_t kOpset = 13;
constexpr std::int64_t kIrVersion = 7;

static_assert(std::endian::native == std::endian::little, "ONNX keeps raw tensors in this order");

/// A tensor on its way through the graph.
struct Value {
    std::string name;
    int channels = 0, height = 0, width = 0;
    bool flat = false;  ///< (1, channels) rather than (1, channels, height, width)

    int size() const { return channels * height * width; }  // checked: see Writer::check_size()
};

std::string shape_of(const Value& value) {
    std::ostringstream text;
    text << "(" << value.channels << ", " << value.height << ", " << value.width << ")";
    return text.str();
}

/// Builds the ONNX graph node by node, following the shapes.
class Writer {
  public:
    explicit Writer(const ml::InferenceGraph& graph) : graph_(graph) {}

    std::string write() {
        model_.set_ir_version(kIrVersion);
        model_.set_producer_name("emotion-detector");
        model_.add_opset_import()->set_version(kOpset);
        auto& onnx = *model_.mutable_graph();
        onnx.set_name("classifier");

        const Value input{"crop", graph_.channels, graph_.height, graph_.width, false};
        if (input.channels <= 0 || input.height <= 0 || input.width <= 0) fail("input of " + shape_of(input));
        check_size(input);
        declare(*onnx.add_input(), input);
        for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
            index_ = i;
            std::vector<Value> inputs;
            for (const int from : graph_.nodes[i].inputs) {
                if (from < -1 || from >= static_cast<int>(i)) fail("input from node " + std::to_string(from));
                inputs.push_back(from < 0 ? input : values_[static_cast<std::size_t>(from)]);
            }
            values_.push_back(std::visit([&](const auto& operation) { return add(operation, inputs); },
                                         graph_.nodes[i].operation));
            check_size(values_.back());
        }
        if (values_.empty()) fail("no nodes");
        Value logits = flatten(values_.back());
        onnx.mutable_node()->rbegin()->set_output(0, "logits");
        logits.name = "logits";
        declare(*onnx.add_output(), logits);
        return bytes();
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw std::invalid_argument("node " + std::to_string(index_) + " of the inference graph: " + what);
    }

    void check_size(const Value& value) const {
        if (double{1} * value.channels * value.height * value.width > ml::kMostNumbers)
            fail("a tensor of " + shape_of(value) + " is too large, expected at most " +
                 std::to_string(ml::kMostNumbers) + " numbers");
    }

    static void declare(onnx::ValueInfoProto& info, const Value& value) {
        info.set_name(value.name);
        auto& tensor = *info.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(onnx::TensorProto::FLOAT);
        auto& shape = *tensor.mutable_shape();
        shape.add_dim()->set_dim_value(1);
        shape.add_dim()->set_dim_value(value.channels);
        if (value.flat) return;
        shape.add_dim()->set_dim_value(value.height);
        shape.add_dim()->set_dim_value(value.width);
    }

    static void set_ints(onnx::NodeProto& node, const std::string& name, const std::vector<int>& values) {
        auto& attribute = *node.add_attribute();
        attribute.set_name(name);
        attribute.set_type(onnx::AttributeProto::INTS);
        for (const int value : values) attribute.add_ints(value);
    }
    static void set_int(onnx::NodeProto& node, const std::string& name, int value) {
        auto& attribute = *node.add_attribute();
        attribute.set_name(name);
        attribute.set_type(onnx::AttributeProto::INT);
        attribute.set_i(value);
    }

    /// A node named after its operation and its place in the graph; its one output has the same name.
    onnx::NodeProto& add_node(const std::string& type, const std::vector<Value>& inputs) {
        auto& node = *model_.mutable_graph()->add_node();
        node.set_op_type(type);
        node.set_name(type + std::to_string(index_));
        for (const auto& input : inputs) node.add_input(input.name);
        node.add_output(node.name());
        return node;
    }
    /// A tensor of weights as a further input of `node`.
    void add_weights(onnx::NodeProto& node, const std::string& name, const std::vector<int>& shape,
                     const std::vector<float>& values) {
        std::int64_t expected = 1;
        for (const int side : shape) expected *= side;
        if (static_cast<std::int64_t>(values.size()) != expected)
            fail(std::to_string(values.size()) + " values in " + name + ", expected " +
                 std::to_string(expected));
        auto& tensor = *model_.mutable_graph()->add_initializer();
        tensor.set_name(node.name() + "." + name);
        tensor.set_data_type(onnx::TensorProto::FLOAT);
        for (const int side : shape) tensor.add_dims(side);
        tensor.set_raw_data(values.data(), values.size() * sizeof(float));
        node.add_input(tensor.name());
    }

    Value one(const std::vector<Value>& inputs) const {
        if (inputs.size() != 1) fail(std::to_string(inputs.size()) + " inputs, expected 1");
        return inputs[0];
    }
    Value one_picture(const std::vector<Value>& inputs) const {
        const auto input = one(inputs);
        if (input.flat) fail("a flat input, expected (channels, height, width)");
        return input;
    }

    Value flatten(const Value& value) {
        if (value.flat) return value;
        auto& node = add_node("Flatten", {value});
        set_int(node, "axis", 1);
        return {node.name(), value.size(), 1, 1, true};
    }

    /// Positions of a window of `size` along a side, at least one.
    int positions(int side, int size, int stride, int padding) const {
        if (size <= 0 || size > ml::kLargestWindow || stride <= 0 || padding < 0 || padding >= size ||
            side + 2 * padding < size)
            fail("window " + std::to_string(size) + " with stride " + std::to_string(stride) +
                 " and padding " + std::to_string(padding) + " on a side of " + std::to_string(side));
        return (side + 2 * padding - size) / stride + 1;
    }

    Value add(const ml::Convolution& conv, const std::vector<Value>& inputs) {
        Value value = one_picture(inputs);
        if (value.channels != conv.in_channels || conv.groups <= 0 || conv.in_channels % conv.groups != 0 ||
            conv.out_channels <= 0 || conv.out_channels % conv.groups != 0)
            fail("convolution of " + std::to_string(conv.in_channels) + " channels to " +
                 std::to_string(conv.out_channels) + " in " + std::to_string(conv.groups) + " groups on " +
                 shape_of(value));
        const int height = positions(value.height, conv.kernel, conv.stride, conv.padding);
        const int width = positions(value.width, conv.kernel, conv.stride, conv.padding);
        auto& node = add_node("Conv", inputs);
        add_weights(node, "weights",
                    {conv.out_channels, conv.in_channels / conv.groups, conv.kernel, conv.kernel},
                    conv.weights);
        add_weights(node, "bias", {conv.out_channels}, conv.bias);
        set_int(node, "group", conv.groups);
        set_ints(node, "kernel_shape", {conv.kernel, conv.kernel});
        set_ints(node, "pads", {conv.padding, conv.padding, conv.padding, conv.padding});
        set_ints(node, "strides", {conv.stride, conv.stride});
        return {node.name(), conv.out_channels, height, width, false};
    }

    Value add(const ml::Dense& dense, const std::vector<Value>& inputs) {
        const Value value = flatten(one(inputs));
        if (value.size() != dense.inputs || dense.outputs <= 0)
            fail("dense layer of " + std::to_string(dense.inputs) + " inputs on " + shape_of(value));
        auto& node = add_node("Gemm", {value});
        // OpenCV 4.6 reads a biased Gemm in this form only.
        add_weights(node, "weights", {dense.outputs, dense.inputs}, dense.weights);
        add_weights(node, "bias", {dense.outputs}, dense.bias);
        set_int(node, "transB", 1);
        return {node.name(), dense.outputs, 1, 1, true};
    }

    Value add(const ml::Relu&, const std::vector<Value>& inputs) {
        Value value = one(inputs);
        value.name = add_node("Relu", inputs).name();
        return value;
    }

    Value add_pool(const std::string& type, int size, int stride, const std::vector<Value>& inputs) {
        Value value = one_picture(inputs);
        value.height = positions(value.height, size, stride, 0);
        value.width = positions(value.width, size, stride, 0);
        auto& node = add_node(type, inputs);
        set_ints(node, "kernel_shape", {size, size});
        set_ints(node, "strides", {stride, stride});
        value.name = node.name();
        return value;
    }
    Value add(const ml::MaxPool& pool, const std::vector<Value>& inputs) {
        return add_pool("MaxPool", pool.size, pool.stride, inputs);
    }
    Value add(const ml::AveragePool& pool, const std::vector<Value>& inputs) {
        return add_pool("AveragePool", pool.size, pool.stride, inputs);
    }

    Value add(const ml::GlobalAveragePool&, const std::vector<Value>& inputs) {
        const Value value = one_picture(inputs);
        return {add_node("GlobalAveragePool", inputs).name(), value.channels, 1, 1, false};
    }

    Value add(const ml::Add&, const std::vector<Value>& inputs) {
        if (inputs.size() != 2) fail(std::to_string(inputs.size()) + " inputs, expected 2");
        if (shape_of(inputs[0]) != shape_of(inputs[1]) || inputs[0].flat != inputs[1].flat)
            fail("sum of " + shape_of(inputs[0]) + " and " + shape_of(inputs[1]));
        Value value = inputs[0];
        value.name = add_node("Add", inputs).name();
        return value;
    }

    std::string bytes() const {
        std::string result;
        google::protobuf::io::StringOutputStream stream(&result);
        google::protobuf::io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        if (!model_.SerializeToCodedStream(&coded))
            throw std::invalid_argument("the inference graph is too large for ONNX");
        coded.Trim();
        return result;
    }

    const ml::InferenceGraph& graph_;
    std::size_t index_ = 0;      ///< of the node being added
    std::vector<Value> values_;  ///< each node's output
    onnx::ModelProto model_;
};

}  // namespace

std::string onnx_bytes(const ml::InferenceGraph& graph) {
    return Writer(graph).write();
}

}  // namespace emotion::model
