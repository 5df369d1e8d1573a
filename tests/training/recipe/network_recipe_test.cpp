#include <filesystem>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "training/recipe/recipe.hpp"

namespace network_recipe_test {

using namespace emotion;
using namespace emotion::training;

namespace {

const std::string kTop = "family: network\nclasses: [happy, fear]\nshow: {precision: [0.9, 0.6]}\n";
const std::string kNetwork = "network:\n  layers: [conv 8, global_average_pool]\n  epochs: 3\n";

std::vector<ClassFolder> folders() {
    return {{"angry", {"a1"}}, {"fear", {"f1", "f2"}}, {"happy", {"h1"}}, {"sad", {"s1"}}};
}

std::vector<std::string> names(const std::vector<ClassFolder>& chosen) {
    std::vector<std::string> result;
    for (const auto& folder : chosen) result.push_back(folder.name);
    return result;
}

}  // namespace

TEST_CASE("A network recipe is read with its defaults") {
    const auto recipe = parse_recipe(kTop + "others: learned\nmirror: true\n" + kNetwork, "config/r.yaml");
    CHECK(recipe.family == Family::kNetwork);
    CHECK(recipe.network.plan.epochs == 3);
    CHECK(recipe.network.plan.batch_size == NetworkTrainingPlan().batch_size);
    CHECK(recipe.shown == std::vector<std::string>{"happy", "fear"});
    CHECK(recipe.show_precision == std::vector<double>{0.9, 0.6});
    CHECK(recipe.mirror);
}

TEST_CASE("A recipe configures the optimizer of its network") {
    const auto optimizer = [](const std::string& more) {
        return parse_recipe(kTop + kNetwork + more, "r.yaml").network.plan.optimizer;
    };
    CHECK(std::get<ml::AdamW>(optimizer("  weight_decay: 0.5\n")).weight_decay == 0.5);
    const auto sgd = std::get<ml::Sgd>(optimizer("  optimizer: sgd\n  momentum: 0.8\n"));
    CHECK(sgd.momentum == 0.8);
    CHECK(sgd.weight_decay == ml::Sgd().weight_decay);
    CHECK_THROWS_WITH(optimizer("  momentum: 0.8\n"), ContainsSubstring("momentum is not known here"));
    CHECK_THROWS_WITH(optimizer("  optimizer: adam\n"), ContainsSubstring("expected one of adamw, sgd"));
}

TEST_CASE("Distillation without teachers is rejected") {
    CHECK_THROWS_WITH(
        parse_recipe(kTop + kNetwork + "  distillation: {teachers: [], weight: 0.5}\n", "r.yaml"),
        ContainsSubstring("r.yaml:7:18: network.distillation.teachers = a list, expected at least one"));
}

TEST_CASE("Paths of teachers are relative to the recipe") {
    const auto recipe =
        parse_recipe(kTop + kNetwork + "  distillation: {teachers: [../models/teacher.yaml], weight: 0.5}\n",
                     "config/r.yaml");
    REQUIRE(recipe.network.distillation.teachers.size() == 1);
    CHECK(recipe.network.distillation.teachers[0] == std::filesystem::path("config/../models/teacher.yaml"));
    CHECK(recipe.network.distillation.mode == DistillationOptions::Mode::kOnce);
    const auto each = parse_recipe(
        kTop + kNetwork + "  distillation: {teachers: [t.yaml], asked: each_view}\n", "config/r.yaml");
    CHECK(each.network.distillation.mode == DistillationOptions::Mode::kEachView);
}

TEST_CASE("A recipe with initial weights finds them relative to itself and has no layers") {
    const auto recipe = parse_recipe(kTop + "network:\n  start: ../models/first.yaml\n", "config/r.yaml");
    CHECK(recipe.network.start == std::filesystem::path("config/../models/first.yaml"));
    CHECK(recipe.network.layers.empty());
    CHECK_THROWS_WITH(parse_recipe(kTop + "network:\n  start: ''\n", "config/r.yaml"),
                      ContainsSubstring("start") && ContainsSubstring("expected a model card"));
    CHECK_THROWS_WITH(parse_recipe(kTop + kNetwork + "  start: first.yaml\n", "r.yaml"),
                      ContainsSubstring("expected none together with start"));
    CHECK_THROWS_WITH(parse_recipe(kTop + "network:\n  epochs: 3\n", "r.yaml"), ContainsSubstring("layers"));
}

TEST_CASE("Folders that a recipe does not name are treated as it specifies") {
    const auto chosen = [](const std::string& others) {
        return choose_classes(folders(),
                              parse_recipe(kTop + "others: " + others + "\n" + kNetwork, "r.yaml"));
    };
    CHECK(names(chosen("ignored")) == std::vector<std::string>{"happy", "fear"});
    CHECK(names(chosen("learned")) == std::vector<std::string>{"happy", "fear", "angry", "sad"});
    const auto together = chosen("one_class");
    CHECK(names(together) == std::vector<std::string>{"happy", "fear", "other"});
    CHECK(together.back().files == std::vector<std::filesystem::path>{"a1", "s1"});

    const auto with_classes = [](const std::string& classes, const std::string& others) {
        return parse_recipe("family: network\nclasses: " + classes + "\nothers: " + others + "\n" + kNetwork,
                            "r.yaml");
    };
    CHECK_THROWS_WITH(choose_classes(folders(), with_classes("[happy]", "ignored")),
                      ContainsSubstring("only one class, happy, expected at least two"));
    CHECK(choose_classes(folders(), with_classes("[happy]", "one_class")).size() == 2);
    const std::vector<ClassFolder> with_other{{"happy", {"h"}}, {"other", {"o"}}, {"sad", {"s"}}};
    CHECK_THROWS_WITH(choose_classes(with_other, with_classes("[happy, other]", "one_class")),
                      ContainsSubstring("classes contains other"));
    CHECK(choose_classes(with_other, with_classes("[happy, other]", "learned")).size() == 3);

    auto wary = parse_recipe(kTop + kNetwork, "r.yaml");
    wary.show_penalties = {{"sad", {0.5, 0.5}}};
    CHECK_THROWS_WITH(choose_classes(folders(), wary),
                      ContainsSubstring("show.less.sad: expected a class that is learned: happy, fear"));
}

TEST_CASE("Layers are checked against the crop of their recipe") {
    const auto parse = [](const std::string& side, const std::string& layers) {
        return parse_recipe("family: network\nclasses: [happy, fear]\ncrop: {width: " + side +
                                ", height: " + side + "}\nnetwork:\n  layers: [" + layers + "]\n",
                            "r.yaml");
    };
    const std::string six = "conv 4, max_pool, max_pool, max_pool, max_pool, max_pool, max_pool";
    CHECK(parse("200", six).network.layers.size() == 7);
    CHECK_THROWS_WITH(parse("32", six), ContainsSubstring("r.yaml:5:3: network.layers = ") &&
                                            ContainsSubstring("does not fit into its input"));
    CHECK_THROWS_WITH(parse("50", "conv 100000, conv 100000"),
                      ContainsSubstring("'conv 100000': 100000, expected a whole number in [1, 4096]"));
    CHECK_THROWS_WITH(parse("50", "conv 8 100001x100001"), ContainsSubstring("[1, 31]"));
    CHECK_THROWS_WITH(parse("50", "conv 8 /17"), ContainsSubstring("[1, 16]"));
    CHECK_THROWS_WITH(parse("50", "conv 4096, conv 4096 31x31"),
                      ContainsSubstring("r.yaml:5:3: ") && ContainsSubstring("too many weights"));
    CHECK_THROWS_WITH(parse("512", "conv 4096"), ContainsSubstring("4096x512x512 is too large"));
    CHECK_THROWS_WITH(parse("50", "conv 2048, conv 2048, conv 2048, conv 2048"),
                      ContainsSubstring("weights, expected at most 100000000"));
}

TEST_CASE("The page of recipes holds the table of a network's settings") {
    const auto page = read_file(std::string(EMOTION_SOURCE_DIR) + "/assets/docs/recipes.md");
    INFO("expected these lines in assets/docs/recipes.md:\n\n" << plan_settings_page());
    CHECK(page.find("\n\n" + plan_settings_page()) != std::string::npos);
}

TEST_CASE("Errors in a network recipe name the line") {
    const auto parse = [](const std::string& text) { parse_recipe(text, "r.yaml"); };
    CHECK_THROWS_WITH(parse(kTop + "network:\n  layers: [convolution]\n"),
                      ContainsSubstring("r.yaml:5") && ContainsSubstring("expected conv"));
    CHECK_THROWS_WITH(parse(kTop + kNetwork + "  epoch: 3\n"), ContainsSubstring("epoch"));
    CHECK_THROWS_WITH(parse("family: network\nclasses: [happy, happy]\n" + kNetwork),
                      ContainsSubstring("each only once"));
    CHECK_THROWS_WITH(parse("family: network\nclasses: [happy, fear]\nshow: {precision: [0.5]}\n" + kNetwork),
                      ContainsSubstring("one for each shown class"));
    CHECK_THROWS_WITH(
        parse(kTop + kNetwork + "  learning_rate: 0\n"),
        ContainsSubstring("r.yaml:7:3: network.learning_rate = 0, expected a finite number in (0, 1e+38]"));
    CHECK_THROWS_WITH(parse(kTop + kNetwork + "folds: 5\n"), ContainsSubstring("r.yaml:7:1: folds"));
    CHECK_THROWS_WITH(choose_classes({{"sad", {}}}, parse_recipe(kTop + kNetwork, "r.yaml")),
                      ContainsSubstring("no folder for the class happy"));
}

}  // namespace network_recipe_test
