#include "training/recipe/network_recipe.hpp"

#include <limits>
#include <stdexcept>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "training/recipe/network_layers.hpp"

namespace emotion::training {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();

DistillationOptions read_distillation(config::YamlMap yaml, const std::filesystem::path& folder) {
    DistillationOptions options;
    for (const auto& teacher : yaml.get("teachers", std::vector<std::string>{}))
        options.teachers.push_back(folder / teacher);
    if (yaml.has("teachers") && options.teachers.empty())
        yaml.fail("teachers", "expected at least one model card, or no distillation");
    options.weight = yaml.get_in("weight", options.weight, 0.0, 1.0);
    options.mode = static_cast<DistillationOptions::Mode>(yaml.get_word("asked", {"once", "each_view"}, 0));
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
    config::read_settings_in(yaml, settings_of(plan), folder);
    config::read_settings(yaml, settings_of(plan.augmentation), folder);
    plan.optimizer = read_optimizer(yaml);
    recipe.half_precision = yaml.get_word("weights", {"float32", "float16"}, 0) == 1;
    recipe.distillation = read_distillation(yaml.map("distillation"), folder);
    yaml.finish();
    return recipe;
}

}  // namespace emotion::training
