#include "ml/layers/image_layers.hpp"

#include "ml/core/vector.hpp"

namespace emotion::ml {
namespace {

Vector positive_part(const Vector& value) {
    return value > 0.0f ? value : Vector{};
}

// Calls body(y, offset) for each vector of a row of pixels, gaps between channels included.
template <class Body>
void for_vectors(const ImageView& image, const Body& body) {
    const std::ptrdiff_t floats = std::ptrdiff_t{image.shape().width} * image.pixel_stride();
    for (int y = 0; y < image.shape().height; ++y)
        for (std::ptrdiff_t offset = 0; offset < floats; offset += kVectorWidth) body(y, offset);
}

// The same with body(y, offset, channel).
template <class Body>
void for_pixel_vectors(const ImageView& image, const Body& body) {
    for (int y = 0; y < image.shape().height; ++y) {
        std::ptrdiff_t offset = 0;
        for (int x = 0; x < image.shape().width; ++x)
            for (int channel = 0; channel < image.pixel_stride();
                 channel += kVectorWidth, offset += kVectorWidth)
                body(y, offset, channel);
    }
}

// Calls body(channel) for each vector of channels.
template <class Body>
void for_channels(const ImageView& image, const Body& body) {
    for (int channel = 0; channel < image.pixel_stride(); channel += kVectorWidth) body(channel);
}

void clear(const ImageView& image) {
    for_vectors(image, [&](int y, std::ptrdiff_t offset) { store(image.row(y) + offset, Vector{}); });
}

}  // namespace

void read_planes(const float* planes, const ImageView& image) {
    const Shape& shape = image.shape();
    for (int channel = 0; channel < shape.channels; ++channel)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x) image.pixel(y, x)[channel] = *planes++;
}

void relu(const ImageView& input, const ImageView& output) {
    for_vectors(input, [&](int y, std::ptrdiff_t offset) {
        store(output.row(y) + offset, positive_part(load(input.row(y) + offset)));
    });
}

void relu_gradient(const ImageView& output, const ImageView& output_gradient, const ImageView& gradient,
                   bool add) {
    for_vectors(output, [&](int y, std::ptrdiff_t offset) {
        const Vector passed =
            load(output.row(y) + offset) > 0.0f ? load(output_gradient.row(y) + offset) : Vector{};
        store(gradient.row(y) + offset, passed, add);
    });
}

void add(const ImageView& left, const ImageView& right, bool with_relu, const ImageView& output) {
    for_vectors(output, [&](int y, std::ptrdiff_t offset) {
        const Vector sum = load(left.row(y) + offset) + load(right.row(y) + offset);
        store(output.row(y) + offset, with_relu ? positive_part(sum) : sum);
    });
}

void copy(const ImageView& source, const ImageView& target, bool add) {
    for_vectors(target, [&](int y, std::ptrdiff_t offset) {
        store(target.row(y) + offset, load(source.row(y) + offset), add);
    });
}

void max_pool(const ImageView& input, int size, int stride, const ImageView& output) {
    for (int y = 0; y < output.shape().height; ++y)
        for (int x = 0; x < output.shape().width; ++x) {
            const float* source = input.pixel(y * stride, x * stride);
            float* target = output.pixel(y, x);
            for_channels(output, [&](int channel) {
                Vector largest = load(source + channel);
                for (int i = 0; i < size; ++i)
                    for (int j = 0; j < size; ++j) {
                        const Vector value =
                            load(source + i * input.row_stride() + j * input.pixel_stride() + channel);
                        largest = largest < value ? value : largest;
                    }
                store(target + channel, largest);
            });
        }
}

void max_pool_gradient(const ImageView& input, const ImageView& output, int size, int stride,
                       const ImageView& output_gradient, const ImageView& gradient, bool add) {
    const bool overlap = stride < size;
    const bool gaps = stride > size || output.shape().height * stride < input.shape().height ||
                      output.shape().width * stride < input.shape().width;
    if (!add && (overlap || gaps)) clear(gradient);
    for (int y = 0; y < output.shape().height; ++y)
        for (int x = 0; x < output.shape().width; ++x) {
            const float* source = input.pixel(y * stride, x * stride);
            float* target = gradient.pixel(y * stride, x * stride);
            for_channels(output, [&](int channel) {
                const Vector largest = load(output.pixel(y, x) + channel);
                Vector left = load(output_gradient.pixel(y, x) + channel);  // until its pixel is found
                for (int i = 0; i < size; ++i)
                    for (int j = 0; j < size; ++j) {
                        const auto found = load(source + i * input.row_stride() + j * input.pixel_stride() +
                                                channel) == largest;
                        store(target + i * gradient.row_stride() + j * gradient.pixel_stride() + channel,
                              found ? left : Vector{}, add || overlap);
                        left = found ? Vector{} : left;
                    }
            });
        }
}

void average_pool(const ImageView& input, const Window& window, const ImageView& output) {
    const float share = 1.0f / static_cast<float>(window.height * window.width);
    for (int y = 0; y < output.shape().height; ++y)
        for (int x = 0; x < output.shape().width; ++x) {
            const float* source = input.pixel(y * window.stride, x * window.stride);
            float* target = output.pixel(y, x);
            for_channels(output, [&](int channel) {
                Vector sum = {};
                for (int i = 0; i < window.height; ++i)
                    for (int j = 0; j < window.width; ++j)
                        sum += load(source + i * input.row_stride() + j * input.pixel_stride() + channel);
                store(target + channel, share * sum);
            });
        }
}

void average_pool_gradient(const Window& window, const ImageView& output_gradient, const ImageView& gradient,
                           bool add) {
    const float share = 1.0f / static_cast<float>(window.height * window.width);
    if (!add) clear(gradient);
    for (int y = 0; y < output_gradient.shape().height; ++y)
        for (int x = 0; x < output_gradient.shape().width; ++x) {
            const float* source = output_gradient.pixel(y, x);
            float* target = gradient.pixel(y * window.stride, x * window.stride);
            for_channels(gradient, [&](int channel) {
                const Vector value = share * load(source + channel);
                for (int i = 0; i < window.height; ++i)
                    for (int j = 0; j < window.width; ++j)
                        store(target + i * gradient.row_stride() + j * gradient.pixel_stride() + channel,
                              value, true);
            });
        }
}

void dropout(const ImageView& input, float rate, Random random, const ImageView& output, bool add) {
    const float scale = 1.0f / (1.0f - rate);
    const Shape& shape = input.shape();
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int channel = 0; channel < shape.channels; ++channel) {
                const float value = random.uniform() < rate ? 0.0f : scale * input.pixel(y, x)[channel];
                float& target = output.pixel(y, x)[channel];
                target = add ? target + value : value;
            }
}

void channel_moments(const ImageView& image, float* mean, float* squares) {
    const Shape& shape = image.shape();
    const float share = 1.0f / static_cast<float>(shape.height * shape.width);
    // Relative to the first pixel, so that a mean far from zero does not swallow the variance.
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

void normalize(const ImageView& input, const float* scale, const float* shift, bool with_relu,
               const ImageView& output) {
    for_pixel_vectors(input, [&](int y, std::ptrdiff_t offset, int channel) {
        prefetch_page_ahead(input.row(y) + offset);
        const Vector value = load(scale + channel) * load(input.row(y) + offset) + load(shift + channel);
        store(output.row(y) + offset, with_relu ? positive_part(value) : value);
    });
}

void normalize_gradient_sums(const ImageView& input, const float* mean, const float* scale,
                             const float* shift, bool with_relu, const ImageView& output_gradient, float* sum,
                             float* sum_times_centered) {
    for (int y = 0; y < input.shape().height; ++y)
        for_channels(input, [&](int channel) {
            const Vector center = load(mean + channel), factor = load(scale + channel),
                         summand = load(shift + channel);
            const float* source = input.row(y) + channel;
            float* gradients = output_gradient.row(y) + channel;
            Vector row_sum = {}, row_sum_times_centered = {};
            for (int x = 0; x < input.shape().width; ++x) {
                const std::ptrdiff_t offset = std::ptrdiff_t{x} * input.pixel_stride();
                const Vector value = load(source + offset);
                Vector gradient = load(gradients + offset);
                if (with_relu) {
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

void normalize_gradient(const ImageView& output_gradient, const ImageView& input, const float* mean,
                        const float* of_gradient, const float* of_input, const float* constant,
                        const ImageView& gradient, bool add) {
    for_pixel_vectors(input, [&](int y, std::ptrdiff_t offset, int channel) {
        prefetch_page_ahead(input.row(y) + offset);
        prefetch_page_ahead(output_gradient.row(y) + offset);
        const Vector centered = load(input.row(y) + offset) - load(mean + channel);
        const Vector value = load(of_gradient + channel) * load(output_gradient.row(y) + offset) +
                             load(of_input + channel) * centered + load(constant + channel);
        store(gradient.row(y) + offset, value, add);
    });
}

}  // namespace emotion::ml
