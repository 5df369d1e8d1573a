#pragma once

#include <memory>
#include <span>
#include <string>

#include "faces/preprocess.hpp"
#include "model/onnx_check.hpp"

namespace emotion::model {

/// Runs a network on one normalized crop at a time. Not thread-safe.
class NetworkRunner {
  public:
    virtual ~NetworkRunner() = default;
    /// `planes` is a crop from normalize(). The outputs are valid until the next call. Throws Error.
    virtual std::span<const float> run(std::span<const float> planes) = 0;
};

/// Makes a runner for an ONNX model that has passed check_onnx(): models of this trainer run on its own
/// kernels, in a third of the time, all others on OpenCV's dnn module. `name` stands for the file in errors.
/// Throws a one-line Error for a network that OpenCV cannot run either.
std::unique_ptr<NetworkRunner> make_runner(const std::string& onnx, const std::string& name,
                                           InputLayout layout, const faces::CropSpec& crop);

/// Null for a model that this trainer cannot have written or that needs too much memory.
std::unique_ptr<NetworkRunner> make_native_runner(const std::string& onnx, const std::string& name);

/// Throws Error naming an operator that OpenCV cannot run, and for more than 1 GiB of memory.
std::unique_ptr<NetworkRunner> make_dnn_runner(const std::string& onnx, const std::string& name,
                                               InputLayout layout, const faces::CropSpec& crop);

}  // namespace emotion::model
