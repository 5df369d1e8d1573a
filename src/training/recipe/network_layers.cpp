#include "training/recipe/network_layers.hpp"

#include <stdexcept>

namespace emotion::training {
namespace {

constexpr std::size_t kMaxWeights = 100'000'000;

}  // namespace

ml::Graph parse_network(const std::vector<std::string>& lines, const ml::Shape& input, int outputs) {
    ml::NetworkBuilder builder{.channels = input.channels};
    for (const auto& line : lines) ml::add_recipe_line(line, builder);
    builder.add(ml::Dense{outputs});
    ml::Graph graph{input, std::move(builder.nodes)};
    if (const auto weights = ml::count_weights(graph); weights > kMaxWeights)
        throw std::invalid_argument("they have " + std::to_string(weights) + " weights, expected at most " +
                                    std::to_string(kMaxWeights));
    return graph;
}

}  // namespace emotion::training
