#include "ml/layers/average_pool.hpp"

#include "ml/core/image_loops.hpp"

namespace emotion::ml {
namespace {

class AveragePoolLayer : public Layer {
  public:
    AveragePoolLayer(const Shape& output, int height, int width, int stride)
        : Layer(output),
          height_(height),
          width_(width),
          stride_(stride),
          share_(1.0f / static_cast<float>(height * width)) {}

    void forward(const LayerImages& images) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        for (int y = 0; y < output.shape().height; ++y)
            for (int x = 0; x < output.shape().width; ++x) {
                const float* source = input.pixel(y * stride_, x * stride_);
                float* target = output.pixel(y, x);
                for_channels(output, [&](int channel) {
                    Vector sum = {};
                    for (int i = 0; i < height_; ++i)
                        for (int j = 0; j < width_; ++j) sum += load(source + input.offset(i, j) + channel);
                    store(target + channel, share_ * sum);
                });
            }
    }

    // Each pixel of a window gets an equal share.
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        const ImageView& output_gradient = images.output_gradient;
        if (!add) clear(gradient);
        for (int y = 0; y < output_gradient.shape().height; ++y)
            for (int x = 0; x < output_gradient.shape().width; ++x) {
                const float* source = output_gradient.pixel(y, x);
                float* target = gradient.pixel(y * stride_, x * stride_);
                for_channels(gradient, [&](int channel) {
                    const Vector value = share_ * load(source + channel);
                    for (int i = 0; i < height_; ++i)
                        for (int j = 0; j < width_; ++j)
                            store(target + gradient.offset(i, j) + channel, value, true);
                });
            }
    }

  private:
    int height_, width_, stride_;
    float share_;
};

}  // namespace

std::unique_ptr<Layer> make_average_pooling(const Shape& output, int height, int width, int stride) {
    return std::make_unique<AveragePoolLayer>(output, height, width, stride);
}

std::unique_ptr<Layer> AveragePool::bind(std::span<const Shape> inputs) const {
    return make_average_pooling(windowed(inputs[0], size, stride, 0), size, size, stride);
}

void AveragePool::write_onnx(const Shape&, OnnxNode& node) const {
    node.attributes = {{"kernel_shape", std::vector{size, size}}, {"strides", std::vector{stride, stride}}};
}

void AveragePool::read_onnx(const OnnxNode& node) {
    size = node.attribute("kernel_shape");
    stride = node.attribute("strides");
}

}  // namespace emotion::ml
