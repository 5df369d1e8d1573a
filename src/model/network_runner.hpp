#pragma once

#include <memory>
#include <span>
#include <string>

#include "faces/preprocess.hpp"
#include "model/onnx_check.hpp"

namespace emotion::model {

/// Computes the outputs of a network for one normalised crop after the other. Not thread-safe.
class NetworkRunner {
  public:
    virtual ~NetworkRunner() = default;
    /// `planes` is a crop as normalise() gives it. The outputs stay until the next call. Throws Error.
    virtual std::span<const float> run(std::span<const float> planes) = 0;
};

/// For the bytes of an ONNX model that has passed check_onnx(): models of this trainer run on its own
/// mathematics, in a third of the time, all others on OpenCV's dnn module. `name` stands for their file in
/// errors. Throws Error, one line, for a network that OpenCV cannot run either.
std::unique_ptr<NetworkRunner> make_runner(const std::string& onnx, const std::string& name,
                                           InputLayout layout, const faces::CropSpec& crop);

/// Null for what this trainer cannot have written and for what needs too much memory.
std::unique_ptr<NetworkRunner> make_own_runner(const std::string& onnx, const std::string& name);

/// Throws Error for an operator that OpenCV cannot run, by name, and for more than 1 GiB of memory.
std::unique_ptr<NetworkRunner> make_dnn_runner(const std::string& onnx, const std::string& name,
                                               InputLayout layout, const faces::CropSpec& crop);

}  // namespace emotion::model
