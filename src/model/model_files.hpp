#pragma once

#include <filesystem>
#include <string>

#include "model/model_card.hpp"

namespace emotion::ml {
struct Graph;
}

namespace emotion::model {

/// Serializes a graph as an ONNX model (opset 13, IR version 7, input "crop" (1,C,H,W), output "logits"
/// (1,K)), to the same bytes with libonnx 1.12 as with 1.17. Throws std::invalid_argument naming the node and
/// the shapes for an invalid graph.
std::string onnx_bytes(const ml::Graph& graph);

/// Reads a model written by onnx_bytes(); `name` stands for its file in errors. Throws Error naming the
/// operator or tensor for a model that this trainer cannot have written.
ml::Graph read_graph(const std::string& onnx, const std::string& name);

/// Completes the card with the weights' file name, hash and self-check (by scoring the synthetic crops) and
/// writes `card_path` and the .onnx of the same stem next to it. Neither is renamed into place before both
/// are written.
void save_model(const std::filesystem::path& card_path, ModelCard card, const ml::Graph& graph);

}  // namespace emotion::model
