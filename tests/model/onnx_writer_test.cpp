#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <stdexcept>

#include <onnx/onnx_pb.h>

#include "base/sha256.hpp"
#include "model/model_files.hpp"
#include "model/sample_graphs.hpp"
#include "support/catch.hpp"

namespace onnx_writer_test {

using namespace emotion;
using namespace emotion::model;

namespace {

/// The error for an invalid graph.
std::string error_of(const ml::Graph& graph) {
    try {
        onnx_bytes(graph);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("A graph becomes an ONNX model of the pinned versions") {
    onnx::ModelProto model;
    REQUIRE(model.ParseFromString(onnx_bytes(test::residual_graph(3, 32, 24, 7))));
    CHECK(model.ir_version() == 7);
    REQUIRE(model.opset_import_size() == 1);
    CHECK(model.opset_import(0).domain().empty());
    CHECK(model.opset_import(0).version() == 13);
    const auto& graph = model.graph();
    REQUIRE(graph.input_size() == 1);
    CHECK(graph.input(0).name() == "crop");
    const auto& shape = graph.input(0).type().tensor_type().shape();
    REQUIRE(shape.dim_size() == 4);
    CHECK(shape.dim(1).dim_value() == 3);
    CHECK(shape.dim(2).dim_value() == 32);
    CHECK(shape.dim(3).dim_value() == 24);
    REQUIRE(graph.output_size() == 1);
    CHECK(graph.output(0).name() == "logits");
    CHECK(graph.output(0).type().tensor_type().shape().dim(1).dim_value() == 7);
    CHECK(graph.node(graph.node_size() - 1).output(0) == "logits");
}

TEST_CASE("The same graph has the same bytes with every version of the ONNX library") {
    CHECK(sha256(onnx_bytes(test::linear_graph(50, 50))).substr(0, 16) == "30191ddb0547aeeb");
    CHECK(sha256(onnx_bytes(test::residual_graph(1, 48, 48, 2))).substr(0, 16) == "1df3626928bae9e3");
}

TEST_CASE("A written graph reads back to the same bytes") {
    for (const auto& graph : {test::linear_graph(50, 50), test::residual_graph(3, 32, 24, 7)}) {
        const auto bytes = onnx_bytes(graph);
        CHECK(sha256(onnx_bytes(read_graph(bytes, "model.onnx"))) == sha256(bytes));
    }
}

TEST_CASE("Weights rounded to 16-bit floats take half the file and read back to the same bytes") {
    auto graph = test::residual_graph(3, 32, 24, 7);
    const auto whole = onnx_bytes(graph);
    ml::round_weights_to_halves(graph);
    const auto bytes = onnx_bytes(graph);
    const auto back = read_graph(bytes, "model.onnx");
    CHECK(bytes.size() < whole.size() * 3 / 4);  // biases, small tensors and names stay
    CHECK(sha256(onnx_bytes(back)) == sha256(bytes));
    const auto& written = std::get<ml::Convolution>(graph.nodes[0].layer);
    const auto& read = std::get<ml::Convolution>(back.nodes[0].layer);
    CHECK(read.weights == written.weights);

    onnx::ModelProto model;
    REQUIRE(model.ParseFromString(bytes));
    auto& nodes = *model.mutable_graph()->mutable_node();
    const auto cast =
        std::find_if(nodes.begin(), nodes.end(), [](const auto& node) { return node.op_type() == "Cast"; });
    REQUIRE(cast != nodes.end());
    cast->mutable_attribute(0)->set_i(onnx::TensorProto::DOUBLE);
    CHECK_THROWS_WITH(read_graph(model.SerializeAsString(), "other.onnx"), ContainsSubstring("a Cast of"));
    cast->set_input(0, "crop");
    CHECK_THROWS_WITH(read_graph(model.SerializeAsString(), "other.onnx"), ContainsSubstring("a Cast of"));
}

TEST_CASE("A foreign model is rejected naming the operator") {
    onnx::ModelProto model;
    REQUIRE(model.ParseFromString(onnx_bytes(test::residual_graph(1, 32, 24, 2))));
    model.mutable_graph()->mutable_node(0)->set_op_type("LSTM");
    CHECK_THROWS_WITH(read_graph(model.SerializeAsString(), "other.onnx"),
                      ContainsSubstring("other.onnx") && ContainsSubstring("LSTM"));
    CHECK_THROWS_WITH(read_graph("junk", "junk.onnx"), ContainsSubstring("is not an ONNX model"));
}

TEST_CASE("A model is not read back as a different network") {
    const auto refused = [](const auto& change, const std::string& expected) {
        onnx::ModelProto model;
        REQUIRE(model.ParseFromString(onnx_bytes(test::residual_graph(1, 32, 24, 2))));
        auto& graph = *model.mutable_graph();
        REQUIRE(graph.node(0).op_type() == "Conv");
        change(graph);
        CHECK_THROWS_WITH(read_graph(model.SerializeAsString(), "other.onnx"),
                          ContainsSubstring("other.onnx") && ContainsSubstring(expected));
    };
    refused(
        [](onnx::GraphProto& graph) {
            auto& dilations = *graph.mutable_node(0)->add_attribute();
            dilations.set_name("dilations");
            for (int i = 0; i < 2; ++i) dilations.add_ints(2);
        },
        "Conv has other attributes");
    refused([](onnx::GraphProto& graph) { graph.mutable_output(0)->set_name(graph.node(0).output(0)); },
            "its output is not its last node's");
    refused([](onnx::GraphProto& graph) { graph.mutable_initializer(0)->set_dims(0, std::int64_t{1} << 62); },
            "holds no raw floats");
    refused(
        [](onnx::GraphProto& graph) {
            for (auto& attribute : *graph.mutable_node(0)->mutable_attribute())
                if (attribute.name() == "group") attribute.set_i(1 << 30);
        },
        "1073741824 groups for 8 channels");
    const auto with_ints = [](const std::string& name, std::int64_t value) {
        return [=](onnx::GraphProto& graph) {
            for (auto& attribute : *graph.mutable_node(0)->mutable_attribute())
                if (attribute.name() == name)
                    for (auto& side : *attribute.mutable_ints()) side = value;
        };
    };
    refused(with_ints("kernel_shape", 100), "a window of 100 does not fit");
    refused(with_ints("pads", std::numeric_limits<int>::max()), "padding must be at least 0 and smaller");
    refused(with_ints("strides", (std::int64_t{1} << 32) + 1), "a size of 4294967297");
    refused([](onnx::GraphProto& graph) { graph.mutable_initializer(0)->mutable_raw_data()->pop_back(); },
            "holds no raw floats");
}

TEST_CASE("An invalid graph is rejected with its node and shapes") {
    using namespace ml;
    const auto with = [](LayerKind layer, std::vector<int> inputs) {
        return Graph{{1, 8, 8}, {{GlobalAveragePool{}, {-1}}, {std::move(layer), std::move(inputs)}}};
    };
    CHECK_THAT(error_of({{1, 8, 8}, {}}), ContainsSubstring("at least one layer"));
    CHECK_THAT(error_of({{1, 0, 8}, {{Relu{}}}}), ContainsSubstring("1x0x8"));
    CHECK_THAT(error_of(with(Relu{}, {1})),
               ContainsSubstring("layer 1 (relu): can only read earlier layers"));
    CHECK_THAT(error_of(with(Relu{}, {-1, 0})), ContainsSubstring("2 inputs"));
    CHECK_THAT(error_of(with(Add{}, {0})), ContainsSubstring("1 inputs"));
    CHECK_THAT(error_of(with(Add{}, {-1, 0})), ContainsSubstring("1x8x8 and 1x1x1"));
    CHECK_THAT(error_of(with(Dense{1, std::vector<float>(64), {1}}, {0})),
               ContainsSubstring("64 weights and 1 biases, expected 1 and 1 on 1x1x1"));
    CHECK_THAT(error_of(with(Dense{2, {1}, {1, 1}}, {0})), ContainsSubstring("1 weights and 2 biases"));
    CHECK_THAT(error_of(with(Dense{2, {1, 1}, {1}}, {0})), ContainsSubstring("2 weights and 1 biases"));
    CHECK_THAT(error_of(with(Dense{2}, {0})), ContainsSubstring("layer 1 (dense): it has no weights"));
    CHECK_THAT(error_of(with(Dropout{0.5f}, {0})), ContainsSubstring("for training alone"));
    CHECK_THAT(error_of({{1, 8, 8}, {{MaxPool{9, 1}}}}), ContainsSubstring("window of 9"));
    CHECK_THAT(error_of({{1, 8, 8}, {{Convolution{.channels = 3, .kernel = 1, .padding = 0, .groups = 3}}}}),
               ContainsSubstring("3 groups for 3 channels from 1x8x8"));
    const int many = 1717987;  // so that channels of 50x50 overflow an int to 204
    CHECK_THAT(error_of({{1, 50, 50}, {{Convolution{many, 1, 1, 0}}, {Dense{204}}}}),
               ContainsSubstring("layer 0") && ContainsSubstring("1717987x50x50 is too large"));
    CHECK_THAT(error_of({{1, 8, 8},
                         {{Dense{64, std::vector<float>(4096), std::vector<float>(64)}}, {MaxPool{1, 1}}}}),
               ContainsSubstring("layer 1 (max pool): a flat input"));
    CHECK_THAT(error_of({{64, 1, 1},
                         {{Dense{64, std::vector<float>(4096), std::vector<float>(64)}}, {Add{}, {0, -1}}}}),
               ContainsSubstring("layer 1 (add): inputs of which one is flat"));
}

}  // namespace onnx_writer_test
