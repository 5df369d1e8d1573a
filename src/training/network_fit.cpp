#include "training/network_fit.hpp"

#include <chrono>

#include "base/sha256.hpp"
#include "training/distillation.hpp"
#include "training/folds.hpp"
#include "training/network_layers.hpp"
#include "training/network_training.hpp"

namespace emotion {
namespace {

constexpr int kFoldsWithoutValidation = 10;

Dataset select(const Dataset& data, const std::vector<int>& fold_of, bool held_out) {
    Dataset part;
    part.classes = data.classes;
    part.crop = data.crop;
    const auto size = static_cast<std::ptrdiff_t>(data.crop_bytes());
    for (std::size_t i = 0; i < data.size(); ++i) {
        if ((fold_of[i] == 0) != held_out) continue;
        const auto crop = data.crops.begin() + static_cast<std::ptrdiff_t>(i) * size;
        part.crops.insert(part.crops.end(), crop, crop + size);
        part.labels.push_back(data.labels[i]);
        part.names.push_back(data.names[i]);
    }
    return part;
}

/// Of all that shapes the result, so that a training is not gone on with as another.
std::string fingerprint(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                        std::uint64_t seed) {
    std::string all = recipe.sha256 + " " + std::to_string(seed);
    for (const Dataset* part : {&data, &validation}) all += " " + part->sha256();
    return sha256(all);
}

NetworkTrainingHooks network_hooks(const TrainingHooks& hooks, int epochs) {
    NetworkTrainingHooks result;
    result.checkpoint = hooks.checkpoint;
    result.resume = hooks.resume;
    if (hooks.on_progress)
        result.on_batch = [&hooks, epochs](std::int64_t epoch, std::int64_t done, std::int64_t pictures) {
            hooks.on_progress("epoch " + std::to_string(epoch) + " of " + std::to_string(epochs), done,
                              pictures);
        };
    if (hooks.after_epoch)
        result.on_epoch = [&hooks, epochs](const EpochRecord& record) {
            hooks.after_epoch({"training", static_cast<int>(record.epoch), epochs, record.train_loss,
                               record.train_accuracy, record.validation_loss, record.validation_accuracy});
        };
    return result;
}

/// Logits as the scorer will see them: with `mirror` the mean of the picture's and its mirror image's.
std::vector<float> answers(const ml::Network& network, const Dataset& data, bool mirror,
                           ThreadPool& threads) {
    std::vector<float> logits(data.size() * network.outputs()), mirrored(logits.size());
    network.predict(network_inputs(data, false, threads), logits, threads);
    if (!mirror) return logits;
    network.predict(network_inputs(data, true, threads), mirrored, threads);
    for (std::size_t i = 0; i < logits.size(); ++i) logits[i] = (logits[i] + mirrored[i]) / 2;
    return logits;
}

FittedModel fit(const Recipe& recipe, const Dataset& data, const Dataset& held_out, std::uint64_t seed,
                ThreadPool& threads, const TrainingHooks& hooks) {
    const auto started = std::chrono::steady_clock::now();
    const NetworkRecipe& network = recipe.network;
    const int channels = data.crop.color == CropColor::kGray ? 1 : 3;
    const auto spec = parse_network(network.layers, {channels, data.crop.height, data.crop.width},
                                    static_cast<int>(data.classes.size()));
    std::vector<float> targets;
    if (!network.distillation.teachers.empty())
        targets =
            distilled_targets(network.distillation, data, threads, [&](std::int64_t done, std::int64_t all) {
                if (hooks.on_progress) hooks.on_progress("asking the teachers", done, all);
            });
    auto training_hooks = network_hooks(hooks, network.plan.epochs);
    training_hooks.fingerprint = fingerprint(recipe, data, held_out, seed);
    const auto trained =
        train_network(spec, network.plan, data, std::move(targets), held_out, seed, training_hooks, threads);

    FittedModel fitted;
    fitted.graph = trained.network.inference_graph();
    fitted.held_out.logits = answers(trained.network, held_out, recipe.mirror, threads);
    fitted.held_out.labels = held_out.labels;
    fitted.held_out.names = held_out.names;
    const EpochRecord& best = trained.epochs[static_cast<std::size_t>(trained.best_epoch) - 1];
    fitted.provenance = {{"epochs", std::to_string(network.plan.epochs)},
                         {"best_epoch", std::to_string(trained.best_epoch)}};
    const std::chrono::duration<double> duration = std::chrono::steady_clock::now() - started;
    fitted.summary = {TrainingEnd::kFinished, network.plan.epochs, best.train_loss, best.train_loss,
                      duration.count()};
    return fitted;
}

}  // namespace

FittedModel fit_network(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                        std::uint64_t seed, ThreadPool& threads, const TrainingHooks& hooks) {
    if (validation.size() > 0) {
        auto fitted = fit(recipe, data, validation, seed, threads, hooks);
        fitted.held_out.split = "validation";
        return fitted;
    }
    const auto fold_of = deal_into_folds(data, kFoldsWithoutValidation, seed);
    auto fitted =
        fit(recipe, select(data, fold_of, false), select(data, fold_of, true), seed, threads, hooks);
    fitted.held_out.split = "held_out";
    return fitted;
}

}  // namespace emotion
