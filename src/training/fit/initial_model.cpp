#include "training/fit/initial_model.hpp"

#include <variant>

#include "base/error.hpp"
#include "base/files.hpp"
#include "model/model_files.hpp"
#include "model/scorer.hpp"

namespace emotion::training {

bool InitialModel::takes(faces::CropSpec crop) const {
    crop.margin = card.crop.margin;
    crop.resolution = card.crop.resolution;
    return crop == card.crop;
}

InitialModel load_initial_model(const std::filesystem::path& path) {
    InitialModel model;
    model.card = model::load_scorer(path)->card();  // also verifies hash and self-check
    const auto weights = path.parent_path() / model.card.weights_file;
    model.graph = model::read_graph(read_file(weights), weights.string());
    const auto* last = std::get_if<ml::Dense>(&model.graph.nodes.back().layer);
    if (model.card.activation != model::Activation::kSoftmax || !last ||
        last->outputs != static_cast<int>(model.card.classes.size()) || model.graph.nodes.size() < 2)
        throw Error(path.string() +
                    ": cannot be trained further, expected a network that ends in a dense layer and softmax");
    return model;
}

}  // namespace emotion::training
