#pragma once

#include <string>

#include "faces/preprocess.hpp"

namespace emotion::model {

/// The memory layout of a network's input.
enum class InputLayout { kChannelsFirst, kChannelsLast };

/// Validates an untrusted ONNX model before OpenCV reads it. Rejects data that is not ONNX, weights that are
/// not finite, stored externally or inconsistent with their shapes, operators with subgraphs (If, Loop,
/// Scan), more than one input or output, and an input that is not the crop of `spec`. Throws a one-line Error
/// that begins with `name`. Returns the layout of the input: (1, C, H, W), or (1, H, W, C) as in Keras.
InputLayout check_onnx(const std::string& bytes, const std::string& name, const faces::CropSpec& spec);

/// The model in a form that OpenCV can run: with dynamic channels, height or width of its input fixed to
/// those of the crop, because OpenCV plans its layers by the dimensions in the file, and without 16-bit
/// floats, which OpenCV 4.6 does not read. `bytes` have passed check_onnx(), which returned `layout`.
std::string for_opencv(const std::string& bytes, InputLayout layout, const faces::CropSpec& spec);

}  // namespace emotion::model
