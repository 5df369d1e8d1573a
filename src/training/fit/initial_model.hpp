#pragma once

#include <filesystem>

#include "ml/network/graph.hpp"
#include "model/model_card.hpp"

namespace emotion::training {

/// A network that exists, to go on from or to learn from.
struct InitialModel {
    model::ModelCard card;
    ml::Graph graph;

    /// Whether it reads such crops as the network's own: all is equal but the margin and the resolution,
    /// which say how a face is cut from a frame.
    bool takes(faces::CropSpec crop) const;
};

/// Reads a card and its weights. Throws Error if they are damaged, of another maker, or no network that ends
/// in a dense layer and softmax.
InitialModel load_initial_model(const std::filesystem::path& card);

}  // namespace emotion::training
