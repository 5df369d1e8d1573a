#include "training/fit/network_fit.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include "base/counted.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/seconds.hpp"
#include "base/sha256.hpp"
#include "ml/network/network.hpp"
#include "training/data/folds.hpp"
#include "training/fit/distillation.hpp"
#include "training/fit/initial_model.hpp"
#include "training/fit/network_training.hpp"
#include "training/recipe/network_layers.hpp"

namespace emotion::training {
namespace {

constexpr int kFoldsWithoutValidation = 10;

std::string_view bytes_of(std::span<const float> values) {
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

/// A hash of everything that affects the result, so that a checkpoint of another training is not resumed.
std::string fingerprint(const ml::Network& start, const Recipe& recipe, const Dataset& data,
                        const Dataset& validation, std::uint64_t seed) {
    std::string all = recipe.sha256 + " " + std::to_string(seed);
    for (const auto values : {start.parameters(), start.statistics()}) all += " " + sha256(bytes_of(values));
    for (const Dataset* part : {&data, &validation}) all += " " + part->sha256();
    for (const auto& card : recipe.network.distillation.teachers) all += " " + sha256(read_file(card));
    return sha256(all);
}

/// The models that a card derives from, with numbered keys: models of one recipe share its name, and a dot in
/// a key would denote nesting.
model::Provenance origins(const NetworkRecipe& recipe) {
    model::Provenance result;
    const auto taken = [&](const std::string& key) {
        return std::any_of(result.begin(), result.end(), [&](const auto& one) { return one.first == key; });
    };
    const auto add = [&](const std::string& group, const std::filesystem::path& path) {
        const auto card = model::read_card(path);
        auto name = card.name;
        std::replace(name.begin(), name.end(), '.', '-');
        const auto plain = group + "." + name;
        auto key = plain;
        for (int number = 2; taken(key); ++number)
            key = std::string(plain).append(" ").append(std::to_string(number));
        result.emplace_back(key, card.weights_sha256);
    };
    if (!recipe.start.empty()) add("start", recipe.start);
    for (const auto& teacher : recipe.distillation.teachers) add("teachers", teacher);
    return result;
}

FittedModel fit(const ml::Network& start, const Recipe& recipe, const Dataset& data, const Dataset& held_out,
                const TrainingContext& context) {
    const auto started = std::chrono::steady_clock::now();
    const NetworkRecipe& network = recipe.network;
    const auto learned_from = origins(network);  // read now, because the files may change meanwhile
    NetworkTrainingData training_data{data, held_out, {}, picture_weights(recipe, data)};
    std::optional<ViewTeachers> teachers;
    for (const auto& name : recipe.shown)
        training_data.shown.push_back(static_cast<std::size_t>(
            std::find(data.classes.begin(), data.classes.end(), name) - data.classes.begin()));
    const bool has_teachers = !network.distillation.teachers.empty();
    if (has_teachers && network.distillation.mode == DistillationOptions::Mode::kEachView) {
        teachers.emplace(network.distillation, data.classes, data.crop);
        training_data.adjust_targets = [&](std::span<const float> views, std::span<float> batch) {
            teachers->mix_into(batch, views, context.threads);
        };
    } else if (has_teachers) {
        training_data.targets = distilled_targets(
            network.distillation, data, context.threads, [&](std::int64_t done, std::int64_t all) {
                context.report_progress("asking the teachers", done, all);
            });
    }
    const auto trained = train_network(start, network.plan, std::move(training_data), context,
                                       fingerprint(start, recipe, data, held_out, context.seed));

    FittedModel fitted;
    fitted.graph = trained.network.inference_graph();
    if (network.half_precision) ml::round_weights_to_halves(fitted.graph);
    fitted.held_out.logits =
        network_outputs(ml::Network(fitted.graph), held_out, recipe.mirror, context.threads);
    fitted.held_out.labels = held_out.labels;
    fitted.held_out.names = held_out.names;
    fitted.held_out.targets = held_out.targets;
    for (std::size_t i = 0; i < held_out.size(); ++i) fitted.held_out.votes.push_back(held_out.votes_of(i));
    const EpochRecord& best = trained.epochs[static_cast<std::size_t>(trained.best_epoch) - 1];
    fitted.provenance = {{"epochs", std::to_string(trained.epochs.size())},
                         {"best_epoch", std::to_string(trained.best_epoch)}};
    fitted.provenance.insert(fitted.provenance.end(), learned_from.begin(), learned_from.end());
    fitted.summary = {.epochs = static_cast<int>(trained.epochs.size()),
                      .kept_epoch = static_cast<int>(trained.best_epoch),
                      .loss = best.train_loss,
                      .exact_loss = best.train_loss,
                      .validation_loss = best.validation_loss,
                      .seconds = seconds_since(started)};
    return fitted;
}

/// Deals pictures into tenths, with duplicates together. For a class with fewer distinct pictures, such as
/// adjacent frames of a clip, duplicates have to be separated.
std::vector<int> assign_tenths(const Dataset& data, const TrainingContext& context,
                               std::vector<std::string>& warnings) {
    auto duplicates = duplicates_in(data, context.threads);
    const auto counts = data.counts();
    const auto different = count_different(data, duplicates);
    for (std::size_t k = 0; k < different.size(); ++k)
        if (counts[k] > 0 && counts[k] < kFoldsWithoutValidation)
            throw Error("the class " + data.classes[k] + " has " +
                        counted(static_cast<std::size_t>(counts[k]), "picture") + ", expected at least " +
                        std::to_string(kFoldsWithoutValidation) +
                        ", so that one of ten can be held out: add pictures, or give a validation folder "
                        "(--validation)");
    for (std::size_t k = 0; k < different.size(); ++k) {
        if (counts[k] < kFoldsWithoutValidation || different[k] >= kFoldsWithoutValidation) continue;
        warnings.push_back(
            "only " + std::to_string(different[k]) + " of the pictures of " + data.classes[k] +
            " differ, so training used copies of held-out pictures and the figures are too good");
        duplicates.clear();
        break;
    }
    return assign_folds(data, kFoldsWithoutValidation, context.seed, duplicates);
}

/// The first tenth with pictures of every class and at most a fifth of them; it may be larger because all
/// frames of a long clip are duplicates.
int tenth_to_hold_out(const Dataset& data, const std::vector<int>& fold_of) {
    const auto counts = data.counts();
    for (int fold = 0; fold < kFoldsWithoutValidation; ++fold) {
        const auto inside = fold_of_data(data, fold_of, fold).counts();
        bool fits = true;
        for (std::size_t k = 0; k < counts.size(); ++k)
            fits = fits && (counts[k] == 0 || (inside[k] > 0 && 5 * inside[k] <= counts[k]));
        if (fits) return fold;
    }
    return 0;
}

ml::Network network_to_start_from(const std::filesystem::path& card, const Dataset& data) {
    const auto model = load_initial_model(card);
    if (model.card.classes != data.classes || !model.takes(data.crop))
        throw ConfigError(
            card.string() +
            ": cannot start the training, expected the classes of the data in the same order and "
            "crops of the same size, color and normalisation");
    return ml::Network(model.graph);
}

}  // namespace

std::vector<float> picture_weights(const Recipe& recipe, const Dataset& data) {
    std::vector<float> weights;
    if (!recipe.class_weights.balanced && recipe.class_weights.weights.empty()) return weights;
    const auto of_class = recipe.class_weights.of(data);
    for (const int label : data.labels)
        weights.push_back(static_cast<float>(of_class[static_cast<std::size_t>(label)]));
    return weights;
}

std::vector<float> network_outputs(const ml::Network& network, const Dataset& data, bool mirror,
                                   ThreadPool& threads) {
    std::vector<float> answers(data.size() * network.outputs()), mirrored(answers.size());
    network.predict(network_inputs(data, false, threads), answers, threads);
    if (!mirror) return answers;
    network.predict(network_inputs(data, true, threads), mirrored, threads);
    for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = (answers[i] + mirrored[i]) / 2;
    return answers;
}

FittedModel fit_network_from(const ml::Network& start, const Recipe& recipe, const Dataset& data,
                             const Dataset& validation, const TrainingContext& context) {
    if (validation.size() > 0) {
        auto fitted = fit(start, recipe, data, validation, context);
        fitted.held_out.split = "validation";
        return fitted;
    }
    std::vector<std::string> warnings;
    const auto fold_of = assign_tenths(data, context, warnings);
    const int tenth = tenth_to_hold_out(data, fold_of);
    auto fitted = fit(start, recipe, data_without_fold(data, fold_of, tenth),
                      fold_of_data(data, fold_of, tenth), context);
    fitted.held_out.split = "held_out";
    fitted.warnings = std::move(warnings);
    return fitted;
}

FittedModel fit_network(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                        const TrainingContext& context) {
    if (!recipe.network.start.empty())
        return fit_network_from(network_to_start_from(recipe.network.start, data), recipe, data, validation,
                                context);
    const auto graph =
        parse_network(recipe.network.layers, {data.crop.channels(), data.crop.height, data.crop.width},
                      static_cast<int>(data.classes.size()));
    return fit_network_from(ml::Network(graph, context.seed), recipe, data, validation, context);
}

}  // namespace emotion::training
