#pragma once

// Internal to the library.

#include <optional>
#include <vector>

#include "ml/layers/convolution.hpp"
#include "ml/core/image_view.hpp"
#include "ml/network/network_spec.hpp"

namespace emotion::ml {

/// One layer as it is run, perhaps together with the ReLU after it. It reads images from places and leaves
/// its own in the place after its index; place 0 is the network's input.
struct Step {
    LayerKind kind;
    int layer = 0;
    std::vector<int> inputs;  ///< places
    int output = 0;           ///< place: the step's index + 1
    bool with_relu = false;
    int stage = 0;
    int input_stage = 0;                             ///< in which its first input is made
    std::optional<ConvolutionGeometry> convolution;  ///< of convolutions and dense layers
    std::size_t parameters = 0, statistics = 0;      ///< where its own begin
    /// For each input: whether another layer has written to its gradient already, going backwards.
    std::vector<bool> adds;
    /// Batch normalisations (indices of steps) that read the output.
    std::vector<int> normalized_by;
};

/// Where the output of a step is put, and the gradient with respect to it.
struct Place {
    ImageLayout layout, gradient_layout;
    /// Kept for every image of the batch. What is not kept is needed within one stage only, lives in the
    /// cache of the thread that works on an image, and is made again for the way back.
    bool kept = false, gradient_kept = false;
};

/// How a network is run on a batch. Batch normalisation needs sums over all images before it can go on with
/// any, so the layers fall into stages: within one, each image is worked on from end to end by one thread,
/// and between stages everyone waits. A stage begins with batch normalisations and ends with the convolutions
/// whose output the next ones normalise:
///
///     layers   0 convolution | 1 batch norm, 2 ReLU   3 max pool   4 convolution | 5 batch norm, 6 ReLU ...
///     steps    0             | 1                      2            3             | 4                    ...
///     stage    0             | 1                                                 | 2
///     kept     place 1       |                                     place 4       |
struct NetworkPlan {
    /// Throws std::invalid_argument as output_shapes() does, and for a network that does not end in one
    /// number for each class.
    explicit NetworkPlan(const NetworkSpec& spec);

    std::vector<Step> steps;    ///< in the layers' order
    std::vector<Place> places;  ///< of the input, then of each step
    int stages = 1;
    std::size_t inputs = 0, outputs = 0;         ///< floats of one image, and of its logits
    std::size_t parameters = 0, statistics = 0;  ///< of all steps
    /// Scales and shifts of a batch normalisation together, and as many running means and variances.
    std::size_t norm_parameters(const Step& step) const {
        return 2 * static_cast<std::size_t>(places[step.output].layout.shape.channels);
    }
};

}  // namespace emotion::ml
