#include "ml/layers/max_pool.hpp"

#include "ml/core/image_loops.hpp"

namespace emotion::ml {
namespace {

class MaxPoolLayer : public Layer {
  public:
    MaxPoolLayer(const MaxPool& options, const Shape& input)
        : Layer(windowed(input, options.size, options.stride, 0)),
          size_(options.size),
          stride_(options.stride),
          overlap_(stride_ < size_),
          gaps_(stride_ > size_ || output().height * stride_ < input.height ||
                output().width * stride_ < input.width) {}

    void forward(const LayerImages& images) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        for (int y = 0; y < output.shape().height; ++y)
            for (int x = 0; x < output.shape().width; ++x) {
                const float* source = input.pixel(y * stride_, x * stride_);
                float* target = output.pixel(y, x);
                for_channels(output, [&](int channel) {
                    Vector largest = load(source + channel);
                    for (int i = 0; i < size_; ++i)
                        for (int j = 0; j < size_; ++j) {
                            const Vector value = load(source + input.offset(i, j) + channel);
                            largest = largest < value ? value : largest;
                        }
                    store(target + channel, largest);
                });
            }
    }

    // Among equal maxima the first pixel gets the gradient.
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        if (!add && (overlap_ || gaps_)) clear(gradient);
        for (int y = 0; y < output.shape().height; ++y)
            for (int x = 0; x < output.shape().width; ++x) {
                const float* source = input.pixel(y * stride_, x * stride_);
                float* target = gradient.pixel(y * stride_, x * stride_);
                for_channels(output, [&](int channel) {
                    const Vector largest = load(output.pixel(y, x) + channel);
                    Vector left =
                        load(images.output_gradient.pixel(y, x) + channel);  // until the maximum is found
                    for (int i = 0; i < size_; ++i)
                        for (int j = 0; j < size_; ++j) {
                            const auto found = load(source + input.offset(i, j) + channel) == largest;
                            store(target + gradient.offset(i, j) + channel, found ? left : Vector{},
                                  add || overlap_);
                            left = found ? Vector{} : left;
                        }
                });
            }
    }

  private:
    int size_, stride_;
    bool overlap_, gaps_;  // of the windows, between them and after them
};

}  // namespace

std::unique_ptr<Layer> MaxPool::bind(std::span<const Shape> inputs) const {
    return std::make_unique<MaxPoolLayer>(*this, inputs[0]);
}

void MaxPool::write_onnx(const Shape&, OnnxNode& node) const {
    node.attributes = {{"kernel_shape", std::vector{size, size}}, {"strides", std::vector{stride, stride}}};
}

void MaxPool::read_onnx(const OnnxNode& node) {
    size = node.attribute("kernel_shape");
    stride = node.attribute("strides");
}

}  // namespace emotion::ml
