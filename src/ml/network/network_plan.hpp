#pragma once

// Internal to the library.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ml/core/image_view.hpp"
#include "ml/network/graph.hpp"

namespace emotion::ml {

/// A layer in execution order, possibly with the following ReLU fused. It reads images from places and writes
/// to the place of its index + 1; place 0 is the network's input.
struct Step {
    std::unique_ptr<Layer> layer;
    BatchLayer* batch = nullptr;  ///< the layer, if it is a batch layer
    int node = 0;
    std::vector<int> inputs = {};  ///< places
    int output = 0;                ///< place: the step's index + 1
    int stage = 0;
    int input_stage = 0;  ///< in which its first input is computed
    LayerParameters sizes = {};
    std::size_t parameters = 0, statistics = 0;  ///< offsets of its own
    /// For each input: whether another layer has already written its gradient in the backward pass.
    std::vector<bool> adds = {};
    /// Indices of the steps with batch layers that read the output.
    std::vector<int> batch_readers = {};

    template <class Number>
    std::span<Number> parameters_of(std::span<Number> all) const {
        return all.subspan(parameters, sizes.count());
    }
    template <class Number>
    std::span<Number> statistics_of(std::span<Number> all) const {
        return all.subspan(statistics, sizes.statistics);
    }
};

/// The buffer for the output of a step, and for the gradient with respect to it.
struct Place {
    ImageLayout layout, gradient_layout;
    /// Whether it is kept for every image of the batch. Otherwise it is used within one stage only, stays in
    /// the cache of the thread processing an image, and is recomputed in the backward pass.
    bool kept = false, gradient_kept = false;
};

/// The execution plan of a network for batches. Batch normalization needs sums over all images before it can
/// process any, so the layers are divided into stages: within a stage each image is processed by one thread,
/// and threads synchronize between stages. A stage begins with batch normalizations and ends with the
/// convolutions whose output the next ones normalize:
///
///     layers   0 convolution | 1 batch norm, 2 ReLU   3 max pool   4 convolution | 5 batch norm, 6 ReLU ...
///     steps    0             | 1                      2            3             | 4                    ...
///     stage    0             | 1                                                 | 2
///     kept     place 1       |                                     place 4       |
struct NetworkPlan {
    /// Throws std::invalid_argument as output_shapes() does, and for a network that does not end in one
    /// number per class.
    explicit NetworkPlan(const Graph& graph);

    /// Sets those of all steps; see Layer::set_parameters().
    void set_parameters(std::span<const float> all_parameters, std::span<const float> all_statistics,
                        bool training);

    std::vector<Step> steps;    ///< in node order
    std::vector<Place> places;  ///< of the input, then of each step
    int stages = 1;
    std::size_t inputs = 0, outputs = 0;         ///< floats of one image, and of its logits
    std::size_t parameters = 0, statistics = 0;  ///< of all steps
};

/// Parameters and statistics of a network in the layout of its plan.
struct NetworkState {
    std::vector<float> parameters, statistics;
};
/// The weights in the graph; missing ones are drawn from `seed` or, without one, throw std::invalid_argument.
NetworkState initial_state(const Graph& graph, const NetworkPlan& plan, std::optional<std::uint64_t> seed);

/// A trained network as a graph for prediction: batch normalization, by its running statistics, is folded
/// into the preceding convolution or dense layer where nothing else reads that, and dropout is removed.
Graph export_graph(const Graph& graph, const NetworkPlan& plan, const NetworkState& state);

}  // namespace emotion::ml
