#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"
#include "ml/network/graph.hpp"
#include "model/model_files.hpp"
#include "model/scorer.hpp"
#include "model/self_check.hpp"

namespace emotion::model {

void save_model(const std::filesystem::path& card_path, ModelCard card, const ml::Graph& graph) {
    if (card_path.extension() != ".yaml")
        throw ConfigError(card_path.string() + ": expected a card's name, ending in .yaml");
    auto weights_path = card_path;
    weights_path.replace_extension(".onnx");
    const auto onnx = onnx_bytes(graph);
    card.weights_file = weights_path.filename().string();
    card.weights_sha256 = sha256(onnx);

    card.self_check.clear();
    card = parse_card(card_text(card), card_path.string());  // ensures that the card can be read back
    card.self_check = self_check_of(*make_scorer(card, onnx, weights_path.string()));

    OutputFile weights_file(weights_path), card_file(card_path);
    weights_file.stream() << onnx;
    card_file.stream() << card_text(card);
    // Neither file is moved into place before both are complete. A kill between the two renames leaves new
    // weights with an old card, which the hash check detects.
    if (!card_file.stream().flush())
        throw Error(card_path.string() + ": could not be written completely; is the disk full?");
    weights_file.commit();
    card_file.commit();
}

}  // namespace emotion::model
