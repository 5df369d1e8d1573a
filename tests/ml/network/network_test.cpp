#include "ml/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/random.hpp"
#include "ml/network/gradient_check.hpp"
#include "ml/network/graph_evaluator.hpp"
#include "ml/network/predictor.hpp"
#include "support/catch.hpp"

namespace network_test {

using namespace emotion;
using namespace emotion::ml;

namespace {

// Small networks that together contain every layer in awkward shapes: odd sizes, channels that do not fill a
// vector, strides, windows that overlap or overhang, branches.
Graph plain() {
    return {{2, 7, 9},
            {{Convolution{5}}, {BatchNorm{}}, {Relu{}}, {MaxPool{}}, {GlobalAveragePool{}}, {Dense{3}}}};
}
Graph without_normalization() {
    return {{1, 6, 5},
            {{Convolution{.channels = 18, .kernel = 3, .padding = 1, .with_bias = true}},
             {Relu{}},
             {Convolution{.channels = 4, .kernel = 2, .padding = 0, .with_bias = true}},
             {Relu{}},
             {Dense{6}},
             {Relu{}},
             {Dense{2}}}};
}
Graph strided() {
    return {{1, 11, 12},
            {{Convolution{.channels = 6, .kernel = 5, .stride = 2, .padding = 2}},
             {BatchNorm{}},
             {Relu{}},
             {Convolution{.channels = 20, .kernel = 3, .stride = 3, .padding = 0}},
             {BatchNorm{}},
             {AveragePool{.size = 2, .stride = 1}},
             {Dense{4}}}};
}
Graph depthwise() {
    return {{3, 8, 7},
            {{Convolution{.channels = 17, .kernel = 1, .padding = 0}},
             {BatchNorm{}},
             {Relu{}},
             {Convolution{.channels = 17, .stride = 2, .groups = 17, .with_bias = true}},
             {BatchNorm{}},
             {Relu{}},
             {Convolution{.channels = 17, .groups = 17}},
             {Convolution{.channels = 5, .kernel = 1, .padding = 0, .with_bias = true}},
             {MaxPool{.size = 3, .stride = 1}},
             {Dense{3}}}};
}
Graph residual() {
    return {
        {1, 9, 9},
        {{Convolution{6}},
         {BatchNorm{}},
         {Relu{}},
         {Convolution{6}},  // 3: a block that keeps the shape
         {BatchNorm{}},
         {Relu{}},
         {Convolution{6}},
         {BatchNorm{}},
         {Add{}, {7, 2}},
         {Relu{}},
         {Convolution{.channels = 8, .stride = 2}},  // 10: a block that halves it, with a shortcut of its own
         {BatchNorm{}},
         {Relu{}},
         {Convolution{8}},
         {Convolution{.channels = 8, .kernel = 1, .stride = 2, .padding = 0}, {9}},
         {BatchNorm{}, {13}},
         {BatchNorm{}, {14}},
         {Add{}, {15, 16}},
         {MaxPool{.size = 3, .stride = 2}},
         {Dropout{0.4f}},
         {GlobalAveragePool{}},
         {Dense{3}}}};
}
// Outputs with several readers including normalizations, a sum of an output with itself, and normalizations
// without a convolution before them and of the input.
Graph branching() {
    return {{2, 6, 6},
            {{BatchNorm{}},
             {Convolution{.channels = 3, .with_bias = true}},
             {BatchNorm{}, {1}},
             {BatchNorm{}, {1}},
             {Add{}, {2, 3}},
             {Relu{}, {4}},
             {Add{}, {5, 1}},
             {Add{}, {4, 6}},
             {Add{}, {7, 7}},
             {AveragePool{.size = 4, .stride = 3}},
             {BatchNorm{}},
             {Dropout{0.5f}},
             {Convolution{2}},
             {Add{}, {12, 12}},
             {Relu{}},
             {Relu{}},
             {Dense{2}}}};
}

// A sum whose second input is the pictures, which a convolution also reads.
Graph sum_with_input() {
    return {{3, 5, 6},
            {{Convolution{.channels = 3, .with_bias = true}},
             {Add{}, {0, -1}},
             {GlobalAveragePool{}},
             {Dense{2}}}};
}

// Convolutions of enough channels for Winograd's filtering, in both tile sizes: with a last tile that
// overhangs, with several strips of tiles, with and without a bias, and with an output that two layers read.
Graph filtered() {
    return {{1, 26, 27},
            {{Convolution{.channels = 17, .with_bias = true}},
             {Relu{}},
             {Convolution{.channels = 33, .with_bias = true}},  // tiles of 4x4 outputs
             {BatchNorm{}},
             {Relu{}},
             {MaxPool{.size = 2, .stride = 2}},
             {Convolution{.channels = 60}},
             {Relu{}},
             {Convolution{.channels = 18}},  // reads more channels than its gradient takes at once
             {BatchNorm{}},
             {Relu{}},
             {MaxPool{.size = 2, .stride = 2}},
             {Convolution{.channels = 18}},  // tiles of 2x2, because 4x4 would overhang 6x6 pixels by 2
             {Convolution{.channels = 18, .with_bias = true}, {11}},
             {Add{}, {12, 13}},
             {GlobalAveragePool{}},
             {Dense{3}}}};
}

struct Case {
    const char* name;
    Graph graph;
};
std::vector<Case> cases() {
    return {{"plain", plain()},
            {"without normalisation", without_normalization()},
            {"strided", strided()},
            {"depthwise", depthwise()},
            {"residual", residual()},
            {"branching", branching()},
            {"sum with input", sum_with_input()},
            {"filtered", filtered()}};
}

}  // namespace

TEST_CASE("The gradients of whole networks agree with central differences") {
    for (const auto& [name, graph] : cases()) {
        INFO(name);
        check_gradients(perturbed(graph, 11));
    }
}

TEST_CASE("The exported graph gives the logits of evaluation mode") {
    ThreadPool pool(2);
    for (const auto& [name, graph] : cases()) {
        INFO(name);
        const Network network = perturbed(graph, 5);
        const std::size_t count = 3;
        const std::vector<float> images = normal_numbers(count * network.inputs(), 6);
        std::vector<float> logits(count * network.outputs());
        network.predict(images, logits, pool);
        const Graph exported = network.inference_graph();
        for (std::size_t image = 0; image < count; ++image) {
            const std::vector<double> expected =
                evaluate(exported, std::span(images).subspan(image * network.inputs(), network.inputs()));
            REQUIRE(expected.size() == network.outputs());
            for (std::size_t k = 0; k < expected.size(); ++k)
                CHECK(logits[image * network.outputs() + k] == Approx(expected[k]).margin(1e-4));
        }
    }
}

TEST_CASE("The exported graph holds no normalization that can be folded into a convolution") {
    const Graph graph = Network(residual(), 1).inference_graph();
    const auto convolutions = std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
        return std::holds_alternative<Convolution>(node.layer);
    });
    CHECK(convolutions == 6);
}

TEST_CASE("The number of threads does not change a bit of logits or gradients") {
    for (const auto& [name, graph] : cases()) {
        INFO(name);
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 5}) {
            ThreadPool pool(threads);
            Network network(graph, 8);
            const std::vector<float> images = normal_numbers(37 * network.inputs(), 9);
            std::vector<float> gradient(network.parameters().size());
            const auto logits = network.forward(images, 10, pool);
            std::vector<float> result(logits.begin(), logits.end());
            network.backward(normal_numbers(result.size(), 11), gradient, pool);
            result.insert(result.end(), gradient.begin(), gradient.end());
            result.insert(result.end(), network.statistics().begin(), network.statistics().end());
            results.push_back(result);
        }
        CHECK(results[0] == results[1]);
        CHECK(results[0] == results[2]);
    }
}

TEST_CASE("Training mode normalizes by the batch and moves the running statistics toward it") {
    ThreadPool pool(1);
    Network network(
        {{1, 1, 1},
         {{Convolution{.channels = 1, .kernel = 1, .padding = 0}}, {BatchNorm{.momentum = 0.25f}}}},
        1);
    network.parameters()[0] = 2.0f;
    const std::vector<float> images = {1, 2, 3, 6};  // doubled: mean 6, variance 14, unbiased 56/3
    const auto logits = network.forward(images, 0, pool);
    for (int i = 0; i < 4; ++i)
        CHECK(logits[i] == Approx((2 * images[i] - 6) / std::sqrt(14 + 1e-5)).margin(1e-6));
    CHECK(network.statistics()[0] == Approx(0.25 * 6));
    CHECK(network.statistics()[1] == Approx(0.75 + 0.25 * 56 / 3));
    std::vector<float> predicted(4);
    network.predict(images, predicted, pool);
    CHECK(predicted[3] == Approx((12 - 1.5) / std::sqrt(0.75 + 14.0 / 3 + 1e-5)));
}

TEST_CASE("Dropout keeps the expected fraction and the mean") {
    ThreadPool pool(2);
    Network network(
        {{100, 1, 1},
         {{Convolution{.channels = 100, .kernel = 1, .padding = 0, .groups = 100}}, {Dropout{0.3f}}}},
        1);
    std::fill(network.parameters().begin(), network.parameters().end(), 1.0f);
    const std::vector<float> images(200 * 100, 1.0f);
    const auto logits = network.forward(images, 3, pool);
    const auto dropped = std::count(logits.begin(), logits.end(), 0.0f);
    CHECK(std::abs(static_cast<double>(dropped) / 20000 - 0.3) < 0.015);
    CHECK(*std::max_element(logits.begin(), logits.end()) == Approx(1 / 0.7));
    const std::vector<float> first(logits.begin(), logits.end());
    const auto again = network.forward(images, 3, pool);
    CHECK(std::equal(first.begin(), first.end(), again.begin()));
    const auto other = network.forward(images, 4, pool);
    CHECK_FALSE(std::equal(first.begin(), first.end(), other.begin()));
}

TEST_CASE("Initial weights have the variance that preserves signals") {
    const Network network(
        {{32, 4, 4}, {{Convolution{.channels = 64, .kernel = 3, .padding = 0}}, {GlobalAveragePool{}}}}, 7);
    double squares = 0;
    for (const float weight : network.parameters()) squares += double{weight} * weight;
    CHECK(squares / static_cast<double>(network.parameters().size()) == Approx(2.0 / (9 * 32)).epsilon(0.03));
    const Network same(network.graph(), 7), other(network.graph(), 8);
    CHECK(std::equal(same.parameters().begin(), same.parameters().end(), network.parameters().begin()));
    CHECK_FALSE(
        std::equal(other.parameters().begin(), other.parameters().end(), network.parameters().begin()));
}

TEST_CASE("Weight decay applies to weights and not to biases or normalization") {
    const Network network(without_normalization(), 1);
    std::size_t end = 0, decaying = 0;
    for (const ParameterBlock& block : network.parameter_blocks()) {
        CHECK(block.begin == end);
        end = block.begin + block.count;
        if (block.decays) decaying += block.count;
    }
    CHECK(end == network.parameters().size());
    CHECK(end - decaying == 18 + 4 + 6 + 2);
    const Network normalized(plain(), 1);
    for (const ParameterBlock& block : normalized.parameter_blocks())
        if (block.layer == 1) CHECK_FALSE(block.decays);
}

TEST_CASE("An exported graph imports as a network with the same logits") {
    ThreadPool pool(1);
    for (const auto& [name, graph] : cases()) {
        INFO(name);
        const Network network = perturbed(graph, 3);
        const Network back(network.inference_graph());
        const auto images = normal_numbers(3 * network.inputs(), 5);
        std::vector<float> answers(3 * network.outputs()), same(answers.size());
        network.predict(images, answers, pool);
        back.predict(images, same, pool);
        for (std::size_t i = 0; i < answers.size(); ++i)
            CHECK(same[i] == Approx(answers[i]).epsilon(1e-4).margin(1e-4));
    }
}

TEST_CASE("A graph with the wrong number of weights is rejected") {
    const auto dense = [](std::size_t weights, std::size_t bias) {
        return Graph{{10, 1, 1}, {{Dense{2, std::vector<float>(weights), std::vector<float>(bias)}}}};
    };
    CHECK(Network(dense(20, 2)).parameters().size() == 22);
    for (const std::size_t bias : {0, 1, 11, 22})
        CHECK_THROWS_WITH(Network(dense(22 - bias, bias)), ContainsSubstring("expected 20 and 2 on 10x1x1"));
    CHECK_THROWS_WITH(Network(Graph{{10, 1, 1}, {{Dense{2}}}}), ContainsSubstring("(dense) has no weights"));
    CHECK_THROWS_WITH(Network(Graph{{10, 1, 1}, {{BatchNorm{}}}}), ContainsSubstring("(batch norm) has no"));
    const Convolution convolution{.channels = 4,
                                  .kernel = 1,
                                  .padding = 0,
                                  .with_bias = true,
                                  .weights = std::vector<float>(4 * 3),
                                  .bias = std::vector<float>(4)};
    CHECK_THROWS_WITH(Network(Graph{{2, 5, 5}, {{convolution}, {GlobalAveragePool{}}}}),
                      ContainsSubstring("12 weights and 4 biases, expected 8 and 4 on 2x5x5"));
}

TEST_CASE("A predictor agrees with the network of its graph, image after image") {
    ThreadPool pool(1);
    for (const auto& [name, graph] : cases()) {
        INFO(name);
        const auto exported = perturbed(graph, 3).inference_graph();
        const Network network(exported);
        Predictor predictor(exported);
        for (const std::uint64_t seed : {5, 6, 5}) {
            const auto image = normal_numbers(network.inputs(), seed);
            std::vector<float> expected(network.outputs());
            network.predict(image, expected, pool);
            const auto answer = predictor.predict(image);
            CHECK(std::equal(answer.begin(), answer.end(), expected.begin(), expected.end()));
        }
        CHECK_THROWS_AS(predictor.predict(std::vector<float>(network.inputs() + 1)), std::invalid_argument);
    }
}

TEST_CASE("A predictor rejects a graph that needs more than 1 GiB before allocating it") {
    const int channels = 50000;
    Graph graph;
    graph.nodes.push_back({Convolution{channels, 1, 1, 0}});  // no weights yet
    for (int i = 0; i < 2; ++i) graph.nodes.push_back({Relu{}});
    graph.nodes.push_back({GlobalAveragePool{}});
    CHECK_THROWS_WITH(Predictor(graph), ContainsSubstring("1 GiB"));
}

TEST_CASE("A copy of a network is independent of the original") {
    Network network(plain(), 1);
    Network copy = network;
    copy.parameters()[0] += 1;
    CHECK(copy.parameters()[0] != network.parameters()[0]);
    network = copy;
    CHECK(copy.parameters()[0] == network.parameters()[0]);
}

TEST_CASE("Layers that do not fit are reported with their shapes") {
    const auto message = [](const Graph& graph) -> std::string {
        try {
            Network(graph, 1);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    CHECK_THAT(message({{1, 5, 5}, {{MaxPool{}}, {MaxPool{}}, {MaxPool{}}}}),
               ContainsSubstring("layer 2 (max pool)") && ContainsSubstring("1x1x1"));
    CHECK_THAT(message({{1, 5, 5}, {{Convolution{4}}, {Add{}, {0, -1}}, {Dense{2}}}}),
               ContainsSubstring("layer 1 (add)") && ContainsSubstring("4x5x5 and 1x5x5"));
    CHECK_THAT(message({{3, 5, 5}, {{Convolution{.channels = 4, .groups = 3}}}}),
               ContainsSubstring("3 groups for 4 channels from 3x5x5"));
    CHECK_THAT(message({{1, 5, 5}, {{Relu{}, {0}}}}), ContainsSubstring("can only read earlier layers"));
    CHECK_THAT(message({{1, 5, 5}, {{Relu{}}, {Dense{2}, {-1}}}}),
               ContainsSubstring("no layer reads its output"));
    CHECK_THAT(message({{1, 5, 5}, {{Convolution{4}}}}), ContainsSubstring("4x5x5"));
    CHECK_THAT(message({{1, 5, 5}, {}}), ContainsSubstring("at least one layer"));
    CHECK_THAT(message({{1, 5, 5}, {{Dropout{1.0f}}}}), ContainsSubstring("rate"));
    const int largest = std::numeric_limits<int>::max();
    CHECK_THAT(message({{1, largest, largest}, {{GlobalAveragePool{}}}}), ContainsSubstring("too large"));
    CHECK_THAT(message({{1, 50, 50}, {{Convolution{1717987, 1, 1, 0}}, {GlobalAveragePool{}}}}),
               ContainsSubstring("layer 0 (convolution)") && ContainsSubstring("1717987x50x50"));
    CHECK_THAT(message({{1, 50, 50}, {{Convolution{1, largest, 1, largest / 2}}}}),
               ContainsSubstring("[1, 8192]"));
    CHECK_THAT(message({{1, 50, 50}, {{MaxPool{.size = 1, .stride = largest}}}}),
               ContainsSubstring("[1, 8192]"));
    CHECK_THAT(message({{64, 50, 50}, {{Dense{1000}}}}), ContainsSubstring("too many weights"));
    CHECK_THAT(message({{64, 1, 1}, {{Convolution{9999, 21, 1, 10}}}}),
               ContainsSubstring("too many weights"));
    Network network(plain(), 1);
    ThreadPool pool(1);
    CHECK_THROWS_AS(network.forward(std::vector<float>(125), 0, pool), std::invalid_argument);
    std::vector<float> gradient(network.parameters().size());
    CHECK_THROWS_AS(network.backward(std::vector<float>(3), gradient, pool), std::invalid_argument);
}

}  // namespace network_test
