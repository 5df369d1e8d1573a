#include "model/model_card.hpp"

#include <sstream>
#include <stdexcept>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace model_card_test {

using namespace emotion;
using namespace emotion::model;

namespace {

const std::string kHash(64, 'a');

/// A handwritten card with only the required keys.
const std::string kCard =
    "format: 1\n"
    "name: small\n"
    "classes: [happy, fear]\n"
    "crop:\n"
    "  width: 50\n"
    "  height: 48\n"
    "  color: gray\n"
    "  normalisation: affine\n"
    "  mean: 127.5\n"
    "  scale: 0.0078125\n"
    "output:\n"
    "  activation: softmax\n"
    "shown:\n"
    "  - class: fear\n"
    "    min_probability: 0.75\n"
    "positive: fear\n"
    "weights:\n"
    "  file: small.onnx\n"
    "  sha256: " +
    kHash + "\n";

std::string replaced(const std::string& old_text, const std::string& new_text) {
    auto text = kCard;
    const auto at = text.find(old_text);
    REQUIRE(at != std::string::npos);
    return text.replace(at, old_text.size(), new_text);
}

/// The error for the card with `old_text` replaced by `new_text`.
std::string error_with(const std::string& old_text, const std::string& new_text) {
    try {
        parse_card(replaced(old_text, new_text), "small.yaml");
    } catch (const ConfigError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("A card with only the required keys has neutral defaults for the rest") {
    const auto card = parse_card(kCard, "small.yaml");
    CHECK(card.name == "small");
    CHECK(card.description.empty());
    CHECK(card.classes == std::vector<std::string>{"happy", "fear"});
    faces::CropSpec crop;
    crop.height = 48;
    crop.mean = {127.5};
    crop.scale = {0.0078125};
    CHECK(card.crop == crop);
    CHECK(card.activation == Activation::kSoftmax);
    CHECK(card.temperature == 1.0);
    CHECK(card.bias.empty());
    CHECK_FALSE(card.mirror);
    REQUIRE(card.shown.size() == 1);
    CHECK(card.shown[0].class_index == 1);
    CHECK(card.shown[0].min_probability == 0.75);
    CHECK(card.positive == "fear");
    CHECK(card.weights_file == "small.onnx");
    CHECK(card.weights_sha256 == kHash);
    CHECK(card.neutral.empty());
    CHECK(card.provenance.empty());
    CHECK(card.self_check.empty());
}

TEST_CASE("A complete card reads back unchanged and always has the same bytes") {
    ModelCard card = parse_card(kCard, "small.yaml");
    card.description = "Says \"fear\": a first\nline \\ and a second";
    card.classes = {"happy", "peur bleue, \xc3\xa9", "null"};
    card.crop.color = faces::CropColor::kRgb;
    card.crop.margin = -0.125;
    card.crop.resolution = 48;
    card.crop.mean = {123.675, 116.28, 103.53};
    card.crop.scale = {1.0 / 58.395, 1.0 / 57.12, 1.0 / 57.375};
    card.activation = Activation::kSigmoid;
    card.temperature = 1.0 / 3.0;
    card.bias = {0.1, -1e-7, 0};
    card.mirror = true;
    card.shown = {{2, 0.1}, {0, 0.6, {{1, 0.25}, {2, 0.5}}}};
    card.positive = "null";
    card.provenance = {
        {"data.train.happy", "7187"}, {"seed", "1"}, {"data.train.fear", "4036"}, {"note", ": #"}};
    card.self_check = {{"ramp", {0.25, 0.25, 0.5}}, {"noise", {0, 1, 0}}};
    const auto text = card_text(card);

    const auto read = parse_card(text, "small.yaml");
    CHECK(card_text(read) == text);
    CHECK(read.description == card.description);
    CHECK(read.classes == card.classes);
    CHECK(read.crop == card.crop);
    CHECK(read.activation == card.activation);
    CHECK(read.temperature == card.temperature);
    CHECK(read.bias == card.bias);
    CHECK(read.mirror);
    CHECK(read.shown[0].class_index == 2);
    CHECK(read.shown[0].penalties.empty());
    CHECK(read.shown[1].penalties == card.shown[1].penalties);
    CHECK(read.self_check[1].pattern == "noise");
    CHECK(read.self_check[0].probabilities == card.self_check[0].probabilities);
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    CHECK(read.provenance ==
          Pairs{{"data.train.happy", "7187"}, {"data.train.fear", "4036"}, {"seed", "1"}, {"note", ": #"}});
    CHECK_THAT(text,
               ContainsSubstring("provenance:\n  data:\n    train:\n      happy: 7187\n      fear: 4036\n"));
}

TEST_CASE("The crop of a card without affine normalization has neither mean nor scale") {
    const auto text = replaced("affine\n  mean: 127.5\n  scale: 0.0078125", "per_picture");
    CHECK(parse_card(text, "small.yaml").crop.normalization == faces::Normalization::kPerPicture);
    CHECK_THAT(error_with("affine", "per_picture"),
               ContainsSubstring("small.yaml:9:3: crop.mean is not known here"));
}

TEST_CASE("Every kind of damage to a card has an error that names its position") {
    CHECK(error_with("format: 1", "format: 2") ==
          "small.yaml:1:1: format = 2, expected 1, the only one this version reads");
    CHECK_THAT(
        error_with("positive", "positve"),
        ContainsSubstring("positive is missing, expected one of happy, fear; is positve meant for it?"));
    CHECK_THAT(error_with("  color", "  margins: 1\n  color"),
               ContainsSubstring("small.yaml:7:3: crop.margins is not known here, did you mean margin?"));
    CHECK_THAT(error_with("width: 50", "width: 7"),
               ContainsSubstring("crop.width = 7, expected a whole number in [8, 512]"));
    CHECK_THAT(error_with("height: 48", "height: 1000000000"),
               ContainsSubstring("expected a whole number in [8, 512]"));
    CHECK_THAT(error_with("gray", "grey"), ContainsSubstring("expected one of gray, bgr, rgb"));
    CHECK_THAT(error_with("127.5", "[1, 2, 3]"), ContainsSubstring("one for each of 1 channels"));
    CHECK_THAT(error_with("127.5", "1e9"), ContainsSubstring("crop.mean = 1e9"));
    CHECK_THAT(error_with("0.0078125", "[0]"), ContainsSubstring("crop.scale"));
    CHECK_THAT(error_with("0.0078125", ".inf"),
               ContainsSubstring("crop.scale = .inf, expected a finite number"));
    CHECK_THAT(error_with("[happy, fear]", "[happy]"),
               ContainsSubstring("small.yaml:3:1: classes = a list, has 1 name, expected 2"));
    CHECK_THAT(error_with("[happy, fear]", "[fear, fear]"), ContainsSubstring("each name once"));
    CHECK_THAT(error_with("[happy, fear]", "[\"a\\nb\", fear]"), ContainsSubstring("without line breaks"));
    CHECK_THAT(error_with("softmax", "softmax\n  temperature: 0"),
               ContainsSubstring("output.temperature = 0"));
    CHECK_THAT(error_with("softmax", "softmax\n  bias: [1]"), ContainsSubstring("each of the 2 classes"));
    CHECK_THAT(error_with("class: fear", "class: sad"),
               ContainsSubstring("small.yaml:14:5: shown[0].class = sad, expected one of happy, fear"));
    CHECK_THAT(error_with("  - class: fear\n    min_probability: 0.75\n", "  []\n"),
               ContainsSubstring("a list of the classes to show"));
    CHECK_THAT(error_with("min_probability: 0.75", "min_probability: 75"), ContainsSubstring("in [0, 1]"));
    const auto error_with_less = [](const std::string& penalties) {
        return error_with("0.75\n", "0.75\n    less: {" + penalties + "}\n");
    };
    CHECK_THAT(error_with_less("joy: 0.5"),
               ContainsSubstring("shown[0].less.joy = 0.5, expected the name of another class"));
    CHECK_THAT(error_with_less("fear: 0.5"), ContainsSubstring("expected the name of another class"));
    CHECK_THAT(error_with_less("happy: 2"), ContainsSubstring("in [0, 1]"));
    CHECK_THAT(error_with("positive: fear", "provenance: {a.b: 1, a: {b: 2}}\npositive: fear"),
               ContainsSubstring("provenance.a.b = 1, expected a key without dots"));
    CHECK_THAT(error_with("positive: fear", "positive: joy"),
               ContainsSubstring("positive = joy, expected one of happy, fear"));
    CHECK_THAT(error_with(kHash, kHash + "a"), ContainsSubstring("64 lower-case hexadecimal digits"));
    CHECK_THAT(error_with(kHash, std::string(64, 'A')),
               ContainsSubstring("64 lower-case hexadecimal digits"));
}

TEST_CASE("What neutral faces are like is a logarithm for each class of a card that has the class") {
    const auto with = [](const std::string& list) {
        auto text = replaced("[happy, fear]", "[happy, fear, neutral]");
        return text.insert(text.find("weights:"), "neutral: " + list + "\n");
    };
    const auto card = parse_card(with("[-4.5, -13.8155, 0]"), "small.yaml");
    CHECK(card.neutral == std::vector<double>{-4.5, -13.8155, 0});
    CHECK(parse_card(card_text(card), "small.yaml").neutral == card.neutral);
    CHECK_THAT(card_text(card), ContainsSubstring("\nneutral: [-4.5, -13.8155, 0]\n"));
    for (const char* list : {"[-4.5, -0.5]", "[]", "[-4, -1, 0.1]", "[-14, -1, 0]"}) {
        INFO(list);
        CHECK_THROWS_WITH(parse_card(with(list), "small.yaml"),
                          "small.yaml:17:1: neutral = a list, expected the logarithm of a probability, in "
                          "[-13.8, 0], for each of the 3 classes");
    }
    for (const char* list : {"0", "[-4, .nan, 0]", "[-4, much, 0]"}) {
        INFO(list);
        CHECK_THROWS_AS(parse_card(with(list), "small.yaml"), ConfigError);
    }
    CHECK_THAT(error_with("positive", "neutral: [-4, -0.1]\npositive"),
               ContainsSubstring("is for models with a class neutral, which classes does not have"));
}

TEST_CASE("Weights are read only from the folder of the card") {
    for (const char* file :
         {"../small.onnx", "/etc/passwd", "sub/small.onnx", "..", ".", "\"\"", "\"a\\\\b\"", "\"a\\0\""})
        CHECK_THAT(error_with("small.onnx", file),
                   ContainsSubstring("expected the name of a file beside the card"));
}

TEST_CASE("A self-check must fit the classes and name an existing pattern") {
    const auto with_check = [](const std::string& check) {
        return error_with("positive", "self_check:\n  - " + check + "\npositive");
    };
    CHECK(with_check("{pattern: ramp, probabilities: [0.25, 0.75]}").empty());
    CHECK_THAT(with_check("{pattern: face, probabilities: [0.5, 0.5]}"),
               ContainsSubstring("expected one of ramp"));
    CHECK_THAT(with_check("{pattern: ramp, probabilities: [1]}"),
               ContainsSubstring("self_check[0].probabilities"));
    CHECK_THAT(with_check("{pattern: ramp, probabilities: []}"),
               ContainsSubstring("self_check[0].probabilities"));
    CHECK_THAT(with_check("{pattern: ramp, probabilities: [0.5, 0.6]}"), ContainsSubstring("adding up to 1"));
    CHECK_THAT(with_check("{pattern: ramp, probabilities: [-1, 2]}"), ContainsSubstring("adding up to 1"));
}

TEST_CASE("Provenance with conflicting keys is rejected") {
    auto card = parse_card(kCard, "small.yaml");
    card.provenance = {{"data", "1"}, {"data.train", "2"}};
    CHECK_THROWS_AS(card_text(card), std::invalid_argument);
    card.provenance = {{"data.train", "2"}, {"data", "1"}};
    CHECK_THROWS_AS(card_text(card), std::invalid_argument);
    card.provenance = {{"data", "1"}, {"data", "1"}};
    CHECK_THROWS_AS(card_text(card), std::invalid_argument);
}

TEST_CASE("A card is read from its file and its classes are found by name") {
    const test::TemporaryFolder folder;
    write_file(folder / "small.yaml", kCard);
    const auto card = read_card(folder / "small.yaml");
    CHECK(card.class_index("fear") == 1);
    CHECK(card.find_class("happy") == 0);
    CHECK_FALSE(card.find_class("sad"));
    CHECK(card.shown_names() == std::vector<std::string>{"fear"});
    CHECK_THROWS_AS(card.class_index("sad"), std::invalid_argument);
    CHECK_THROWS_WITH(read_card(folder / "none.yaml"),
                      ContainsSubstring("none.yaml: no such file, expected a model card (.yaml)"));
}

TEST_CASE("The cards in the documentation can be read") {
    std::istringstream page(
        read_file(std::filesystem::path(EMOTION_SOURCE_DIR) / "assets/docs/model-cards.md"));
    int cards = 0;
    for (std::string line; std::getline(page, line);) {
        if (line.find("```yaml") == std::string::npos) continue;
        std::string text;
        while (std::getline(page, line) && line.find("```") == std::string::npos) text += line + "\n";
        CHECK(parse_card(text, "model-cards.md").positive == "fear");
        ++cards;
    }
    CHECK(cards == 2);
}

TEST_CASE("Weights given in place of a card get an error that explains what a card is") {
    const test::TemporaryFolder folder;
    write_file(folder / "theirs.onnx", std::string(2 << 20, '\x08'));
    CHECK_THROWS_WITH(read_card(folder / "theirs.onnx"),
                      (folder / "theirs.onnx").string() +
                          ": is not a model card (.yaml); write one as assets/docs/model-cards.md says");
}

TEST_CASE("Common mistakes in handwritten cards get an error with the correct form") {
    const std::string hash = "expected 64 lower-case hexadecimal digits, as sha256sum prints them";
    CHECK(error_with("  sha256: " + kHash + "\n", "") ==
          "small.yaml:17:1: weights.sha256 is missing, " + hash);
    CHECK(error_with(kHash, "") == "small.yaml:19:3: weights.sha256 = nothing, " + hash);
    CHECK(error_with("  activation: softmax\n", "") ==
          "small.yaml:11:1: output = nothing, expected activation below it, one of softmax, sigmoid, none");
    CHECK(error_with("scale: 0.0078125", "std: 0.5") ==
          "small.yaml:10:3: crop.std = 0.5, expected scale instead: 1 / std, of pixels from 0 to 255");
    CHECK(error_with("  - class: fear\n    min", "  - min") ==
          "small.yaml:14:5: shown[0].class is missing, expected one of happy, fear");
}

}  // namespace model_card_test
