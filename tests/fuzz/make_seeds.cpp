/// Writes seeds that are complete files of the project's own formats, as written by this build: make-seeds
/// KIND FOLDER
#include <filesystem>
#include <iostream>
#include <string>

#include "base/files.hpp"
#include "model/model_files.hpp"
#include "model/sample_graphs.hpp"
#include "training/fit/checkpoint.hpp"

using namespace emotion;
using namespace emotion::model;
using namespace emotion::training;

namespace {

/// For a network with three weights and one running statistic.
std::string small_checkpoint() {
    Checkpoint checkpoint;
    checkpoint.fingerprint = "recipe and data";
    checkpoint.epochs = {{1, 0.1, 2.0, 0.3, 1.9, 0.35}, {2, 0.2, 1.5, 0.5, 1.4, 0.55}};
    checkpoint.state = {74, {1.0f, -2.0f, 0.5f, 0.25f}};
    checkpoint.best_epoch = 2;
    checkpoint.best_weights = {1.5f, -2.0f, 0.5f, 0.25f};
    return checkpoint_bytes(checkpoint);
}

}  // namespace

int main(int argc, char** argv) {
    const std::string kind = argc == 3 ? argv[1] : "";
    const std::filesystem::path folder = argc == 3 ? argv[2] : "";
    if (kind == "checkpoint") {
        std::filesystem::create_directories(folder);
        const auto whole = small_checkpoint();
        write_file(folder / "whole", whole);
        write_file(folder / "without-hash", whole.substr(0, whole.size() - 64));  // added by the fuzz target
    } else if (kind == "onnx") {
        std::filesystem::create_directories(folder);
        write_file(folder / "convolutions", onnx_bytes(test::residual_graph(1, 50, 50, 2)));
    } else {
        std::cerr << "usage: make-seeds checkpoint|onnx FOLDER\n";
        return 2;
    }
    return 0;
}
