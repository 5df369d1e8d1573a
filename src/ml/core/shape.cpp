#include "ml/core/shape.hpp"

#include <stdexcept>

namespace emotion::ml {

std::string text(const Shape& shape) {
    return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
           std::to_string(shape.width);
}

Shape windowed(const Shape& input, int size, int stride, int padding) {
    if (size < 1 || stride < 1 || size > kLargestWindow || stride > kLargestWindow)
        throw std::invalid_argument("size and stride must be in [1, " + std::to_string(kLargestWindow) + "]");
    if (padding < 0 || padding >= size)
        throw std::invalid_argument("padding must be at least 0 and smaller than the kernel");
    if (size > input.height + 2 * padding || size > input.width + 2 * padding)
        throw std::invalid_argument("a window of " + std::to_string(size) + " does not fit into its input " +
                                    text(input));
    return {input.channels, (input.height + 2 * padding - size) / stride + 1,
            (input.width + 2 * padding - size) / stride + 1};
}

}  // namespace emotion::ml
