#pragma once

// Internal to the library.

#include <span>

#include "ml/core/aligned_array.hpp"
#include "ml/core/image_view.hpp"
#include "ml/network/network_spec.hpp"

namespace emotion::ml {

/// One batch normalisation: what it does to an image, and the sums over the batch that it needs for that.
/// Sums are gathered for each image (by any thread) and then taken in the images' order. `parameters` is
/// (scale, shift) and `statistics` (running mean, running variance), each (2, channels).
class BatchNormalizer {
  public:
    BatchNormalizer(const layer::BatchNorm& options, const Shape& shape);

    void set_images(int images);
    void use_running(std::span<const float> parameters, std::span<const float> statistics);
    void gather(const ImageView& input, int image);
    /// From what was gathered; moves the running statistics.
    void use_batch(std::span<const float> parameters, std::span<float> statistics);
    void apply(const ImageView& input, bool with_relu, const ImageView& output) const;

    /// Takes the ReLU out of the gradient, in place.
    void gather_gradient(const ImageView& input, bool with_relu, const ImageView& output_gradient, int image);
    /// Writes the gradient with respect to the parameters.
    void finish_gradient(std::span<const float> parameters, std::span<float> gradient);
    void input_gradient(const ImageView& output_gradient, const ImageView& input, const ImageView& gradient,
                        bool add) const;

  private:
    void set_scale(std::span<const float> parameters);
    float* sums(int image, int kind) { return sums_.data() + (2 * image + kind) * padded_; }
    double sum_over_images(int kind, int channel);

    layer::BatchNorm options_;
    int channels_, padded_, images_ = 0;
    double pixels_;
    AlignedFloats sums_;  // (images, 2, padded channels)
    AlignedFloats mean_, inverse_deviation_, scale_, shift_;
    AlignedFloats of_gradient_, of_input_, constant_;
};

}  // namespace emotion::ml
