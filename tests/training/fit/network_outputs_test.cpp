#include <cmath>

#include "base/random.hpp"
#include "model/model_files.hpp"
#include "model/network_runner.hpp"
#include "model/scorer.hpp"
#include "support/catch.hpp"
#include "training/data/class_pictures.hpp"
#include "training/fit/network_fit.hpp"
#include "training/recipe/network_layers.hpp"

namespace network_outputs_test {

using namespace emotion;
using namespace emotion::training;

TEST_CASE("The detector and OpenCV agree with the trainer for a network with every kind of layer") {
    auto data = test::class_dataset({"up", "down", "none"}, 4);
    data.crop.normalization = faces::Normalization::kPerPicture;
    ml::Network network(
        parse_network({"conv 6 5x5 /2", "depthwise 3x3", "conv 10", "residual", "max_pool", "residual 5x5",
                       "conv 12", "average_pool", "global_average_pool", "dropout 0.3"},
                      {1, 16, 16}, 3),
        4);
    Random random(9);  // perturbed, so that no scale is one and no shift is zero
    for (float& weight : network.parameters()) weight += static_cast<float>(0.1 * random.normal());
    for (float& value : network.statistics()) value = static_cast<float>(0.5 + random.uniform());

    model::ModelCard card;
    card.name = "every-layer";
    card.classes = data.classes;
    card.crop = data.crop;
    card.positive = "down";
    card.mirror = true;
    card.temperature = 0.1;  // to spread the probabilities
    card.shown = {{0, 0.5}};
    ThreadPool pool(2);
    const auto logits = network_outputs(network, data, card.mirror, pool);
    const auto onnx = model::onnx_bytes(network.inference_graph());
    const auto scorer = model::make_scorer(card, onnx, "every-layer");
    const auto scored = score_dataset(*scorer, data);
    std::size_t picture = 0;
    double most = 0.0;
    for (const auto& folder : scored)
        for (const auto& one : folder.pictures) {
            const auto own = model::to_probabilities(std::span(logits).subspan(3 * picture++, 3), card);
            for (std::size_t k = 0; k < 3; ++k) {
                CHECK(one.probabilities[k] == Approx(own[k]).margin(1e-4));
                most = std::max(most, std::abs(double{own[k]} - 1.0 / 3));
            }
        }
    CHECK(picture == 12);

    card.mirror = false;
    const auto plain = network_outputs(network, data, false, pool);
    const auto opencv =
        model::make_dnn_runner(onnx, "every-layer", model::InputLayout::kChannelsFirst, card.crop);
    std::vector<float> planes(data.crop_bytes());
    for (picture = 0; picture < 12; ++picture) {
        const cv::Mat crop(data.crop.height, data.crop.width, CV_8UC1,
                           &data.crops[picture * data.crop_bytes()]);
        faces::normalize(crop, card.crop, planes);
        const auto answer = model::to_probabilities(opencv->run(planes), card);
        const auto own = model::to_probabilities(std::span(plain).subspan(3 * picture, 3), card);
        for (std::size_t k = 0; k < 3; ++k) CHECK(answer[k] == Approx(own[k]).margin(1e-4));
    }
    CHECK(most > 0.05);  // the outputs are not constant
}

}  // namespace network_outputs_test
