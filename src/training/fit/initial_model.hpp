#pragma once

#include <filesystem>

#include "ml/network/graph.hpp"
#include "model/model_card.hpp"

namespace emotion::training {

/// An existing network, to fine-tune or to learn from.
struct InitialModel {
    model::ModelCard card;
    ml::Graph graph;

    /// Whether the network accepts such crops: all is equal except margin and resolution, which only
    /// determine how a face is cut from a frame.
    bool takes(faces::CropSpec crop) const;
};

/// Loads a card and its weights. Throws Error if they are damaged, not written by this trainer, or do not end
/// in a dense layer and softmax.
InitialModel load_initial_model(const std::filesystem::path& card);

}  // namespace emotion::training
