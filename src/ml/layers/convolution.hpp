#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

struct ConvolutionGeometry;

/// Cross-correlation with zero padding. Without a bias by default, since batch normalization adds one.
struct Convolution {
    int channels = 0;  ///< output channels
    int kernel = 3, stride = 1, padding = 1;
    /// 1, or the number of channels: a depthwise convolution.
    int groups = 1;
    bool with_bias = false;
    std::vector<float> weights = {};  ///< (channels, input channels / groups, kernel, kernel)
    std::vector<float> bias = {};     ///< (channels)

    static constexpr const char* kName = "convolution";
    static constexpr OnnxForm kOnnx = {"Conv", OnnxForm::Input::kImage};
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    void write_onnx(const Shape& input, OnnxNode& node) const;
    void read_onnx(const OnnxNode& node);
    static std::span<const RecipeWord> recipe_words();
    /// Weights of variance 2 / fan-in (He et al., "Delving deep into rectifiers", 2015).
    void initialize(const Shape& input, Random random, std::span<float> parameters,
                    std::span<float> statistics) const;
    /// A convolution with weights and, always, a bias.
    Convolution for_inference(const Shape& input, std::span<const float> parameters,
                              std::span<const float> statistics) const;

  private:
    ConvolutionGeometry geometry(const Shape& input) const;
};

// Internal to the library.

/// Starts a recipe line with a kernel and a stride: a convolution with builder.channels output channels and
/// padding of half the kernel, followed by batch normalization.
void add_convolution(const RecipeLine& line, int groups, NetworkBuilder& builder);

}  // namespace emotion::ml
