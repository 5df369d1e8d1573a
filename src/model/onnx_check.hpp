#pragma once

#include <string>

#include "faces/preprocess.hpp"

namespace emotion::model {

/// How a network wants the floats of its crop laid out.
enum class InputLayout { kChannelsFirst, kChannelsLast };

/// Looks for what stands in the way of running the bytes of an ONNX model that others wrote, before they
/// reach OpenCV: not ONNX at all, weights that are not finite, that are kept in another file or do not fill
/// their shape, an operator with a graph of its own (If, Loop, Scan), more than one input or output, an input
/// that is not the crop of `spec`. Throws Error, one line that begins with `name`. Returns the layout of the
/// input: (1, C, H, W), or (1, H, W, C) as Keras has it.
InputLayout check_onnx(const std::string& bytes, const std::string& name, const faces::CropSpec& spec);

/// The same model for pictures of the crop's size alone, where its input leaves channels, height or width
/// open: OpenCV plans its layers by the sides that stand in the file. `bytes` have passed check_onnx(), which
/// gave `layout`.
std::string with_sides_of_crop(const std::string& bytes, InputLayout layout, const faces::CropSpec& spec);

}  // namespace emotion::model
