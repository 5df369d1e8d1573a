#include "ml/network/network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "ml/network/graph_evaluator.hpp"

#include "base/random.hpp"
#include "ml/network/network_import.hpp"
#include "ml/network/predictor.hpp"
#include "support/catch.hpp"

using namespace emotion;
using namespace emotion::ml;

namespace {

std::vector<float> normal_numbers(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> numbers(count);
    for (float& number : numbers) number = static_cast<float>(random.normal());
    return numbers;
}

// Small networks that together hold every layer, in the shapes that are awkward: odd sizes, channels that
// fill no vector, strides, windows that overlap or overhang, branches.
NetworkSpec plain() {
    return {{2, 7, 9},
            {{layer::Convolution{5}},
             {layer::BatchNorm{}},
             {Relu{}},
             {MaxPool{}},
             {GlobalAveragePool{}},
             {layer::Dense{3}}}};
}
NetworkSpec without_normalization() {
    return {{1, 6, 5},
            {{layer::Convolution{.channels = 18, .kernel = 3, .padding = 1, .bias = true}},
             {Relu{}},
             {layer::Convolution{.channels = 4, .kernel = 2, .padding = 0, .bias = true}},
             {Relu{}},
             {layer::Dense{6}},
             {Relu{}},
             {layer::Dense{2}}}};
}
NetworkSpec strided() {
    return {{1, 11, 12},
            {{layer::Convolution{.channels = 6, .kernel = 5, .stride = 2, .padding = 2}},
             {layer::BatchNorm{}},
             {Relu{}},
             {layer::Convolution{.channels = 20, .kernel = 3, .stride = 3, .padding = 0}},
             {layer::BatchNorm{}},
             {AveragePool{.size = 2, .stride = 1}},
             {layer::Dense{4}}}};
}
NetworkSpec depthwise() {
    return {{3, 8, 7},
            {{layer::Convolution{.channels = 17, .kernel = 1, .padding = 0}},
             {layer::BatchNorm{}},
             {Relu{}},
             {layer::Convolution{.channels = 17, .stride = 2, .depthwise = true, .bias = true}},
             {layer::BatchNorm{}},
             {Relu{}},
             {layer::Convolution{.channels = 17, .depthwise = true}},
             {layer::Convolution{.channels = 5, .kernel = 1, .padding = 0, .bias = true}},
             {MaxPool{.size = 3, .stride = 1}},
             {layer::Dense{3}}}};
}
NetworkSpec residual() {
    return {{1, 9, 9},
            {{layer::Convolution{6}},
             {layer::BatchNorm{}},
             {Relu{}},
             {layer::Convolution{6}},  // 3: a block that keeps the shape
             {layer::BatchNorm{}},
             {Relu{}},
             {layer::Convolution{6}},
             {layer::BatchNorm{}},
             {Add{}, {7, 2}},
             {Relu{}},
             {layer::Convolution{.channels = 8,
                                 .stride = 2}},  // 10: a block that halves it, with a shortcut of its own
             {layer::BatchNorm{}},
             {Relu{}},
             {layer::Convolution{8}},
             {layer::Convolution{.channels = 8, .kernel = 1, .stride = 2, .padding = 0}, {9}},
             {layer::BatchNorm{}, {13}},
             {layer::BatchNorm{}, {14}},
             {Add{}, {15, 16}},
             {MaxPool{.size = 3, .stride = 2}},
             {layer::Dropout{0.4f}},
             {GlobalAveragePool{}},
             {layer::Dense{3}}}};
}
// Values with several readers among them normalisations, sums of a value with itself, normalisation without a
// convolution before it, and of the input.
NetworkSpec branching() {
    return {{2, 6, 6},
            {{layer::BatchNorm{}},
             {layer::Convolution{.channels = 3, .bias = true}},
             {layer::BatchNorm{}, {1}},
             {layer::BatchNorm{}, {1}},
             {Add{}, {2, 3}},
             {Relu{}, {4}},
             {Add{}, {5, 1}},
             {Add{}, {4, 6}},
             {Add{}, {7, 7}},
             {AveragePool{.size = 4, .stride = 3}},
             {layer::BatchNorm{}},
             {layer::Dropout{0.5f}},
             {layer::Convolution{2}},
             {Add{}, {12, 12}},
             {Relu{}},
             {Relu{}},
             {layer::Dense{2}}}};
}

// A sum whose second input is the pictures, which a convolution reads too.
NetworkSpec sum_with_input() {
    return {{3, 5, 6},
            {{layer::Convolution{.channels = 3, .bias = true}},
             {Add{}, {0, -1}},
             {GlobalAveragePool{}},
             {layer::Dense{2}}}};
}

struct Case {
    const char* name;
    NetworkSpec spec;
};
std::vector<Case> cases() {
    return {{"plain", plain()},
            {"without normalisation", without_normalization()},
            {"strided", strided()},
            {"depthwise", depthwise()},
            {"residual", residual()},
            {"branching", branching()},
            {"sum with input", sum_with_input()}};
}

// Away from where weights start, so that no scale is one and no shift is zero.
Network disturbed(const NetworkSpec& spec, std::uint64_t seed) {
    Network network(spec, seed);
    Random random(seed, 1);
    for (float& parameter : network.parameters()) parameter += static_cast<float>(0.1 * random.normal());
    for (float& statistic : network.statistics()) statistic += static_cast<float>(random.uniform(0, 0.5));
    return network;
}

double weighted_sum(std::span<const float> logits, std::span<const float> weights) {
    double sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) sum += double{logits[i]} * weights[i];
    return sum;
}

}  // namespace

TEST_CASE("The gradient of every layer agrees with central differences") {
    ThreadPool pool(2);
    const int batch = 5;
    for (const auto& [name, spec] : cases()) {
        Network network = disturbed(spec, 11);
        const std::vector<float> images = normal_numbers(batch * network.inputs(), 3);
        const std::vector<float> loss_weights = normal_numbers(batch * network.outputs(), 4);
        const auto loss = [&] { return weighted_sum(network.forward(images, 77, pool), loss_weights); };
        loss();
        std::vector<float> gradient(network.parameters().size());
        network.backward(loss_weights, gradient, pool);
        const auto difference = [&](std::size_t i, float step) {
            float& parameter = network.parameters()[i];
            const float before = parameter;
            parameter = before + step;
            const double above = loss(), high = parameter;
            parameter = before - step;
            const double below = loss(), low = parameter;
            parameter = before;
            return (above - below) / (high - low);
        };
        double scale = 0;
        for (const float value : gradient) scale = std::max(scale, std::abs(double{value}));
        const double tolerance = 4e-3 * scale;
        for (const ParameterBlock& block : network.parameter_blocks())
            for (std::size_t i = 0; i < block.count; i += 1 + block.count / 40) {
                INFO(name << ", layer " << block.layer << ", parameter " << i << ": "
                          << gradient[block.begin + i]);
                // ReLU and max pooling have kinks, and a difference across one is wrong: a smaller step must
                // agree.
                CHECK(std::ranges::any_of(std::array{1e-2f, 2e-3f, 4e-4f, 8e-5f}, [&](float step) {
                    return std::abs(difference(block.begin + i, step) - gradient[block.begin + i]) <
                           tolerance;
                }));
            }
    }
}

TEST_CASE("The exported graph gives the logits of evaluation mode") {
    ThreadPool pool(2);
    for (const auto& [name, spec] : cases()) {
        INFO(name);
        const Network network = disturbed(spec, 5);
        const std::size_t count = 3;
        const std::vector<float> images = normal_numbers(count * network.inputs(), 6);
        std::vector<float> logits(count * network.outputs());
        network.predict(images, logits, pool);
        const InferenceGraph graph = network.inference_graph();
        for (std::size_t image = 0; image < count; ++image) {
            const std::vector<double> expected =
                evaluate(graph, std::span(images).subspan(image * network.inputs(), network.inputs()));
            REQUIRE(expected.size() == network.outputs());
            for (std::size_t k = 0; k < expected.size(); ++k)
                CHECK(logits[image * network.outputs() + k] == Approx(expected[k]).margin(1e-4));
        }
    }
}

TEST_CASE("The exported graph holds no normalisation that a convolution can take in") {
    const InferenceGraph graph = Network(residual(), 1).inference_graph();
    const auto convolutions = std::count_if(graph.nodes.begin(), graph.nodes.end(), [](const Node& node) {
        return std::holds_alternative<Convolution>(node.operation);
    });
    CHECK(convolutions == 6);
}

TEST_CASE("The number of threads changes no bit of logits or gradients") {
    for (const auto& [name, spec] : cases()) {
        INFO(name);
        std::vector<std::vector<float>> results;
        for (const int threads : {1, 2, 5}) {
            ThreadPool pool(threads);
            Network network(spec, 8);
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

TEST_CASE("Training mode normalises by the batch and moves the running statistics towards it") {
    ThreadPool pool(1);
    Network network({{1, 1, 1},
                     {{layer::Convolution{.channels = 1, .kernel = 1, .padding = 0}},
                      {layer::BatchNorm{.momentum = 0.25f}}}},
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

TEST_CASE("Dropout spares the share that it should and keeps the mean") {
    ThreadPool pool(2);
    Network network({{100, 1, 1},
                     {{layer::Convolution{.channels = 100, .kernel = 1, .padding = 0, .depthwise = true}},
                      {layer::Dropout{0.3f}}}},
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

TEST_CASE("Weights start with the variance that keeps signals alive") {
    const Network network(
        {{32, 4, 4},
         {{layer::Convolution{.channels = 64, .kernel = 3, .padding = 0}}, {GlobalAveragePool{}}}},
        7);
    double squares = 0;
    for (const float weight : network.parameters()) squares += double{weight} * weight;
    CHECK(squares / static_cast<double>(network.parameters().size()) == Approx(2.0 / (9 * 32)).epsilon(0.03));
    const Network same(network.spec(), 7), other(network.spec(), 8);
    CHECK(std::equal(same.parameters().begin(), same.parameters().end(), network.parameters().begin()));
    CHECK_FALSE(
        std::equal(other.parameters().begin(), other.parameters().end(), network.parameters().begin()));
}

TEST_CASE("Weight decay is for weights and not for biases or normalisation") {
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

TEST_CASE("An exported graph comes back as a network that answers the same") {
    ThreadPool pool(1);
    for (const auto& [name, spec] : cases()) {
        INFO(name);
        const Network network = disturbed(spec, 3);
        const Network back = network_of(network.inference_graph());
        const auto images = normal_numbers(3 * network.inputs(), 5);
        std::vector<float> answers(3 * network.outputs()), same(answers.size());
        network.predict(images, answers, pool);
        back.predict(images, same, pool);
        for (std::size_t i = 0; i < answers.size(); ++i)
            CHECK(same[i] == Approx(answers[i]).epsilon(1e-4).margin(1e-4));
    }
    CHECK_THROWS_AS(
        network_of({4,
                    3,
                    3,
                    {{Convolution{4, 4, 1, 1, 0, 2, std::vector<float>(8), std::vector<float>(4)}, {-1}},
                     {GlobalAveragePool{}, {0}}}}),
        std::invalid_argument);
}

TEST_CASE("A graph with other weights than its shapes ask for is no network") {
    const auto dense = [](std::size_t weights, std::size_t bias) {
        return InferenceGraph{
            10, 1, 1, {{Dense{10, 2, std::vector<float>(weights), std::vector<float>(bias)}, {}}}};
    };
    CHECK(network_of(dense(20, 2)).parameters().size() == 22);
    for (const std::size_t bias : {0, 1, 11, 22})
        CHECK_THROWS_WITH(network_of(dense(22 - bias, bias)),
                          ContainsSubstring("expected 20 and 2 on 10x1x1"));
    const Convolution convolution{3, 4, 1, 1, 0, 1, std::vector<float>(4 * 3), std::vector<float>(4)};
    CHECK_THROWS_WITH(network_of({2, 5, 5, {{convolution, {-1}}, {GlobalAveragePool{}, {0}}}}),
                      ContainsSubstring("12 weights and 4 biases, expected 8 and 4 on 2x5x5"));
}

TEST_CASE("A predictor answers as the network of its graph, image after image") {
    ThreadPool pool(1);
    for (const auto& [name, spec] : cases()) {
        INFO(name);
        const auto graph = disturbed(spec, 3).inference_graph();
        const Network network = network_of(graph);
        Predictor predictor(graph);
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

TEST_CASE("A predictor refuses what needs more than 1 GiB before it takes it") {
    const int channels = 50000;
    InferenceGraph graph{1, 50, 50, {}};
    graph.nodes.push_back({Convolution{1, channels, 1, 1, 0, 1, {}, {}}, {-1}});  // no weights yet
    for (int i = 0; i < 2; ++i) graph.nodes.push_back({Relu{}, {i}});
    graph.nodes.push_back({GlobalAveragePool{}, {2}});
    CHECK_THROWS_WITH(Predictor(graph), ContainsSubstring("1 GiB"));
}

TEST_CASE("A copy of a network goes its own way") {
    Network network(plain(), 1);
    Network copy = network;
    copy.parameters()[0] += 1;
    CHECK(copy.parameters()[0] != network.parameters()[0]);
    network = copy;
    CHECK(copy.parameters()[0] == network.parameters()[0]);
}

TEST_CASE("Layers that do not fit are named with their shapes") {
    const auto message = [](const NetworkSpec& spec) -> std::string {
        try {
            Network(spec, 1);
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    CHECK_THAT(message({{1, 5, 5}, {{MaxPool{}}, {MaxPool{}}, {MaxPool{}}}}),
               ContainsSubstring("layer 2 (max pool)") && ContainsSubstring("1x1x1"));
    CHECK_THAT(message({{1, 5, 5}, {{layer::Convolution{4}}, {Add{}, {0, -1}}, {layer::Dense{2}}}}),
               ContainsSubstring("layer 1 (add)") && ContainsSubstring("4x5x5 and 1x5x5"));
    CHECK_THAT(message({{3, 5, 5}, {{layer::Convolution{.channels = 4, .depthwise = true}}}}),
               ContainsSubstring("depthwise"));
    CHECK_THAT(message({{1, 5, 5}, {{Relu{}, {0}}}}), ContainsSubstring("can only read earlier layers"));
    CHECK_THAT(message({{1, 5, 5}, {{Relu{}}, {layer::Dense{2}, {-1}}}}),
               ContainsSubstring("no layer reads its output"));
    CHECK_THAT(message({{1, 5, 5}, {{layer::Convolution{4}}}}), ContainsSubstring("4x5x5"));
    CHECK_THAT(message({{1, 5, 5}, {}}), ContainsSubstring("at least one layer"));
    CHECK_THAT(message({{1, 5, 5}, {{layer::Dropout{1.0f}}}}), ContainsSubstring("rate"));
    const int largest = std::numeric_limits<int>::max();
    CHECK_THAT(message({{1, largest, largest}, {{GlobalAveragePool{}}}}), ContainsSubstring("too large"));
    CHECK_THAT(message({{1, 50, 50}, {{layer::Convolution{1717987, 1, 1, 0}}, {GlobalAveragePool{}}}}),
               ContainsSubstring("layer 0 (convolution)") && ContainsSubstring("1717987x50x50"));
    CHECK_THAT(message({{1, 50, 50}, {{layer::Convolution{1, largest, 1, largest / 2}}}}),
               ContainsSubstring("[1, 8192]"));
    CHECK_THAT(message({{1, 50, 50}, {{MaxPool{.size = 1, .stride = largest}}}}),
               ContainsSubstring("[1, 8192]"));
    CHECK_THAT(message({{64, 50, 50}, {{layer::Dense{1000}}}}), ContainsSubstring("too many weights"));
    CHECK_THAT(message({{64, 1, 1}, {{layer::Convolution{9999, 21, 1, 10}}}}),
               ContainsSubstring("too many weights"));
    Network network(plain(), 1);
    ThreadPool pool(1);
    CHECK_THROWS_AS(network.forward(std::vector<float>(125), 0, pool), std::invalid_argument);
    std::vector<float> gradient(network.parameters().size());
    CHECK_THROWS_AS(network.backward(std::vector<float>(3), gradient, pool), std::invalid_argument);
}
