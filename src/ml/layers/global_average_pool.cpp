#include "ml/layers/global_average_pool.hpp"

#include "ml/layers/average_pool.hpp"

namespace emotion::ml {

std::unique_ptr<Layer> GlobalAveragePool::bind(std::span<const Shape> inputs) const {
    return make_average_pooling({inputs[0].channels, 1, 1}, inputs[0].height, inputs[0].width, 1);
}

}  // namespace emotion::ml
