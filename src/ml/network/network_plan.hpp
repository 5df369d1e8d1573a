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

/// One layer as it is run, perhaps together with the ReLU after it. It reads images from places and leaves
/// its own in the place after its index; place 0 is the network's input.
struct Step {
    std::unique_ptr<Layer> layer;
    BatchLayer* batch = nullptr;  ///< the same, if it is one
    int node = 0;
    std::vector<int> inputs = {};  ///< places
    int output = 0;                ///< place: the step's index + 1
    int stage = 0;
    int input_stage = 0;  ///< in which its first input is made
    LayerParameters sizes = {};
    std::size_t parameters = 0, statistics = 0;  ///< where its own begin
    /// For each input: whether another layer has written to its gradient already, going backwards.
    std::vector<bool> adds = {};
    /// Batch layers (indices of steps) that read the output.
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

/// Where the output of a step is put, and the gradient with respect to it.
struct Place {
    ImageLayout layout, gradient_layout;
    /// Kept for every image of the batch. What is not kept is needed within one stage only, lives in the
    /// cache of the thread that works on an image, and is made again for the way back.
    bool kept = false, gradient_kept = false;
};

/// How a network is run on a batch. Batch normalization needs sums over all images before it can go on with
/// any, so the layers fall into stages: within one, each image is worked on from end to end by one thread,
/// and between stages everyone waits. A stage begins with batch normalizations and ends with the convolutions
/// whose output the next ones normalize:
///
///     layers   0 convolution | 1 batch norm, 2 ReLU   3 max pool   4 convolution | 5 batch norm, 6 ReLU ...
///     steps    0             | 1                      2            3             | 4                    ...
///     stage    0             | 1                                                 | 2
///     kept     place 1       |                                     place 4       |
struct NetworkPlan {
    /// Throws std::invalid_argument as output_shapes() does, and for a network that does not end in one
    /// number for each class.
    explicit NetworkPlan(const Graph& graph);

    /// For all steps; see Layer::set_parameters().
    void set_parameters(std::span<const float> all_parameters, std::span<const float> all_statistics,
                        bool training);

    std::vector<Step> steps;    ///< in the nodes' order
    std::vector<Place> places;  ///< of the input, then of each step
    int stages = 1;
    std::size_t inputs = 0, outputs = 0;         ///< floats of one image, and of its logits
    std::size_t parameters = 0, statistics = 0;  ///< of all steps
};

/// What a network learns and keeps, laid out as its plan says.
struct NetworkNumbers {
    std::vector<float> parameters, statistics;
};
/// The weights that a graph has; others are drawn by the seed or, without one, missed: std::invalid_argument.
NetworkNumbers initial_numbers(const Graph& graph, const NetworkPlan& plan,
                               std::optional<std::uint64_t> seed);

/// A trained network as a graph that only predicts: batch normalization, by its running statistics, is folded
/// into the convolution or dense layer before it where nothing else reads that, and dropout is left out.
Graph export_graph(const Graph& graph, const NetworkPlan& plan, const NetworkNumbers& numbers);

}  // namespace emotion::ml
