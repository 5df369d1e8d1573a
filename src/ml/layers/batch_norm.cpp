#include "ml/layers/batch_norm.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "ml/core/aligned_array.hpp"
#include "ml/core/image_loops.hpp"

namespace emotion::ml {
namespace {

// Mean and sum of squared deviations of each channel.
void channel_moments(const ImageView& image, float* mean, float* squares) {
    const Shape& shape = image.shape();
    const float share = 1.0f / static_cast<float>(shape.height * shape.width);
    // Relative to the first pixel, to avoid cancellation when the mean is far from zero.
    for_channels(image, [&](int channel) {
        const Vector origin = load(image.row(0) + channel);
        Vector sum = {}, sum_of_squares = {};
        for (int y = 0; y < shape.height; ++y) {
            const float* row = image.row(y) + channel;
            for (int x = 0; x < shape.width; ++x) {
                const Vector value = load(row + std::ptrdiff_t{x} * image.pixel_stride()) - origin;
                sum += value;
                sum_of_squares += value * value;
            }
        }
        store(mean + channel, origin + share * sum);
        store(squares + channel, sum_of_squares - share * sum * sum);
    });
}

class BatchNormLayer : public BatchLayer {
  public:
    BatchNormLayer(const BatchNorm& options, const Shape& shape)
        : BatchLayer(shape),
          options_(options),
          channels_(shape.channels),
          padded_(padded_to_vector(shape.channels)),
          pixels_(double{1} * shape.height * shape.width) {}

    bool absorb_relu() override { return !std::exchange(with_relu_, true); }
    LayerParameters parameters() const override {
        const std::size_t both = std::size_t{2} * channels_;
        return {.weights = 0, .others = both, .statistics = both};
    }

    void set_parameters(std::span<const float> parameters, std::span<const float> statistics,
                        bool training) override {
        if (per_channel_.size() == 0)
            per_channel_ = AlignedFloats(static_cast<std::size_t>(kArrays) * padded_);
        if (training) return;  // done by finish()
        for (int c = 0; c < channels_; ++c) {
            array(kMean)[c] = statistics[c];
            array(kInverseDeviation)[c] = 1.0f / std::sqrt(statistics[channels_ + c] + options_.epsilon);
        }
        set_scale(parameters);
    }

    void begin(int images) override {
        images_ = images;
        const std::size_t sums = std::size_t{2} * images * padded_;
        if (sums_.size() < sums) sums_ = AlignedFloats(sums);
    }
    void gather(const ImageView& input, int image) override {
        channel_moments(input, sums(image, 0), sums(image, 1));
    }
    void finish(std::span<const float> parameters, std::span<float> statistics) override;

    void forward(const LayerImages& images) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        const float *scale = array(kScale), *shift = array(kShift);
        for_pixel_vectors(input, [&](int y, std::ptrdiff_t offset, int channel) {
            prefetch_page_ahead(input.row(y) + offset);
            const Vector value = load(scale + channel) * load(input.row(y) + offset) + load(shift + channel);
            store(output.row(y) + offset, with_relu_ ? positive_part(value) : value);
        });
    }

    void gather_gradient(const LayerImages& images) override;
    void finish_gradient(std::span<const float> parameters, std::span<float> gradient) override;
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        const ImageView &input = images.inputs[0], &output_gradient = images.output_gradient;
        const float *mean = array(kMean), *of_gradient = array(kOfGradient), *of_input = array(kOfInput),
                    *constant = array(kConstant);
        for_pixel_vectors(input, [&](int y, std::ptrdiff_t offset, int channel) {
            prefetch_page_ahead(input.row(y) + offset);
            prefetch_page_ahead(output_gradient.row(y) + offset);
            const Vector centered = load(input.row(y) + offset) - load(mean + channel);
            const Vector value = load(of_gradient + channel) * load(output_gradient.row(y) + offset) +
                                 load(of_input + channel) * centered + load(constant + channel);
            store(gradient.row(y) + offset, value, add);
        });
    }

  private:
    // Output = scale * input + shift; gradient = of_gradient * output_gradient + of_input * (input - mean) +
    // constant.
    enum Array { kMean, kInverseDeviation, kScale, kShift, kOfGradient, kOfInput, kConstant, kArrays };

    float* array(Array which) { return per_channel_.data() + which * padded_; }
    const float* array(Array which) const { return per_channel_.data() + which * padded_; }
    float* sums(int image, int kind) { return sums_.data() + (2 * image + kind) * padded_; }
    double sum_over_images(int kind, int channel) {
        double sum = 0;
        for (int image = 0; image < images_; ++image) sum += sums(image, kind)[channel];
        return sum;
    }
    void set_scale(std::span<const float> parameters) {
        for (int c = 0; c < channels_; ++c) {
            array(kScale)[c] = parameters[c] * array(kInverseDeviation)[c];
            array(kShift)[c] = parameters[channels_ + c] - array(kScale)[c] * array(kMean)[c];
        }
    }

    BatchNorm options_;
    int channels_, padded_, images_ = 0;
    double pixels_;
    bool with_relu_ = false;
    AlignedFloats sums_;         // (images, 2, padded channels)
    AlignedFloats per_channel_;  // (kArrays, padded channels)
};

void BatchNormLayer::finish(std::span<const float> parameters, std::span<float> statistics) {
    const double count = pixels_ * images_;
    for (int c = 0; c < channels_; ++c) {
        const double mean = sum_over_images(0, c) / images_;
        double squares = sum_over_images(1, c);  // within images, plus between them:
        for (int image = 0; image < images_; ++image) {
            const double difference = sums(image, 0)[c] - mean;
            squares += pixels_ * difference * difference;
        }
        const double variance = std::max(0.0, squares / count);
        const double unbiased = count > 1 ? squares / (count - 1) : variance;
        array(kMean)[c] = static_cast<float>(mean);
        array(kInverseDeviation)[c] = static_cast<float>(1.0 / std::sqrt(variance + options_.epsilon));
        statistics[c] += options_.momentum * (static_cast<float>(mean) - statistics[c]);
        statistics[channels_ + c] +=
            options_.momentum * (static_cast<float>(unbiased) - statistics[channels_ + c]);
    }
    set_scale(parameters);
}

// Applies the gradient of the ReLU in place, and sums for each channel the gradient and the gradient times
// (input - mean).
void BatchNormLayer::gather_gradient(const LayerImages& images) {
    const ImageView &input = images.inputs[0], &output_gradient = images.output_gradient;
    float *sum = sums(images.image, 0), *sum_times_centered = sums(images.image, 1);
    for (int y = 0; y < input.shape().height; ++y)
        for_channels(input, [&](int channel) {
            const Vector center = load(array(kMean) + channel), factor = load(array(kScale) + channel),
                         summand = load(array(kShift) + channel);
            const float* source = input.row(y) + channel;
            float* gradients = output_gradient.row(y) + channel;
            Vector row_sum = {}, row_sum_times_centered = {};
            for (int x = 0; x < input.shape().width; ++x) {
                const std::ptrdiff_t offset = std::ptrdiff_t{x} * input.pixel_stride();
                const Vector value = load(source + offset);
                Vector gradient = load(gradients + offset);
                if (with_relu_) {
                    gradient = factor * value + summand > 0.0f ? gradient : Vector{};
                    store(gradients + offset, gradient);
                }
                row_sum += gradient;
                row_sum_times_centered += gradient * (value - center);
            }
            store(sum + channel, row_sum, y > 0);
            store(sum_times_centered + channel, row_sum_times_centered, y > 0);
        });
}

void BatchNormLayer::finish_gradient(std::span<const float> parameters, std::span<float> gradient) {
    const double count = pixels_ * images_;
    for (int c = 0; c < channels_; ++c) {
        const double inverse_deviation = array(kInverseDeviation)[c];
        const double of_shift = sum_over_images(0, c), of_scale = sum_over_images(1, c) * inverse_deviation;
        gradient[c] = static_cast<float>(of_scale);
        gradient[channels_ + c] = static_cast<float>(of_shift);
        // Section 3 of the paper, with the normalized input written as (input - mean) / deviation.
        const double scale = parameters[c] * inverse_deviation;
        array(kOfGradient)[c] = static_cast<float>(scale);
        array(kOfInput)[c] = static_cast<float>(-scale * inverse_deviation * of_scale / count);
        array(kConstant)[c] = static_cast<float>(-scale * of_shift / count);
    }
}

}  // namespace

std::unique_ptr<Layer> BatchNorm::bind(std::span<const Shape> inputs) const {
    if (!(momentum >= 0 && momentum <= 1) || !(epsilon > 0))
        throw std::invalid_argument("momentum must be in [0, 1] and epsilon positive");
    return std::make_unique<BatchNormLayer>(*this, inputs[0]);
}

void BatchNorm::initialize(const Shape& input, Random, std::span<float> parameters,
                           std::span<float> statistics) const {
    std::ranges::fill(parameters.first(input.channels), 1.0f);  // scales
    std::ranges::fill(statistics.last(input.channels), 1.0f);   // variances
}

Convolution BatchNorm::for_inference(const Shape& input, std::span<const float> parameters,
                                     std::span<const float> statistics) const {
    const int channels = input.channels;
    Convolution affine{
        .channels = channels, .kernel = 1, .stride = 1, .padding = 0, .groups = channels, .with_bias = true};
    for (int c = 0; c < channels; ++c) {
        const float scale = parameters[c] / std::sqrt(statistics[channels + c] + epsilon);
        affine.weights.push_back(scale);
        affine.bias.push_back(parameters[channels + c] - scale * statistics[c]);
    }
    return affine;
}

}  // namespace emotion::ml
