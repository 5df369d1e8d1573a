#include "training/fit/fine_tuning.hpp"

#include <algorithm>
#include <chrono>

#include "base/error.hpp"
#include "base/formatted.hpp"
#include "base/join.hpp"
#include "base/seconds.hpp"
#include "base/version.hpp"
#include "ml/metrics/metrics.hpp"
#include "ml/network/network.hpp"
#include "ml/optim/softmax_regression.hpp"
#include "training/fit/card_builder.hpp"
#include "training/fit/network_fit.hpp"

namespace emotion::training {
namespace {

constexpr int kMaxFeatures = 4096;  // an identity layer has their square

/// Maps labels to the card's classes.
Dataset with_labels_of(const model::ModelCard& card, Dataset data) {
    std::vector<int> places;
    for (const auto& name : data.classes) {
        const auto place = card.find_class(name);
        if (!place)
            throw ConfigError("the folder " + name + " is not a class of " + card.name +
                              ", which knows: " + join(card.classes));
        places.push_back(*place);
    }
    for (auto& label : data.labels) label = places[static_cast<std::size_t>(label)];
    data.classes = card.classes;
    return data;
}

/// Folds the calibration into the layer; uncalibrated() undoes it.
ml::Dense calibrated(ml::Dense dense, const model::ModelCard& card) {
    for (auto& weight : dense.weights) weight = static_cast<float>(weight / card.temperature);
    for (std::size_t k = 0; k < dense.bias.size(); ++k)
        dense.bias[k] =
            static_cast<float>(dense.bias[k] / card.temperature + (card.bias.empty() ? 0.0 : card.bias[k]));
    return dense;
}
ml::Dense uncalibrated(ml::Dense dense, const model::ModelCard& card) {
    for (auto& weight : dense.weights) weight = static_cast<float>(weight * card.temperature);
    for (std::size_t k = 0; k < dense.bias.size(); ++k)
        dense.bias[k] =
            static_cast<float>((dense.bias[k] - (card.bias.empty() ? 0.0 : card.bias[k])) * card.temperature);
    return dense;
}

/// An identity layer on the flattened input.
ml::Dense identity(int size) {
    const auto n = static_cast<std::size_t>(size);
    ml::Dense dense{size, std::vector<float>(n * n, 0.0f), std::vector<float>(n, 0.0f)};
    for (std::size_t i = 0; i < n; ++i) dense.weights[i * (n + 1)] = 1.0f;
    return dense;
}

ml::Graph with_new_last_layer(const InitialModel& start, const Recipe& recipe, const Dataset& data,
                              ThreadPool& threads) {
    auto graph = start.graph;
    auto& last = std::get<ml::Dense>(graph.nodes.back().layer);
    if (last.inputs() > kMaxFeatures)
        throw ConfigError(
            start.card.name + ": its last layer reads " + std::to_string(last.inputs()) +
            " numbers, and alone it can be trained with at most " + std::to_string(kMaxFeatures) +
            ": expected global average pooling before it, or init: {trained: all} in the recipe");
    auto features_graph = graph;
    features_graph.nodes.back().layer = identity(last.inputs());
    // The logits of mean features are the mean logits of a picture and its mirror image, as in the scorer.
    const auto features = network_outputs(ml::Network(features_graph), data, start.card.mirror, threads);
    last = uncalibrated(ml::fit_softmax_regression(features, data.labels, picture_weights(recipe, data),
                                                   calibrated(last, start.card), recipe.init->pull),
                        start.card);
    return graph;
}

/// The mean loss of a card's predictions.
double loss_of(const model::ModelCard& card, const std::vector<ScoredFolder>& scored) {
    std::vector<double> of_truth;
    for (const auto& folder : scored)
        for (const auto& picture : folder.pictures)
            of_truth.push_back(
                picture.probabilities[static_cast<std::size_t>(card.class_index(folder.name))]);
    return ml::log_loss(of_truth).value_or(0.0);
}

}  // namespace

std::string tuned_name(const model::ModelCard& start) {
    return start.name + "-tuned";
}

TrainedModel fine_tune(const InitialModel& start, const Recipe& recipe, const Dataset& new_data,
                       const Dataset& new_validation, const TrainingContext& context) {
    if (!recipe.init) throw std::invalid_argument("fine_tune: a recipe without init");
    const auto started = std::chrono::steady_clock::now();
    const auto data = with_labels_of(start.card, new_data);
    const auto validation = with_labels_of(start.card, new_validation);

    auto card = start.card;
    card.name = tuned_name(start.card);
    card.description = start.card.name + ", trained further on other pictures";
    auto& provenance = card.provenance;
    provenance = {{"trainer", kVersion},
                  {"recipe", recipe.name},
                  {"seed", std::to_string(context.seed)},
                  {"init", start.card.name + ", " + start.card.weights_sha256}};
    FittedModel fitted;
    if (recipe.init->trained == InitRecipe::Trained::kLast) {
        provenance.emplace_back("trained", "last layer, pull " + formatted("%g", recipe.init->pull));
        fitted.graph = with_new_last_layer(start, recipe, data, context.threads);
        fitted.summary.epochs = fitted.summary.kept_epoch = 1;
    } else {
        auto with_shown = recipe;  // for the loss of shown_label
        for (const auto& shown : start.card.shown)
            with_shown.shown.push_back(start.card.classes[static_cast<std::size_t>(shown.class_index)]);
        fitted = fit_network_from(ml::Network(start.graph), with_shown, data, validation, context);
        fitted.held_out = {};  // calibration and thresholds stay
        provenance.emplace_back("trained", "all layers");
        provenance.insert(provenance.end(), fitted.provenance.begin(), fitted.provenance.end());
    }
    provenance.emplace_back("data.pictures", data.counts_text());
    provenance.emplace_back("data.sha256", data.sha256());

    auto trained = build_model(std::move(card), std::move(fitted), recipe, validation);
    trained.summary.loss = trained.summary.exact_loss = loss_of(trained.card, predictions_of(trained, data));
    trained.summary.seconds = seconds_since(started);
    return trained;
}

}  // namespace emotion::training
