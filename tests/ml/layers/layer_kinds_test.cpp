#include "ml/layers/layer_kinds.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "ml/network/gradient_check.hpp"
#include "support/catch.hpp"

namespace layer_kinds_test {

using namespace emotion;
using namespace emotion::ml;

namespace {

struct Example {
    LayerKind layer;
    Shape input;
};

// Corner cases: odd sides, channels that do not fill a vector, windows that overlap, overhang or leave gaps.
std::vector<Example> examples() {
    return {{Convolution{.channels = 18, .kernel = 3, .stride = 2}, {5, 7, 6}},
            {Convolution{.channels = 3, .kernel = 2, .padding = 0, .with_bias = true}, {2, 4, 5}},
            {Convolution{.channels = 19, .groups = 19, .with_bias = true}, {19, 5, 4}},
            {Add{}, {5, 3, 4}},
            {BatchNorm{}, {17, 3, 5}},
            {Relu{}, {5, 4, 3}},
            {MaxPool{}, {5, 7, 9}},
            {MaxPool{.size = 3, .stride = 1}, {18, 5, 4}},
            {MaxPool{.size = 1, .stride = 3}, {2, 7, 6}},
            {AveragePool{}, {5, 7, 9}},
            {AveragePool{.size = 4, .stride = 3}, {17, 8, 8}},
            {GlobalAveragePool{}, {18, 3, 5}},
            {Dropout{0.4f}, {5, 4, 3}},
            {Dense{6}, {3, 4, 5}}};
}

bool reads_two(const LayerKind& layer) {
    return std::holds_alternative<Add>(layer);
}

// The layer between two learned layers, so that gradients with respect to inputs and parameters are checked.
Graph around(const Example& example) {
    const Convolution before{
        .channels = example.input.channels, .kernel = 1, .padding = 0, .with_bias = true};
    Graph graph{example.input, {{before}}};
    if (reads_two(example.layer)) graph.nodes.push_back({before, {-1}});
    graph.nodes.push_back({example.layer, reads_two(example.layer) ? std::vector{0, 1} : std::vector<int>{}});
    graph.nodes.push_back({Dense{3}});
    return graph;
}

}  // namespace

TEST_CASE("Every kind of layer has an example") {
    std::set<std::size_t> kinds;
    for (const Example& example : examples()) kinds.insert(example.layer.index());
    CHECK(kinds.size() == std::variant_size_v<LayerKind>);
}

TEST_CASE("The gradient of every kind of layer agrees with central differences") {
    for (const Example& example : examples()) {
        INFO(name_of(example.layer) << " on " << text(example.input));
        check_gradients(perturbed(around(example), 11));
    }
}

TEST_CASE("Every kind of layer survives a round trip through ONNX, or exists in training only") {
    for (const Example& example : examples()) {
        INFO(name_of(example.layer) << " on " << text(example.input));
        const Graph exported = perturbed(around(example), 5).inference_graph();
        const auto kept = [&](const Node& node) { return node.layer.index() == example.layer.index(); };
        if (std::none_of(exported.nodes.begin(), exported.nodes.end(), kept)) {
            CHECK_THROWS_WITH(onnx_node(example.layer, example.input), ContainsSubstring("training alone"));
            continue;
        }
        const Node& node = exported.nodes[exported.nodes.size() - 2];
        REQUIRE(kept(node));
        const OnnxNode written = onnx_node(node.layer, example.input);
        const LayerKind back = read_onnx_node(written);
        CHECK(back.index() == node.layer.index());
        const OnnxNode again = onnx_node(back, example.input);
        CHECK(same_form(again, written));
        for (std::size_t i = 0; i < written.tensors.size(); ++i)
            CHECK(again.tensors[i].values == written.tensors[i].values);
    }
    CHECK_THROWS_WITH(read_onnx_node({.op_type = "LSTM"}), ContainsSubstring("operator LSTM"));
}

TEST_CASE("Nodes have the same form regardless of attribute order, but not with different attributes") {
    const OnnxNode pool = onnx_node(MaxPool{3, 2}, {1, 9, 9});
    OnnxNode other = pool;
    std::swap(other.attributes[0], other.attributes[1]);
    CHECK(same_form(pool, other));
    other.attributes.push_back({"dilations", std::vector{2, 2}});
    CHECK_FALSE(same_form(pool, other));
    CHECK_FALSE(same_form(pool, onnx_node(MaxPool{2, 2}, {1, 9, 9})));
    CHECK_FALSE(same_form(onnx_node(Dense{2}, {3, 1, 1}), onnx_node(Dense{2}, {4, 1, 1})));
}

}  // namespace layer_kinds_test
