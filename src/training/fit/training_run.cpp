#include "training/fit/training_run.hpp"

#include <stdexcept>
#include <utility>

#include "base/version.hpp"
#include "training/fit/card_builder.hpp"
#include "training/fit/logistic_fit.hpp"
#include "training/fit/network_fit.hpp"

namespace emotion::training {
namespace {

FittedModel fit(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                const TrainingContext& context) {
    switch (recipe.family) {
        case Family::kLogistic:
            return fit_logistic(recipe, data, validation, context);
        case Family::kNetwork:
            return fit_network(recipe, data, validation, context);
    }
    throw std::invalid_argument("train: a family that is not known");
}

/// A card with classes, crop and the recipe's thresholds, which may be replaced later.
model::ModelCard draft_card(const Recipe& recipe, const Dataset& data) {
    model::ModelCard card;
    card.name = recipe.name;
    card.description = recipe.description;
    card.classes = data.classes;
    card.crop = data.crop;
    card.positive = recipe.positive;
    card.mirror = recipe.mirror;
    for (std::size_t k = 0; k < recipe.shown.size(); ++k) {
        card.shown.push_back({card.class_index(recipe.shown[k]), recipe.show_from});
        for (const auto& [other, shares] : recipe.show_penalties)
            if (other != recipe.shown[k] && shares[k] > 0.0)
                card.shown[k].penalties[card.class_index(other)] = shares[k];
    }
    return card;
}

}  // namespace

TrainedModel train(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                   const TrainingContext& context) {
    auto fitted = fit(recipe, data, validation, context);
    auto card = draft_card(recipe, data);
    card.activation = fitted.activation;
    auto& provenance = card.provenance;
    provenance = {{"trainer", kVersion}, {"recipe", recipe.name}, {"seed", std::to_string(context.seed)}};
    provenance.insert(provenance.end(), fitted.provenance.begin(), fitted.provenance.end());
    if (!recipe.data_source.empty()) provenance.emplace_back("data.source", recipe.data_source);
    if (!recipe.data_terms.empty()) provenance.emplace_back("data.terms", recipe.data_terms);
    provenance.emplace_back("data.pictures", data.counts_text());
    provenance.emplace_back("data.sha256", data.sha256());
    return build_model(std::move(card), std::move(fitted), recipe, validation);
}

}  // namespace emotion::training
