#include "ml/layers/batch_normalizer.hpp"

#include <algorithm>
#include <cmath>

#include "ml/layers/image_layers.hpp"
#include "ml/core/vector.hpp"

namespace emotion::ml {

BatchNormalizer::BatchNormalizer(const layer::BatchNorm& options, const Shape& shape)
    : options_(options),
      channels_(shape.channels),
      padded_(padded_to_vector(shape.channels)),
      pixels_(double{1} * shape.height * shape.width) {
    for (AlignedFloats* array :
         {&mean_, &inverse_deviation_, &scale_, &shift_, &of_gradient_, &of_input_, &constant_})
        *array = AlignedFloats(static_cast<std::size_t>(padded_));
}

void BatchNormalizer::set_images(int images) {
    images_ = images;
    const std::size_t sums = std::size_t{2} * images * padded_;
    if (sums_.size() < sums) sums_ = AlignedFloats(sums);
}

void BatchNormalizer::set_scale(std::span<const float> parameters) {
    for (int c = 0; c < channels_; ++c) {
        scale_.data()[c] = parameters[c] * inverse_deviation_.data()[c];
        shift_.data()[c] = parameters[channels_ + c] - scale_.data()[c] * mean_.data()[c];
    }
}

void BatchNormalizer::use_running(std::span<const float> parameters, std::span<const float> statistics) {
    for (int c = 0; c < channels_; ++c) {
        mean_.data()[c] = statistics[c];
        inverse_deviation_.data()[c] = 1.0f / std::sqrt(statistics[channels_ + c] + options_.epsilon);
    }
    set_scale(parameters);
}

void BatchNormalizer::gather(const ImageView& input, int image) {
    channel_moments(input, sums(image, 0), sums(image, 1));
}

double BatchNormalizer::sum_over_images(int kind, int channel) {
    double sum = 0;
    for (int image = 0; image < images_; ++image) sum += sums(image, kind)[channel];
    return sum;
}

void BatchNormalizer::use_batch(std::span<const float> parameters, std::span<float> statistics) {
    const double count = pixels_ * images_;
    for (int c = 0; c < channels_; ++c) {
        const double mean = sum_over_images(0, c) / images_;
        double squares = sum_over_images(1, c);  // within images, and between them:
        for (int image = 0; image < images_; ++image) {
            const double difference = sums(image, 0)[c] - mean;
            squares += pixels_ * difference * difference;
        }
        const double variance = std::max(0.0, squares / count);
        const double unbiased = count > 1 ? squares / (count - 1) : variance;
        mean_.data()[c] = static_cast<float>(mean);
        inverse_deviation_.data()[c] = static_cast<float>(1.0 / std::sqrt(variance + options_.epsilon));
        statistics[c] += options_.momentum * (static_cast<float>(mean) - statistics[c]);
        statistics[channels_ + c] +=
            options_.momentum * (static_cast<float>(unbiased) - statistics[channels_ + c]);
    }
    set_scale(parameters);
}

void BatchNormalizer::apply(const ImageView& input, bool with_relu, const ImageView& output) const {
    normalize(input, scale_.data(), shift_.data(), with_relu, output);
}

void BatchNormalizer::gather_gradient(const ImageView& input, bool with_relu,
                                      const ImageView& output_gradient, int image) {
    normalize_gradient_sums(input, mean_.data(), scale_.data(), shift_.data(), with_relu, output_gradient,
                            sums(image, 0), sums(image, 1));
}

void BatchNormalizer::finish_gradient(std::span<const float> parameters, std::span<float> gradient) {
    const double count = pixels_ * images_;
    for (int c = 0; c < channels_; ++c) {
        const double inverse_deviation = inverse_deviation_.data()[c];
        const double of_shift = sum_over_images(0, c), of_scale = sum_over_images(1, c) * inverse_deviation;
        gradient[c] = static_cast<float>(of_scale);
        gradient[channels_ + c] = static_cast<float>(of_shift);
        // Equation of the paper's section 3, with the normalised input written as (input - mean) / deviation.
        const double scale = parameters[c] * inverse_deviation;
        of_gradient_.data()[c] = static_cast<float>(scale);
        of_input_.data()[c] = static_cast<float>(-scale * inverse_deviation * of_scale / count);
        constant_.data()[c] = static_cast<float>(-scale * of_shift / count);
    }
}

void BatchNormalizer::input_gradient(const ImageView& output_gradient, const ImageView& input,
                                     const ImageView& gradient, bool add) const {
    normalize_gradient(output_gradient, input, mean_.data(), of_gradient_.data(), of_input_.data(),
                       constant_.data(), gradient, add);
}

}  // namespace emotion::ml
