#include "model/foreign_onnx.hpp"

namespace emotion::test {
namespace {

void set_value(onnx::ValueInfoProto& info, const std::string& name, const std::vector<int>& dims) {
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(onnx::TensorProto::FLOAT);
    for (const int dim : dims) {
        auto& shape = *tensor.mutable_shape()->add_dim();
        if (dim > 0)
            shape.set_dim_value(dim);
        else
            shape.set_dim_param("N");
    }
}

/// Pseudo-random numbers in (-1, 1).
std::vector<float> numbers(int count) {
    std::vector<float> result;
    for (int i = 0; i < count; ++i) result.push_back(static_cast<float>((i * 37 + 11) % 101 - 50) / 51.0f);
    return result;
}

}  // namespace

ForeignOnnx::ForeignOnnx() {
    model_.set_ir_version(6);
    model_.set_producer_name("another program");
    model_.add_opset_import()->set_version(11);
    model_.mutable_graph()->set_name("main_graph");
}

void ForeignOnnx::input(const std::string& name, const std::vector<int>& dims) {
    set_value(*model_.mutable_graph()->add_input(), name, dims);
}

void ForeignOnnx::output(const std::string& name, const std::vector<int>& dims) {
    set_value(*model_.mutable_graph()->add_output(), name, dims);
}

onnx::TensorProto& ForeignOnnx::weights(const std::string& name, const std::vector<int>& dims,
                                        const std::vector<float>& values) {
    auto& tensor = *model_.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const int dim : dims) tensor.add_dims(dim);
    for (const float value : values) tensor.add_float_data(value);
    return tensor;
}

onnx::NodeProto& ForeignOnnx::node(const std::string& op, const std::vector<std::string>& inputs,
                                   const std::string& name) {
    auto& node = *model_.mutable_graph()->add_node();
    node.set_op_type(op);
    node.set_name("the " + name);
    for (const auto& input : inputs) node.add_input(input);
    node.add_output(name);
    return node;
}

void ForeignOnnx::attribute(onnx::NodeProto& node, const std::string& name, const std::vector<int>& values) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const int value : values) attribute.add_ints(value);
}

void ForeignOnnx::attribute(onnx::NodeProto& node, const std::string& name, int value) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
}

ForeignOnnx foreign_classifier(int classes) {
    ForeignOnnx onnx;
    onnx.input("input.1", {0, 3, 64, 64});
    onnx.weights("conv.w", {4, 3, 3, 3}, numbers(4 * 3 * 9));
    onnx.weights("conv.b", {4}, numbers(4));
    onnx.weights("fc.w", {classes, 4}, numbers(classes * 4));
    onnx.weights("fc.b", {classes}, numbers(classes));
    auto& conv = onnx.node("Conv", {"input.1", "conv.w", "conv.b"}, "conv");
    ForeignOnnx::attribute(conv, "kernel_shape", std::vector{3, 3});
    ForeignOnnx::attribute(conv, "strides", std::vector{2, 2});
    onnx.node("Relu", {"conv"}, "relu");
    onnx.node("GlobalAveragePool", {"relu"}, "pool");
    onnx.node("Flatten", {"pool"}, "flat");
    ForeignOnnx::attribute(onnx.node("Gemm", {"flat", "fc.w", "fc.b"}, "fc"), "transB", 1);
    ForeignOnnx::attribute(onnx.node("Softmax", {"fc"}, "scores"), "axis", 1);
    onnx.output("scores", {0, classes});
    return onnx;
}

}  // namespace emotion::test
