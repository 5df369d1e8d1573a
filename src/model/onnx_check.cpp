#include "model/onnx_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

#include <onnx/onnx_pb.h>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/one_line.hpp"
#include "ml/core/half.hpp"

namespace emotion::model {
namespace {

/// The element count given by a tensor's shape; for negative or huge dimensions, more than any file can hold.
std::uint64_t elements(const onnx::TensorProto& tensor) {
    constexpr std::int64_t kTooMany = std::int64_t{1} << 40;
    std::int64_t count = 1;
    for (const auto side : tensor.dims()) {
        if (side < 0 || (side > 0 && count > kTooMany / side)) return kTooMany;
        count *= side;
    }
    return static_cast<std::uint64_t>(count);
}

using Shape = std::vector<std::int64_t>;

/// Dimensions of 0 or less are dynamic.
bool fits(const Shape& shape, const Shape& expected) {
    return std::equal(shape.begin(), shape.end(), expected.begin(), expected.end(),
                      [](std::int64_t side, std::int64_t limit) { return side <= 0 || side == limit; });
}

Shape channels_first(const faces::CropSpec& spec) {
    return {1, spec.channels(), spec.height, spec.width};
}

Shape channels_last(const faces::CropSpec& spec) {
    return {1, spec.height, spec.width, spec.channels()};
}

/// Indices of the graph inputs that are not weights.
std::vector<int> inputs_of(const onnx::GraphProto& graph) {
    std::set<std::string> weights;
    for (const auto& tensor : graph.initializer()) weights.insert(tensor.name());
    std::vector<int> inputs;
    for (int i = 0; i < graph.input_size(); ++i)
        if (!weights.count(graph.input(i).name())) inputs.push_back(i);
    return inputs;
}

std::string text(const Shape& shape) {
    std::string result;
    for (const auto side : shape)
        result += (result.empty() ? "" : ", ") + (side > 0 ? std::to_string(side) : std::string("any"));
    return "(" + one_line(result) + ")";
}

template <typename T>
bool all_finite(const std::string& raw) {
    for (std::size_t at = 0; at + sizeof(T) <= raw.size(); at += sizeof(T)) {
        T value;
        std::memcpy(&value, raw.data() + at, sizeof(T));
        if (!std::isfinite(value)) return false;
    }
    return true;
}

bool all_finite_half(const std::string& raw) {
    for (std::size_t i = 1; i < raw.size(); i += 2)
        if ((static_cast<unsigned char>(raw[i]) & 0x7c) == 0x7c)
            return false;  // exponent of all ones: infinity or NaN
    return true;
}

bool counts_from_one(const std::string& attribute) {
    return attribute == "group" || attribute == "kernel_shape" || attribute == "strides" ||
           attribute == "dilations";
}

class Checker {
  public:
    explicit Checker(const std::string& name) : name_(name) {}

    void check(const onnx::GraphProto& graph) const {
        for (const auto& tensor : graph.initializer()) check(tensor);
        for (const auto& node : graph.node())
            for (const auto& attribute : node.attribute()) {
                if (attribute.has_t()) check(attribute.t());
                for (const auto& tensor : attribute.tensors()) check(tensor);
                if (counts_from_one(attribute.name()) &&  // OpenCV 4.6 divides by these
                    ((attribute.has_i() && attribute.i() < 1) ||
                     std::any_of(attribute.ints().begin(), attribute.ints().end(),
                                 [](std::int64_t value) { return value < 1; })))
                    fail("its operator " + one_line(node.op_type()) + " has " + attribute.name() +
                         " below 1; export it again");
                if (attribute.has_g() || attribute.graphs_size() > 0)  // OpenCV 4.6 reads out of bounds
                    fail("its operator " + one_line(node.op_type()) +
                         " contains a subgraph, which OpenCV cannot run; export without a squeeze or branch "
                         "on dynamic dimensions, or with a fixed batch of 1");
            }
    }

    /// OpenCV assumes that all inputs of a node exist.
    void check_links(const onnx::GraphProto& graph) const {
        std::set<std::string> known;
        for (const auto& input : graph.input()) known.insert(input.name());
        for (const auto& tensor : graph.initializer()) known.insert(tensor.name());
        for (const auto& node : graph.node()) {
            for (const auto& input : node.input())
                if (!input.empty() && !known.count(input))  // an empty name omits an optional input
                    fail("its operator " + one_line(node.op_type()) + " reads " + one_line(input) +
                         ", which no earlier node computes");
            known.insert(node.output().begin(), node.output().end());
        }
        for (const auto& output : graph.output())
            if (!known.count(output.name()))
                fail("its output " + one_line(output.name()) + " is never computed");
    }

    InputLayout check_ends(const onnx::GraphProto& graph, const faces::CropSpec& spec) const {
        const auto inputs = inputs_of(graph);
        if (inputs.size() != 1) fail("has " + counted(inputs.size(), "input") + ", expected one, the crop");
        if (graph.output_size() != 1)
            fail("has " + counted(static_cast<std::size_t>(graph.output_size()), "output") +
                 ", expected one with a number for each class; export it with that output alone");
        return check_input(graph.input(inputs[0]), spec);
    }

    [[noreturn]] void fail(const std::string& what) const { throw Error(name_ + ": " + what); }

  private:
    void check(const onnx::TensorProto& tensor) const {
        const auto named = "the tensor " + one_line(tensor.name());
        if (tensor.data_location() == onnx::TensorProto::EXTERNAL || tensor.external_data_size() > 0)
            fail(named + " is kept in another file; save the model with its weights inside");
        const auto count = elements(tensor);
        const auto& raw = tensor.raw_data();
        bool whole = true, finite = true;
        switch (tensor.data_type()) {
            case onnx::TensorProto::FLOAT:
                whole = fills(raw, tensor.float_data_size(), sizeof(float), count);
                finite = all_finite<float>(raw) &&
                         std::all_of(tensor.float_data().begin(), tensor.float_data().end(),
                                     [](float value) { return std::isfinite(value); });
                break;
            case onnx::TensorProto::DOUBLE:
                whole = fills(raw, tensor.double_data_size(), sizeof(double), count);
                finite = all_finite<double>(raw) &&
                         std::all_of(tensor.double_data().begin(), tensor.double_data().end(),
                                     [](double value) { return std::isfinite(value); });
                break;
            case onnx::TensorProto::FLOAT16:
                whole = fills(raw, tensor.int32_data_size(), 2, count);
                finite = all_finite_half(raw);
                break;
            case onnx::TensorProto::INT64:
                whole = fills(raw, tensor.int64_data_size(), 8, count);
                break;
            case onnx::TensorProto::INT32:
                whole = fills(raw, tensor.int32_data_size(), 4, count);
                break;
            case onnx::TensorProto::INT8:
            case onnx::TensorProto::UINT8:
            case onnx::TensorProto::BOOL:
                whole = fills(raw, tensor.int32_data_size(), 1, count);
                break;
            default:
                fail(named + " holds numbers of a type that is not read here");
        }
        if (!whole) fail(named + " does not hold as many numbers as its shape says; the file is damaged");
        // A single infinity can be a bound, as in Clip.
        if (!finite && count > 1) fail(named + " holds a number that is not finite; the training went wrong");
    }

    static bool fills(const std::string& raw, int values, std::size_t bytes_each, std::uint64_t count) {
        return raw.empty() ? static_cast<std::uint64_t>(values) == count : raw.size() == count * bytes_each;
    }

    InputLayout check_input(const onnx::ValueInfoProto& input, const faces::CropSpec& spec) const {
        Shape shape;
        for (const auto& dim : input.type().tensor_type().shape().dim()) shape.push_back(dim.dim_value());
        if (fits(shape, channels_first(spec))) return InputLayout::kChannelsFirst;
        if (fits(shape, channels_last(spec))) return InputLayout::kChannelsLast;
        std::string remedy;
        if (shape.size() == 4)
            remedy = shape[0] > 1 ? "; export it for one picture at a time"
                                  : "; set crop.width, crop.height and crop.color of its card to it";
        fail("its input \"" + one_line(input.name()) + "\" has the shape " + text(shape) +
             ", expected the card's crop " + text(channels_first(spec)) +
             ": one picture, channels, height, width" + remedy);
    }

    const std::string& name_;
};

/// Gives an input with open height or width these dimensions; OpenCV handles a dynamic batch size. Returns
/// whether that changed it.
bool fix_dimensions(onnx::GraphProto& graph, const Shape& dimensions) {
    const auto inputs = inputs_of(graph);
    if (inputs.size() != 1) return false;
    auto& shape = *graph.mutable_input(inputs[0])->mutable_type()->mutable_tensor_type()->mutable_shape();
    bool open = false;
    for (int i = 1; i < shape.dim_size(); ++i) open |= shape.dim(i).dim_value() <= 0;
    if (!open) return false;
    shape.clear_dim();
    for (const auto side : dimensions) shape.add_dim()->set_dim_value(side);
    return true;
}

/// Makes floats of 16-bit floats, including what is cast to them. Returns whether there were any.
bool widen_halves(onnx::GraphProto& graph) {
    bool any = false;
    const auto widen = [&](onnx::TensorProto& tensor) {
        if (tensor.data_type() != onnx::TensorProto::FLOAT16) return;
        any = true;
        const auto& raw = tensor.raw_data();
        for (std::size_t at = 0; at + 1 < raw.size(); at += 2) {
            std::uint16_t bits = 0;
            std::memcpy(&bits, raw.data() + at, sizeof bits);
            tensor.add_float_data(ml::from_half_bits(bits));
        }
        for (const int bits : tensor.int32_data())
            tensor.add_float_data(ml::from_half_bits(static_cast<std::uint16_t>(bits)));
        tensor.clear_raw_data();
        tensor.clear_int32_data();
        tensor.set_data_type(onnx::TensorProto::FLOAT);
    };
    for (auto& tensor : *graph.mutable_initializer()) widen(tensor);
    for (auto& node : *graph.mutable_node())
        for (auto& attribute : *node.mutable_attribute()) {
            if (attribute.has_t()) widen(*attribute.mutable_t());
            if (node.op_type() == "Cast" && attribute.i() == onnx::TensorProto::FLOAT16) {
                attribute.set_i(onnx::TensorProto::FLOAT);
                any = true;
            }
        }
    return any;
}

}  // namespace

InputLayout check_onnx(const std::string& bytes, const std::string& name, const faces::CropSpec& spec) {
    onnx::ModelProto model;
    const Checker checker(name);
    if (!model.ParseFromString(bytes) || model.graph().node_size() == 0)
        checker.fail("is not an ONNX model; the download may have gone wrong");
    checker.check(model.graph());
    checker.check_links(model.graph());
    return checker.check_ends(model.graph(), spec);
}

std::string for_opencv(const std::string& bytes, InputLayout layout, const faces::CropSpec& spec) {
    onnx::ModelProto model;
    if (!model.ParseFromString(bytes)) return bytes;
    auto& graph = *model.mutable_graph();
    const bool fixed = fix_dimensions(
        graph, layout == InputLayout::kChannelsFirst ? channels_first(spec) : channels_last(spec));
    const bool widened = widen_halves(graph);
    return fixed || widened ? model.SerializeAsString() : bytes;
}

}  // namespace emotion::model
