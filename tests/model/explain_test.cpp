#include "model/explain.hpp"

#include <chrono>

#include <opencv2/core.hpp>

#include "model/model_files.hpp"
#include "model/sample_graphs.hpp"
#include "model/self_check.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace explain_test {

using namespace emotion;
using namespace emotion::model;
using namespace std::chrono_literals;

namespace {

ModelCard linear_card(bool mirror) {
    auto card = test::two_class_card();
    card.activation = Activation::kSigmoid;
    card.crop.width = 10;
    card.crop.height = 9;
    card.crop.mean = {0.4};
    card.crop.scale = {2.0};
    card.mirror = mirror;
    return card;
}

/// A mean above a threshold in the left half means happy for certain.
std::vector<float> score_left_half(const cv::Mat& crop) {
    const auto happy = static_cast<float>(cv::mean(crop.colRange(0, crop.cols / 2))[0] / 255.0);
    return {happy, 1.0f - happy};
}

}  // namespace

TEST_CASE("Contributions of a linear model sum to the logit without its bias") {
    const auto card = linear_card(GENERATE(false, true));
    const auto graph = test::linear_graph(card.crop.height, card.crop.width);
    const auto bytes = onnx_bytes(graph);
    const auto layer = read_linear_layer(bytes);
    REQUIRE(layer);
    const auto scorer = make_scorer(card, bytes, "linear.onnx");
    for (const auto& pattern : self_check_patterns()) {
        INFO(pattern);
        const auto crop = self_check_crop(pattern, card.crop);
        const double fear = cv::sum(linear_contributions(*layer, card, crop, 1))[0];
        const double happy = cv::sum(linear_contributions(*layer, card, crop, 0))[0];
        CHECK(happy == Approx(-fear).margin(1e-5));
        const double probability = 1.0 / (1.0 + std::exp(-(fear + layer->bias.at(0))));
        CHECK(scorer->score(crop).at(1) == Approx(probability).margin(1e-5));
    }
}

TEST_CASE("Each pixel's contribution in a linear model is the change without it") {
    const auto card = linear_card(false);
    const auto layer = read_linear_layer(onnx_bytes(test::linear_graph(card.crop.height, card.crop.width)));
    REQUIRE(layer);
    const auto crop = self_check_crop(self_check_patterns().front(), card.crop);
    const auto heat = linear_contributions(*layer, card, crop, 1);
    REQUIRE(heat.size() == crop.size());
    for (int y = 0; y < crop.rows; ++y)
        for (int x = 0; x < crop.cols; ++x) {
            const float weight = layer->weights.at(static_cast<std::size_t>(y * crop.cols + x));
            CHECK(heat.at<float>(y, x) ==
                  Approx(weight * (crop.at<unsigned char>(y, x) - 0.4) * 2.0).margin(1e-4));
        }
}

TEST_CASE("Only a single dense layer counts as linear") {
    CHECK_FALSE(read_linear_layer(onnx_bytes(test::residual_graph(1, 8, 8, 2))));
    CHECK_FALSE(read_linear_layer("no ONNX at all"));
}

TEST_CASE("A crop that does not fit a linear model throws") {
    const auto card = linear_card(false);
    const auto layer = read_linear_layer(onnx_bytes(test::linear_graph(card.crop.height, card.crop.width)));
    CHECK_THROWS_AS(linear_contributions(*layer, card, cv::Mat(5, 5, CV_8UC1), 1), std::invalid_argument);
    CHECK_THROWS_AS(linear_contributions(*layer, card, cv::Mat(9, 10, CV_8UC1), 2), std::invalid_argument);
}

TEST_CASE("Occlusion finds the part that determines the score") {
    test::FunctionScorer scorer(test::two_class_card(), score_left_half);
    const auto explainer = make_occlusion_explainer(scorer);
    cv::Mat crop(50, 50, CV_8UC1, cv::Scalar(0));
    crop.colRange(0, 20).setTo(250);
    const cv::Mat for_happy = explainer->explain(crop, 0, 10s).clone();
    REQUIRE(for_happy.size() == crop.size());
    CHECK(cv::mean(for_happy.colRange(5, 15))[0] > 0.0);
    CHECK(cv::mean(for_happy.colRange(35, 50))[0] == Approx(0.0).margin(1e-6));
    const cv::Mat for_fear = explainer->explain(crop, 1, 10s);
    CHECK(cv::mean(for_fear.colRange(5, 15))[0] < 0.0);
}

TEST_CASE("Occlusion covers one part per call if there is no time for more") {
    int scored = 0;
    test::FunctionScorer scorer(test::two_class_card(), [&](const cv::Mat& crop) {
        ++scored;
        return score_left_half(crop);
    });
    const auto explainer = make_occlusion_explainer(scorer);
    const cv::Mat crop(50, 50, CV_8UC1, cv::Scalar(90));
    for (int call = 1; call <= 70; ++call) {
        explainer->explain(crop, 0, 0s);
        CHECK(scored == 2 * call);
    }
}

TEST_CASE("Saved weights are explained exactly if they are linear") {
    const test::TemporaryFolder folder;
    const auto card = linear_card(false);
    save_model(folder / "m.yaml", card, test::linear_graph(card.crop.height, card.crop.width));
    const auto scorer = load_scorer(folder / "m.yaml");
    const auto layer = read_linear_layer(onnx_bytes(test::linear_graph(card.crop.height, card.crop.width)));
    const auto crop = self_check_crop(self_check_patterns().back(), card.crop);
    std::filesystem::remove_all(folder / "m.onnx");  // as if it had been replaced meanwhile
    const auto explainer = make_explainer(*scorer);
    const auto& heat = explainer->explain(crop, 1, 0s);
    CHECK(cv::norm(heat, linear_contributions(*layer, card, crop, 1), cv::NORM_INF) == 0.0);
}

}  // namespace explain_test
