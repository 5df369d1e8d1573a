#include "training/recipe/network_recipe.hpp"

#include <limits>
#include <stdexcept>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "training/recipe/network_layers.hpp"

namespace emotion::training {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();

AugmentationOptions read_augmentation(config::YamlMap yaml) {
    AugmentationOptions options;
    options.flip = yaml.get_in("flip", options.flip, 0.0, 1.0);
    options.shift = yaml.get_in("shift", options.shift, 0.0, 0.5);
    options.rotation_deg = yaml.get_in("rotation_deg", options.rotation_deg, 0.0, 180.0);
    options.scale = yaml.get_in("scale", options.scale, 0.0, 1.0);
    options.zoom = yaml.get_in("zoom", options.zoom, 0.5, 2.0);
    options.equalize = yaml.get_in("equalize", options.equalize, 0.0, 1.0);
    options.contrast = yaml.get_in("contrast", options.contrast, 0.0, 1.0);
    options.gamma = yaml.get_in("gamma", options.gamma, 0.0, 1.0);
    options.shadow = yaml.get_in("shadow", options.shadow, 0.0, 1.0);
    options.blur = yaml.get_in("blur", options.blur, 0.0, 1.0);
    options.coarse = yaml.get_in("coarse", options.coarse, 0.0, 1.0);
    options.sharpen = yaml.get_in("sharpen", options.sharpen, 0.0, 1.0);
    options.compress = yaml.get_in("compress", options.compress, 0.0, 1.0);
    options.noise = yaml.get_in("noise", options.noise, 0.0, 1.0);
    options.erase = yaml.get_in("erase", options.erase, 0.0, 1.0);
    return options;
}

DistillationOptions read_distillation(config::YamlMap yaml, const std::filesystem::path& folder) {
    DistillationOptions options;
    for (const auto& teacher : yaml.get("teachers", std::vector<std::string>{}))
        options.teachers.push_back(folder / teacher);
    options.weight = yaml.get_in("weight", options.weight, 0.0, 1.0);
    options.asked = static_cast<DistillationOptions::Asked>(yaml.get_word("asked", {"once", "each_view"}, 0));
    return options;
}

ml::OptimizerOptions read_optimizer(config::YamlMap& yaml) {
    const auto with_decay = [&](auto optimizer) {
        optimizer.weight_decay = yaml.get_in("weight_decay", optimizer.weight_decay, 0.0, kLargest);
        return optimizer;
    };
    if (yaml.get_word("optimizer", {"adamw", "sgd"}, 0) == 0) return with_decay(ml::AdamW{});
    ml::Sgd sgd;
    sgd.momentum = yaml.get_in("momentum", sgd.momentum, 0.0, 0.999999);
    return with_decay(sgd);
}

void read_layers(config::YamlMap& yaml, const std::filesystem::path& folder, const ml::Shape& input,
                 NetworkRecipe& recipe) {
    if (yaml.has("start")) {
        const auto start = yaml.get<std::string>("start");
        if (start.empty()) yaml.fail("start", "expected a model card, or no start for a network of layers");
        recipe.start = folder / start;
        if (yaml.has("layers"))
            yaml.fail("layers", "expected none together with start, which brings its own layers");
        return;
    }
    recipe.layers = yaml.get<std::vector<std::string>>("layers");
    try {
        parse_network(recipe.layers, input, 2);
    } catch (const std::invalid_argument& problem) {
        yaml.fail("layers", one_line(problem.what(), 300));
    }
}

}  // namespace

NetworkRecipe read_network_recipe(config::YamlMap yaml, const std::filesystem::path& folder,
                                  const std::optional<ml::Shape>& input) {
    NetworkRecipe recipe;
    if (input) read_layers(yaml, folder, *input, recipe);
    NetworkTrainingPlan& plan = recipe.plan;
    plan.epochs = yaml.get_in("epochs", plan.epochs, 1, 100000);
    plan.batch_size = yaml.get_in("batch_size", plan.batch_size, 2, 4096);
    plan.learning_rate = yaml.get_in("learning_rate", plan.learning_rate, 0.0, kLargest);
    if (plan.learning_rate == 0.0) yaml.fail("learning_rate", "expected a positive number");
    plan.warmup = yaml.get_in("warmup", plan.warmup, 0.0, 1.0);
    plan.optimizer = read_optimizer(yaml);
    plan.label_smoothing = yaml.get_in("label_smoothing", plan.label_smoothing, 0.0, 0.99);
    plan.averaging = yaml.get_in("averaging", plan.averaging, 0.0, 0.999999);
    plan.patience = yaml.get_in("patience", plan.patience, 0, 100000);
    plan.augmentation = read_augmentation(yaml.map("augmentation"));
    recipe.distillation = read_distillation(yaml.map("distillation"), folder);
    yaml.finish();
    return recipe;
}

}  // namespace emotion::training
