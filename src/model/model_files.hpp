#pragma once

#include <filesystem>
#include <string>

#include "model/model_card.hpp"

namespace emotion::ml {
struct Graph;
}

namespace emotion::model {

/// The graph as the bytes of an ONNX model (opset 13, IR version 7, input "crop" (1,C,H,W), output "logits"
/// (1,K)): the same bytes for the same graph, with libonnx 1.12 as with 1.17. Throws std::invalid_argument
/// that names the node and the shapes for a graph that cannot be computed.
std::string onnx_bytes(const ml::Graph& graph);

/// The graph of an ONNX model as onnx_bytes() writes them; `name` stands for its file in errors. Throws Error
/// for what this trainer cannot have written, naming the operator or tensor.
ml::Graph read_graph(const std::string& onnx, const std::string& name);

/// Fills in the card's weights file name, hash and self-check (by scoring the made-up crops), and writes both
/// files beside their targets before either is renamed: `card_path` and, beside it, the .onnx of the same
/// stem.
void save_model(const std::filesystem::path& card_path, ModelCard card, const ml::Graph& graph);

}  // namespace emotion::model
