#pragma once

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace emotion::test {

/// Writes ONNX models like other tools: any operator, any names, any damage.
class ForeignOnnx {
  public:
    /// Dimensions of 0 are dynamic.
    void input(const std::string& name, const std::vector<int>& dims);
    void output(const std::string& name, const std::vector<int>& dims);
    onnx::TensorProto& weights(const std::string& name, const std::vector<int>& dims,
                               const std::vector<float>& values);
    /// Adds an ONNX operator; its output has the name of the node.
    onnx::NodeProto& node(const std::string& op, const std::vector<std::string>& inputs,
                          const std::string& name);
    static void attribute(onnx::NodeProto& node, const std::string& name, const std::vector<int>& values);
    static void attribute(onnx::NodeProto& node, const std::string& name, int value);

    onnx::ModelProto& model() { return model_; }
    std::string bytes() const { return model_.SerializeAsString(); }

    ForeignOnnx();

  private:
    onnx::ModelProto model_;
};

/// A color classifier of 64x64 pixels that ends in its own softmax: Conv 3x3/2 -> Relu -> GlobalAveragePool
/// -> Flatten -> Gemm -> Softmax, for `classes` classes.
ForeignOnnx foreign_classifier(int classes);

}  // namespace emotion::test
