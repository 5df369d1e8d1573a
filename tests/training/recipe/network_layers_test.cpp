#include "training/recipe/network_layers.hpp"

#include "support/catch.hpp"

namespace network_layers_test {

using namespace emotion;
using namespace emotion::training;

TEST_CASE("Lines of a recipe become layers with the expected shapes") {
    const auto graph = parse_network({"conv 24 5x5 /2", "max_pool", "conv 32", "residual", "depthwise",
                                      "average_pool", "global_average_pool", "dropout 0.25"},
                                     {1, 50, 50}, 7);
    const auto shapes = ml::output_shapes(graph);
    CHECK(shapes.front() == ml::Shape{24, 25, 25});
    CHECK(shapes[3] == ml::Shape{24, 12, 12});
    CHECK(shapes.back() == ml::Shape{7, 1, 1});
    const auto& first = std::get<ml::Convolution>(graph.nodes.front().layer);
    CHECK(first.kernel == 5);
    CHECK(first.padding == 2);
    const auto& dropout = std::get<ml::Dropout>(graph.nodes[graph.nodes.size() - 2].layer);
    CHECK(dropout.rate == 0.25f);
    int additions = 0;
    for (const auto& node : graph.nodes) additions += std::holds_alternative<ml::Add>(node.layer);
    CHECK(additions == 1);
}

TEST_CASE("An invalid line is quoted") {
    const auto parse = [](const std::string& line) { parse_network({line}, {1, 50, 50}, 2); };
    CHECK_THROWS_WITH(parse("convolution 3"), ContainsSubstring("'convolution 3', expected conv"));
    CHECK_THROWS_WITH(parse("conv"), ContainsSubstring("conv takes 1 number"));
    CHECK_THROWS_WITH(parse("conv 8 3x5"), ContainsSubstring("square and odd"));
    CHECK_THROWS_WITH(parse("conv eight"), ContainsSubstring("'eight' is not a number"));
    CHECK_THROWS_WITH(parse("dropout 0.1 0.2"), ContainsSubstring("dropout takes 1 number"));
    CHECK_THROWS_WITH(parse("max_pool 3x3"), ContainsSubstring("max_pool takes no kernel and no stride"));
    CHECK_THROWS_WITH(parse("dropout 0.1 /2"), ContainsSubstring("dropout takes no kernel and no stride"));
    for (const char* line : {"conv -8", "conv 0", "conv 4097", "conv 8 /0", "conv 8 /17", "conv 8 33x33"})
        CHECK_THROWS_WITH(parse(line), ContainsSubstring("'" + std::string(line) + "': ") &&
                                           ContainsSubstring("expected a whole number in [1, "));
    CHECK_NOTHROW(parse_network({"conv 4096 /16", "depthwise 31x31", "global_average_pool"}, {1, 50, 50}, 2));
}

}  // namespace network_layers_test
