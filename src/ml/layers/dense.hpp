#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// A fully connected layer on the flattened input, with a bias.
struct Dense {
    int outputs = 0;
    std::vector<float> weights = {};  ///< (outputs, inputs)
    std::vector<float> bias = {};     ///< (outputs)

    /// Requires weights.
    int inputs() const { return outputs > 0 ? static_cast<int>(weights.size()) / outputs : 0; }

    static constexpr const char* kName = "dense";
    static constexpr OnnxForm kOnnx = {"Gemm", OnnxForm::Input::kFlat};
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    void write_onnx(const Shape& input, OnnxNode& node) const;
    void read_onnx(const OnnxNode& node);
    /// Weights of variance 1 / fan-in.
    void initialize(const Shape& input, Random random, std::span<float> parameters,
                    std::span<float> statistics) const;
    Dense for_inference(const Shape& input, std::span<const float> parameters,
                        std::span<const float> statistics) const;
};

}  // namespace emotion::ml
