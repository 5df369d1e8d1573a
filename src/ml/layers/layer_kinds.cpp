#include "ml/layers/layer_kinds.hpp"

#include <stdexcept>
#include <utility>

#include "ml/core/half.hpp"

namespace emotion::ml {
namespace {

// Calls body(std::type_identity<Kind>()) for each kind.
template <class Body>
void for_each_kind(const Body& body) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (body(std::type_identity<std::variant_alternative_t<Index, LayerKind>>()), ...);
    }
    (std::make_index_sequence<std::variant_size_v<LayerKind>>());
}

template <class Kind>
std::size_t inputs_of_kind() {
    if constexpr (requires { Kind::kInputs; })
        return Kind::kInputs;
    else
        return 1;
}

std::vector<RecipeWord> recipe_words() {
    std::vector<RecipeWord> words;
    for_each_kind([&]<class Kind>(std::type_identity<Kind>) {
        if constexpr (requires { Kind::recipe_words(); })
            for (const RecipeWord& word : Kind::recipe_words()) words.push_back(word);
        if constexpr (requires { Kind::kRecipeWord; })
            words.push_back(
                {.word = Kind::kRecipeWord,
                 .build = [](const RecipeLine&, NetworkBuilder& builder) { builder.add(Kind{}); }});
    });
    return words;
}

RecipeWord find_word(const RecipeLine& line) {
    const std::vector<RecipeWord> words = recipe_words();
    std::string expected;
    for (const RecipeWord& known : words) {
        if (known.word == line.word) return known;
        expected += &known == &words.front() ? "" : &known == &words.back() ? " or " : ", ";
        expected += known.word;
    }
    throw std::invalid_argument("'" + line.text + "', expected " + expected);
}

}  // namespace

std::string name_of(const LayerKind& kind) {
    return std::visit([](const auto& layer) { return std::string(layer.kName); }, kind);
}

OnnxForm onnx_form(const LayerKind& kind) {
    return std::visit(
        [&]<class Kind>(const Kind&) -> OnnxForm {
            if constexpr (requires { Kind::kOnnx; })
                return Kind::kOnnx;
            else
                throw std::invalid_argument("a " + name_of(kind) + " layer is for training alone");
        },
        kind);
}

OnnxNode onnx_node(const LayerKind& kind, const Shape& input) {
    OnnxNode node{onnx_form(kind).op_type};
    std::visit(
        [&](const auto& layer) {
            if constexpr (requires { layer.write_onnx(input, node); }) layer.write_onnx(input, node);
        },
        kind);
    return node;
}

LayerKind read_onnx_node(const OnnxNode& node) {
    std::optional<LayerKind> found;
    for_each_kind([&]<class Kind>(std::type_identity<Kind>) {
        if constexpr (requires { Kind::kOnnx; }) {
            if (node.op_type != Kind::kOnnx.op_type) return;
            Kind layer;
            if constexpr (requires { layer.read_onnx(node); }) layer.read_onnx(node);
            found = std::move(layer);
        }
    });
    if (!found) throw std::invalid_argument("it has an operator " + node.op_type);
    return std::move(*found);
}

void add_recipe_line(const std::string& text, NetworkBuilder& builder) {
    const RecipeLine line(text);
    const RecipeWord word = find_word(line);
    if (line.numbers.size() != word.numbers)
        throw std::invalid_argument("'" + text + "': " + line.word + " takes " +
                                    std::to_string(word.numbers) +
                                    (word.numbers == 1 ? " number" : " numbers"));
    if (line.has_window && !word.window)
        throw std::invalid_argument("'" + text + "': " + line.word + " takes no kernel and no stride");
    word.build(line, builder);
}

std::unique_ptr<Layer> bind(const LayerKind& kind, std::span<const Shape> inputs) {
    return std::visit(
        [&]<class Kind>(const Kind& layer) {
            if (inputs.size() != inputs_of_kind<Kind>())
                throw std::invalid_argument("reads " + std::to_string(inputs.size()) + " inputs");
            std::unique_ptr<Layer> bound = layer.bind(inputs);
            if (element_count(bound->output()) > kMaxNumbers)
                throw std::invalid_argument("its output " + text(bound->output()) +
                                            " is too large, expected at most " + std::to_string(kMaxNumbers) +
                                            " numbers");
            return bound;
        },
        kind);
}

bool has_weights(const LayerKind& kind) {
    return std::visit(
        [](const auto& layer) {
            if constexpr (requires { layer.weights; })
                return !layer.weights.empty();
            else
                return false;
        },
        kind);
}

void initialize(const LayerKind& kind, const Shape& input, Random random, std::span<float> parameters,
                std::span<float> statistics) {
    std::visit(
        [&](const auto& layer) {
            if constexpr (requires { layer.initialize(input, random, parameters, statistics); })
                layer.initialize(input, random, parameters, statistics);
        },
        kind);
}

std::optional<LayerKind> for_inference(const LayerKind& kind, const Shape& input,
                                       std::span<const float> parameters, std::span<const float> statistics) {
    return std::visit(
        [&](const auto& layer) -> std::optional<LayerKind> {
            if constexpr (requires { layer.for_inference(input, parameters, statistics); })
                return layer.for_inference(input, parameters, statistics);
            else
                return layer;
        },
        kind);
}

void round_weights_to_halves(LayerKind& kind) {
    std::visit(
        [](auto& layer) {
            if constexpr (requires { layer.weights; })
                for (float& weight : layer.weights) weight = from_half_bits(half_bits(weight));
        },
        kind);
}

void scale_outputs(LayerKind& kind, std::span<const float> scale, std::span<const float> shift) {
    std::visit(
        [&](auto& layer) {
            if constexpr (requires { layer.weights, layer.bias; }) {
                const std::size_t per_output = layer.weights.size() / layer.bias.size();
                for (std::size_t o = 0; o < layer.bias.size(); ++o) {
                    for (std::size_t i = 0; i < per_output; ++i)
                        layer.weights[o * per_output + i] *= scale[o];
                    layer.bias[o] = scale[o] * layer.bias[o] + shift[o];
                }
            }
        },
        kind);
}

}  // namespace emotion::ml
