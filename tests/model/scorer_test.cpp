#include "model/scorer.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <fcntl.h>
#include <opencv2/core.hpp>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/sha256.hpp"
#include "media/quiet_stderr.hpp"
#include "ml/core/half.hpp"
#include "ml/network/graph_evaluator.hpp"
#include "model/foreign_onnx.hpp"
#include "model/model_files.hpp"
#include "model/network_runner.hpp"
#include "model/sample_graphs.hpp"
#include "model/self_check.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace scorer_test {

using namespace emotion;
using namespace emotion::model;
using test::ForeignOnnx;

namespace {

ModelCard card_of(int classes, Activation activation, int height, int width, faces::CropColor color) {
    ModelCard card;
    card.name = "sample";
    for (int i = 0; i < classes; ++i) card.classes.push_back("class" + std::to_string(i));
    card.activation = activation;
    card.crop.width = width;
    card.crop.height = height;
    card.crop.color = color;
    card.shown = {{0, 0.5}, {1, 0.5}};
    card.positive = "class1";
    return card;
}

/// The network input for a crop.
std::vector<float> input_of(const cv::Mat& crop, const ModelCard& card) {
    std::vector<float> input(crop.total() * static_cast<std::size_t>(crop.channels()));
    faces::normalize(crop, card.crop, input);
    return input;
}

/// The largest difference between probabilities computed by us and by OpenCV from the exported file, and by
/// the definition of the graph.
double disagreement(const ml::Graph& graph, const ModelCard& card) {
    const auto onnx = onnx_bytes(graph);
    std::vector<std::unique_ptr<NetworkRunner>> runners;
    runners.push_back(make_dnn_runner(onnx, "graph", InputLayout::kChannelsFirst, card.crop));
    if (auto own = make_native_runner(onnx, "graph")) runners.push_back(std::move(own));
    double most = 0.0;
    for (const auto& pattern : self_check_patterns()) {
        const auto crop = self_check_crop(pattern, card.crop);
        const auto planes = input_of(crop, card);
        const auto logits = ml::evaluate(graph, planes);
        const auto expected = to_probabilities(std::vector<float>(logits.begin(), logits.end()), card);
        for (const auto& runner : runners) {
            const auto found = to_probabilities(runner->run(planes), card);
            REQUIRE(found.size() == expected.size());
            for (std::size_t i = 0; i < found.size(); ++i)
                most = std::max(most, std::abs(double{found[i]} - double{expected[i]}));
        }
        CHECK(make_scorer(card, onnx, "graph")->score(crop) ==
              to_probabilities(runners.back()->run(planes), card));
    }
    return most;
}

/// The model with its last convolution, which reads 8 channels, in two groups; this trainer writes no such
/// model.
std::string in_two_groups(const ml::Graph& graph) {
    onnx::ModelProto model;
    REQUIRE(model.ParseFromString(onnx_bytes(graph)));
    auto& nodes = *model.mutable_graph()->mutable_node();
    const auto last =
        std::find_if(nodes.rbegin(), nodes.rend(), [](const auto& node) { return node.op_type() == "Conv"; });
    for (auto& attribute : *last->mutable_attribute())
        if (attribute.name() == "group") attribute.set_i(2);
    for (auto& tensor : *model.mutable_graph()->mutable_initializer())
        if (tensor.name() == last->input(1)) {
            REQUIRE(tensor.dims(1) == 8);
            tensor.set_dims(1, 4);
            tensor.mutable_raw_data()->resize(tensor.raw_data().size() / 2);
        }
    return model.SerializeAsString();
}

/// A model of this trainer in a folder: sample.yaml and sample.onnx.
class Saved {
  public:
    explicit Saved(ModelCard card = card_of(2, Activation::kSigmoid, 20, 24, faces::CropColor::kGray)) {
        save_model(card_path, std::move(card), test::linear_graph(20, 24));
    }
    void replace_in_card(const std::string& old_text, const std::string& new_text) const {
        auto text = read_file(card_path);
        const auto at = text.find(old_text);
        REQUIRE(at != std::string::npos);
        write_file(card_path, text.replace(at, old_text.size(), new_text));
    }

    test::TemporaryFolder folder;
    std::filesystem::path card_path = folder / "sample.yaml";
    std::filesystem::path weights_path = folder / "sample.onnx";
};

/// The error for a damaged color classifier of another tool.
std::string foreign_error(const std::function<void(onnx::ModelProto&, ModelCard&)>& damage) {
    auto onnx = test::foreign_classifier(7);
    auto card = card_of(7, Activation::kNone, 64, 64, faces::CropColor::kRgb);
    damage(onnx.model(), card);
    try {
        make_scorer(card, onnx.bytes(), "foreign.onnx");
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

std::string damaged_graph(const std::function<void(onnx::GraphProto&)>& damage) {
    return foreign_error([&](onnx::ModelProto& model, ModelCard&) { damage(*model.mutable_graph()); });
}

std::string damaged_card(const std::function<void(ModelCard&)>& damage) {
    return foreign_error([&](onnx::ModelProto&, ModelCard& card) { damage(card); });
}

}  // namespace

TEST_CASE("A linear model scores according to its definition") {
    CHECK(disagreement(test::linear_graph(50, 50),
                       card_of(2, Activation::kSigmoid, 50, 50, faces::CropColor::kGray)) < 1e-5);
}

TEST_CASE("A network with every operation scores according to its definition") {
    for (const auto& [height, width] : {std::pair{48, 48}, std::pair{50, 50}, std::pair{33, 64}}) {
        CHECK(disagreement(test::residual_graph(1, height, width, 7),
                           card_of(7, Activation::kSoftmax, height, width, faces::CropColor::kGray)) < 1e-5);
        CHECK(disagreement(test::residual_graph(3, height, width, 3),
                           card_of(3, Activation::kSigmoid, height, width, faces::CropColor::kBgr)) < 1e-5);
    }
}

TEST_CASE("A network with weights of 16-bit floats scores according to its definition, in OpenCV too") {
    auto graph = test::residual_graph(1, 50, 50, 7);
    ml::round_weights_to_halves(graph);
    REQUIRE_THAT(onnx_bytes(graph), ContainsSubstring("Cast"));
    CHECK(disagreement(graph, card_of(7, Activation::kSoftmax, 50, 50, faces::CropColor::kGray)) < 1e-5);
}

TEST_CASE("Averaging with the mirror image gives a crop and its mirror image the same score") {
    auto card = card_of(4, Activation::kSoftmax, 48, 48, faces::CropColor::kGray);
    const auto onnx = onnx_bytes(test::residual_graph(1, 48, 48, 4));
    const auto plain = make_scorer(card, onnx, "graph");
    card.mirror = true;
    const auto averaging = make_scorer(card, onnx, "graph");
    const auto crop = self_check_crop("noise", card.crop);
    cv::Mat mirrored;
    cv::flip(crop, mirrored, 1);
    const auto one = plain->score(crop), other = plain->score(mirrored);
    CHECK(one != other);
    const auto average = averaging->score(crop), average_of_mirrored = averaging->score(mirrored);
    // The mean of logits is the geometric mean of probabilities.
    float sum = 0;
    for (std::size_t i = 0; i < one.size(); ++i) sum += std::sqrt(one[i] * other[i]);
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(average[i] == Approx(std::sqrt(one[i] * other[i]) / sum).margin(1e-6));
        CHECK(average_of_mirrored[i] == Approx(average[i]).margin(1e-6));
    }
}

TEST_CASE("A saved model loads and scores as before") {
    const Saved saved;
    const auto scorer = load_scorer(saved.card_path);
    CHECK(scorer->card().name == "sample");
    CHECK(scorer->card().weights_file == "sample.onnx");
    CHECK(scorer->card().weights_sha256 == sha256(read_file(saved.weights_path)));
    REQUIRE(scorer->card().self_check.size() == self_check_patterns().size());
    const auto probabilities = scorer->score(self_check_crop("rings", scorer->card().crop));
    CHECK(probabilities[0] + probabilities[1] == Approx(1.0));
    const auto first = read_file(saved.card_path);
    save_model(saved.card_path, scorer->card(), test::linear_graph(20, 24));
    CHECK(read_file(saved.card_path) == first);
    CHECK(test::files_in(saved.folder.path()) == 2);
}

TEST_CASE("A crop of another size or type than the card's is rejected") {
    const Saved saved;
    const auto scorer = load_scorer(saved.card_path);
    CHECK_THROWS_AS(scorer->score(cv::Mat(24, 20, CV_8UC1, cv::Scalar(0))), std::invalid_argument);
    CHECK_THROWS_AS(scorer->score(cv::Mat(20, 24, CV_8UC3, cv::Scalar(0))), std::invalid_argument);
    CHECK_THROWS_AS(scorer->score({}), std::invalid_argument);
}

TEST_CASE("Each kind of damage to a saved model has its own error") {
    const Saved saved;
    SECTION("no card") {
        CHECK_THROWS_WITH(load_scorer(saved.folder / "none.yaml"),
                          ContainsSubstring("none.yaml: no such file"));
    }
    SECTION("no weights") {
        std::filesystem::remove(saved.weights_path);
        CHECK_THROWS_WITH(load_scorer(saved.card_path),
                          ContainsSubstring("sample.onnx: no such file, expected the weights of " +
                                            saved.card_path.string()));
    }
    SECTION("other weights") {
        write_file(saved.weights_path, onnx_bytes(test::linear_graph(24, 20)));
        CHECK_THROWS_WITH(
            load_scorer(saved.card_path),
            ContainsSubstring("sample.onnx: has the SHA-256") &&
                ContainsSubstring("sample.yaml; take both files from the same place, or write " +
                                  sha256(read_file(saved.weights_path)) + " into weights.sha256"));
    }
    SECTION("unknown key") {
        saved.replace_in_card("positive:", "negative: class0\npositive:");
        CHECK_THROWS_WITH(load_scorer(saved.card_path), ContainsSubstring("negative is not known here"));
    }
    SECTION("another crop") {
        saved.replace_in_card("width: 24", "width: 25");
        CHECK_THROWS_WITH(
            load_scorer(saved.card_path),
            ContainsSubstring(
                "its input \"crop\" has the shape (1, 1, 20, 24), expected the card's crop (1, 1, 20, 25)"));
    }
    SECTION("another preprocessing") {
        saved.replace_in_card("mean: 0", "mean: 20");
        CHECK_THROWS_WITH(load_scorer(saved.card_path),
                          ContainsSubstring("sample.yaml: self-check failed: ramp scores"));
    }
    SECTION("not ONNX") {
        write_file(saved.weights_path, "text");
        saved.replace_in_card(read_card(saved.card_path).weights_sha256, sha256("text"));
        CHECK_THROWS_WITH(
            load_scorer(saved.card_path),
            ContainsSubstring("sample.onnx: is not an ONNX model; the download may have gone wrong"));
    }
}

TEST_CASE("A model that could not be loaded again is not saved") {
    const Saved saved;
    const auto before = read_file(saved.card_path);
    const auto card = read_card(saved.card_path);
    auto graph = test::linear_graph(20, 24);
    auto& weights = std::get<ml::Dense>(graph.nodes[0].layer).weights;
    weights[7] = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_WITH(save_model(saved.card_path, card, graph),
                      ContainsSubstring("Gemm0.weights holds a number that is not finite"));
    weights[7] = 0;
    auto wrong = card;
    wrong.bias = {1};
    CHECK_THROWS_AS(save_model(saved.card_path, wrong, graph), Error);
    CHECK_THROWS_WITH(save_model(saved.folder / "sample.onnx", card, graph),
                      ContainsSubstring("ending in .yaml"));
    CHECK(read_file(saved.card_path) == before);
    CHECK_NOTHROW(load_scorer(saved.card_path));
}

TEST_CASE("Only models of this trainer that fit into memory run without OpenCV") {
    CHECK(make_native_runner(onnx_bytes(test::residual_graph(1, 48, 48, 4)), "ours"));
    CHECK(make_native_runner(onnx_bytes(test::linear_graph(50, 50)), "ours"));
    CHECK_FALSE(make_native_runner(in_two_groups(test::residual_graph(1, 48, 48, 4)), "in groups"));
    CHECK_FALSE(make_native_runner(test::foreign_classifier(7).bytes(), "foreign"));
    CHECK_FALSE(make_native_runner("no ONNX", "foreign"));
    ml::Graph wide{{1, 4000, 4000}, {}};
    wide.nodes.push_back({ml::Convolution{
        .channels = 1, .kernel = 1, .padding = 0, .with_bias = true, .weights = {1.0f}, .bias = {0.0f}}});
    for (int layer = 0; layer < 16; ++layer) wide.nodes.push_back({ml::Relu{}});
    wide.nodes.push_back({ml::GlobalAveragePool{}});
    CHECK_FALSE(make_native_runner(onnx_bytes(wide), "too large"));
}

TEST_CASE("A classifier of another tool works with a card") {
    const test::TemporaryFolder folder;
    const auto onnx = test::foreign_classifier(7).bytes();
    write_file(folder / "theirs.onnx", onnx);
    write_file(folder / "theirs.yaml",
               "format: 1\n"
               "name: theirs\n"
               "classes: [angry, disgust, fear, happy, sad, surprise, neutral]\n"
               "crop:\n"
               "  width: 64\n"
               "  height: 64\n"
               "  color: rgb\n"
               "  margin: 0.1\n"
               "  normalisation: affine\n"
               "  mean: [123.675, 116.28, 103.53]\n"
               "  scale: [0.0171, 0.0175, 0.0174]\n"
               "output:\n"
               "  activation: none\n"
               "shown:\n"
               "  - {class: happy, min_probability: 0.6}\n"
               "  - {class: fear, min_probability: 0.5}\n"
               "positive: fear\n"
               "weights:\n"
               "  file: theirs.onnx\n"
               "  sha256: " +
                   sha256(onnx) + "\n");
    const auto scorer = load_scorer(folder / "theirs.yaml");

    // Conv and Gemm of the file by definition, on a uniform crop, for which every position is equal.
    const auto graph = test::foreign_classifier(7).model().graph();
    const auto number = [&](int tensor, int i) { return double{graph.initializer(tensor).float_data(i)}; };
    const cv::Vec3b rgb(200, 100, 50);
    const double pixel[] = {(200 - 123.675) * 0.0171, (100 - 116.28) * 0.0175, (50 - 103.53) * 0.0174};
    std::vector<double> features(4), scores(7);
    for (int o = 0; o < 4; ++o) {
        double sum = number(1, o);
        for (int i = 0; i < 27; ++i) sum += number(0, o * 27 + i) * pixel[i / 9];
        features[static_cast<std::size_t>(o)] = std::max(sum, 0.0);
    }
    for (int k = 0; k < 7; ++k) {
        double sum = number(3, k);
        for (int o = 0; o < 4; ++o) sum += number(2, k * 4 + o) * features[static_cast<std::size_t>(o)];
        scores[static_cast<std::size_t>(k)] = std::exp(sum);
    }
    const double total = std::accumulate(scores.begin(), scores.end(), 0.0);
    const auto scored = scorer->score(cv::Mat(64, 64, CV_8UC3, cv::Scalar(rgb[0], rgb[1], rgb[2])));
    for (std::size_t k = 0; k < 7; ++k) CHECK(scored[k] == Approx(scores[k] / total).margin(1e-5));
}

TEST_CASE("A network of another tool that computes in 16-bit floats runs in whole ones") {
    auto onnx = test::foreign_classifier(7);
    const auto card = card_of(7, Activation::kNone, 64, 64, faces::CropColor::kRgb);
    const auto whole = make_scorer(card, onnx.bytes(), "whole");
    int place = 0;
    for (auto& tensor : *onnx.model().mutable_graph()->mutable_initializer()) {
        std::string raw;
        for (const float number : tensor.float_data()) {
            const auto bits = ml::half_bits(number);
            raw.push_back(static_cast<char>(bits & 0xff));
            raw.push_back(static_cast<char>(bits >> 8));
            tensor.add_int32_data(bits);
        }
        if (place++ % 2 == 0) {  // both forms of the standard
            tensor.clear_int32_data();
            tensor.set_raw_data(raw);
        }
        tensor.clear_float_data();
        tensor.set_data_type(onnx::TensorProto::FLOAT16);
    }
    ForeignOnnx::attribute(onnx.node("Cast", {"input.1"}, "narrow"), "to", onnx::TensorProto::FLOAT16);
    auto& nodes = *onnx.model().mutable_graph()->mutable_node();
    std::rotate(nodes.pointer_begin(), nodes.pointer_end() - 1, nodes.pointer_end());
    nodes[1].set_input(0, "narrow");
    const auto crop = self_check_crop("noise", card.crop);
    const auto expected = whole->score(crop), found = make_scorer(card, onnx.bytes(), "halves")->score(crop);
    for (std::size_t k = 0; k < 7; ++k) CHECK(found[k] == Approx(expected[k]).margin(1e-3));
}

TEST_CASE("Networks with channels last get their input in that layout") {
    auto card = card_of(7, Activation::kNone, 64, 64, faces::CropColor::kRgb);
    auto first = test::foreign_classifier(7);
    const auto expected = make_scorer(card, first.bytes(), "first.onnx");

    auto last = first;
    auto& graph = *last.model().mutable_graph();
    auto& shape = *graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
    shape.mutable_dim(1)->set_dim_value(64);
    shape.mutable_dim(3)->set_dim_value(3);
    graph.mutable_node()->Clear();
    ForeignOnnx::attribute(last.node("Transpose", {"input.1"}, "turned"), "perm", std::vector{0, 3, 1, 2});
    for (const auto& node : first.model().graph().node()) *graph.add_node() = node;
    graph.mutable_node(1)->set_input(0, "turned");
    const auto scorer = make_scorer(card, last.bytes(), "last.onnx");
    for (const auto& pattern : self_check_patterns()) {
        const auto crop = self_check_crop(pattern, card.crop);
        CHECK(scorer->score(crop) == expected->score(crop));
    }
}

TEST_CASE("An operator that OpenCV cannot run is named") {
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_node(1)->set_op_type("Wavelet"); }),
               ContainsSubstring("foreign.onnx: its operator Wavelet is not one that OpenCV") &&
                   ContainsSubstring(
                       "; an older opset or a simplifier often helps, see assets/docs/model-cards.md"));
    CHECK_THAT(damaged_graph([](auto& graph) {
                   graph.mutable_node(0)->mutable_input()->RemoveLast();
                   graph.mutable_node(0)->mutable_input()->RemoveLast();
               }),
               ContainsSubstring("cannot run its operator Conv: (-") && !ContainsSubstring("in function") &&
                   ContainsSubstring("; an older opset or a simplifier often helps"));
}

TEST_CASE("With the stderr filter nothing is printed about a model that cannot run") {
    media::filter_stderr();
    const test::TemporaryFolder folder;
    const int kept = ::dup(STDERR_FILENO);
    const int file = ::open((folder / "stderr").c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(file, STDERR_FILENO);
    const auto error = damaged_graph([](auto& graph) { graph.mutable_node(1)->set_op_type("Wavelet"); });
    ::dup2(kept, STDERR_FILENO);
    ::close(file);
    ::close(kept);
    CHECK(std::count(error.begin(), error.end(), '\n') == 0);
    CHECK(read_file(folder / "stderr").empty());
}

TEST_CASE("A foreign model that does not fit its card is rejected") {
    CHECK_THAT(damaged_card([](auto& card) { card.crop.color = faces::CropColor::kGray; }),
               ContainsSubstring("its input \"input.1\" has the shape (any, 3, 64, 64), expected the card's "
                                 "crop (1, 1, 64, 64): one "
                                 "picture, channels, height, width; set crop.width, crop.height and "
                                 "crop.color of its card to it"));
    CHECK_THAT(damaged_graph([](auto& graph) {
                   auto& shape =
                       *graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
                   shape.mutable_dim(0)->set_dim_value(32);
               }),
               ContainsSubstring("the shape (32, 3, 64, 64)") &&
                   ContainsSubstring("; export it for one picture at a time"));
    CHECK_THAT(damaged_card([](auto& card) { card.crop.height = 48; }),
               ContainsSubstring("expected the card's crop (1, 3, 48, 64)"));
    CHECK_THAT(damaged_card([](auto& card) { card.classes.pop_back(); }),
               ContainsSubstring("has 7 outputs, expected 6, one for each name in classes of its card"));
    CHECK_THAT(damaged_graph([](auto& graph) {
                   graph.mutable_node()->RemoveLast();
                   graph.mutable_output(0)->set_name("fc");
               }),
               ContainsSubstring("its outputs are not probabilities"));
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_initializer()->RemoveLast(); }),
               ContainsSubstring("its operator Gemm reads fc.b, which no earlier node computes"));
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_node()->SwapElements(0, 1); }),
               ContainsSubstring("its operator Relu reads conv"));
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_output(0)->set_name("nowhere"); }),
               ContainsSubstring("its output nowhere is never computed"));
    CHECK_THAT(damaged_graph([](auto& graph) { *graph.add_input() = graph.input(0); }),
               ContainsSubstring("has 2 inputs"));
    CHECK_THAT(
        damaged_graph([](auto& graph) { *graph.add_output() = graph.output(0); }),
        ContainsSubstring(
            "has 2 outputs, expected one with a number for each class; export it with that output alone"));
}

TEST_CASE("Damaged or malicious weights are rejected before use") {
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_initializer(1)->set_float_data(2, INFINITY); }),
               ContainsSubstring("the tensor conv.b holds a number that is not finite"));
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_initializer(2)->set_dims(1, 5); }),
               ContainsSubstring("the tensor fc.w does not hold as many numbers as its shape says"));
    CHECK_THAT(
        damaged_graph([](auto& graph) { graph.mutable_initializer(2)->set_dims(1, std::int64_t{1} << 62); }),
        ContainsSubstring("the tensor fc.w does not hold"));
    CHECK_THAT(damaged_graph([](auto& graph) {
                   graph.mutable_initializer(2)->set_dims(0, std::int64_t{1} << 36);
                   graph.mutable_initializer(2)->set_dims(1, (std::int64_t{1} << 28) + 28);
               }),
               ContainsSubstring("the tensor fc.w does not hold"));
    CHECK_THAT(damaged_graph([](auto& graph) { graph.mutable_initializer(2)->set_dims(1, -4); }),
               ContainsSubstring("the tensor fc.w does not hold"));
    CHECK_THAT(damaged_graph([](auto& graph) {
                   graph.mutable_initializer(2)->clear_float_data();
                   graph.mutable_initializer(2)->set_data_location(onnx::TensorProto::EXTERNAL);
               }),
               ContainsSubstring("fc.w is kept in another file"));
    const auto padded = [](int pad) {
        return damaged_graph([&](auto& graph) {
            ForeignOnnx::attribute(*graph.mutable_node(0), "pads", std::vector{0, 0, pad, pad});
        });
    };
    CHECK(padded(1).empty());
    CHECK_THAT(padded(16000), ContainsSubstring("needs more than 1 GiB of memory"));
    CHECK_THAT(padded(268435455), ContainsSubstring("foreign.onnx: "));
    CHECK_THAT(damaged_graph([](auto& graph) {
                   graph.mutable_initializer(1)->set_name("a\nb");
                   graph.mutable_initializer(1)->add_float_data(1);
               }),
               ContainsSubstring("the tensor a?b does not"));
}

TEST_CASE("Strides, windows and groups below 1 are rejected, as OpenCV would divide by them") {
    for (const char* name : {"group", "strides", "kernel_shape", "dilations"}) {
        INFO(name);
        const auto error = damaged_graph([&](auto& graph) {
            auto& attributes = *graph.mutable_node(0)->mutable_attribute();
            for (int i = attributes.size() - 1; i >= 0; --i)
                if (attributes[i].name() == name) attributes.DeleteSubrange(i, 1);
            auto& attribute = *attributes.Add();
            attribute.set_name(name);
            if (std::string(name) == "group")
                attribute.set_i(0);
            else
                attribute.add_ints(0);
        });
        CHECK_THAT(error, ContainsSubstring(std::string(" has ") + name + " below 1"));
    }
}

TEST_CASE("A network with subgraphs, as squeeze exports have, is rejected before OpenCV crashes") {
    const auto branching = [](const std::string& op, bool several) {
        return damaged_graph([&](auto& graph) {
            auto& node = *graph.add_node();
            node.set_op_type(op);
            node.add_input("scores");
            node.add_output("branched");
            graph.mutable_output(0)->set_name("branched");
            auto& attribute = *node.add_attribute();
            attribute.set_name("then_branch");
            auto& inner = several ? *attribute.add_graphs() : *attribute.mutable_g();
            auto& copy = *inner.add_node();
            copy.set_op_type("Identity");
            copy.add_input("scores");
            copy.add_output("branch");
            inner.add_output()->set_name("branch");
        });
    };
    CHECK(branching("If", false) ==
          "foreign.onnx: its operator If contains a subgraph, which OpenCV cannot run; export without a "
          "squeeze or branch on dynamic dimensions, or with a fixed batch of 1");
    CHECK_THAT(branching("Loop", true), ContainsSubstring("its operator Loop contains a subgraph"));
}

TEST_CASE("A network with dynamic input height and width scores like one with fixed ones") {
    const auto card = card_of(7, Activation::kNone, 64, 64, faces::CropColor::kRgb);
    const auto open_sides = [](ForeignOnnx& onnx, const std::vector<int>& sides) {
        auto& input = *onnx.model().mutable_graph()->mutable_input(0);
        for (const int side : sides) {
            auto& dim = *input.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(side);
            dim.clear_dim_value();
            if (side > 1)
                dim.set_dim_param("side" + std::to_string(side));  // named dimensions, or unnamed ones
        }
    };
    auto named = test::foreign_classifier(7);
    auto& pool = *named.model().mutable_graph()->mutable_node(2);
    pool.set_op_type("ReduceMean");  // OpenCV needs its shape while reading
    ForeignOnnx::attribute(pool, "axes", std::vector{2, 3});
    ForeignOnnx::attribute(pool, "keepdims", 0);
    const auto expected = make_scorer(card, named.bytes(), "named.onnx");
    auto first = named;
    open_sides(first, {2, 3});

    auto last = named;
    auto& graph = *last.model().mutable_graph();
    graph.mutable_input(0)
        ->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape()
        ->mutable_dim(3)
        ->set_dim_value(3);
    open_sides(last, {1, 2});
    graph.mutable_node()->Clear();
    ForeignOnnx::attribute(last.node("Transpose", {"input.1"}, "turned"), "perm", std::vector{0, 3, 1, 2});
    for (const auto& node : named.model().graph().node()) *graph.add_node() = node;
    graph.mutable_node(1)->set_input(0, "turned");

    for (const auto* opened : {&first, &last}) {
        const auto scorer = make_scorer(card, opened->bytes(), "open.onnx");
        for (const auto& pattern : self_check_patterns()) {
            const auto crop = self_check_crop(pattern, card.crop);
            CHECK(scorer->score(crop) == expected->score(crop));
        }
    }
}

TEST_CASE("A network that ends in a softmax does not get a second one") {
    for (const auto activation : {Activation::kSoftmax, Activation::kSigmoid})
        CHECK(
            damaged_card([&](auto& card) { card.activation = activation; }) ==
            "foreign.onnx: its outputs are probabilities already, expected none for output.activation in its "
            "card");
    const auto ends_in = [](const std::string& op, Activation activation) {
        return foreign_error([&](onnx::ModelProto& model, ModelCard& card) {
            model.mutable_graph()->mutable_node()->rbegin()->set_op_type(op);
            model.mutable_graph()->mutable_node()->rbegin()->clear_attribute();
            card.activation = activation;
        });
    };
    CHECK(ends_in("Identity", Activation::kSoftmax).empty());
    CHECK(ends_in("Sigmoid", Activation::kNone).empty());  // probabilities, but not summing to 1
    CHECK(ends_in("LogSoftmax", Activation::kSoftmax).empty());
}

}  // namespace scorer_test
