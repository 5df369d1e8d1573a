#include "training/recipe/recipe.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

namespace recipe_test {

using namespace emotion;
using namespace emotion::training;

namespace {

const std::filesystem::path kRecipes = std::filesystem::path(EMOTION_SOURCE_DIR) / "config" / "recipes";

const std::string kSmallest = R"(family: logistic
classes: [happy, fear]
logistic:
  features: unit
  solver: descent
  descent: {learning_rate: 1e-7, epochs: 10}
)";

std::string replaced(const std::string& from, const std::string& to) {
    auto text = kSmallest;
    return text.replace(text.find(from), from.size(), to);
}

std::string error_of(const std::string& text) {
    try {
        parse_recipe(text, "r.yaml");
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("Every shipped recipe can be read") {
    int recipes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kRecipes)) {
        INFO(entry.path());
        const auto recipe = read_recipe(entry.path());
        CHECK(recipe.name == entry.path().stem());
        CHECK_FALSE(recipe.description.empty());
        ++recipes;
    }
    CHECK(recipes >= 5);
}

TEST_CASE("The notebook's recipes match the notebook") {
    const auto gd = read_recipe(kRecipes / "notebook-gd.yaml").logistic;
    CHECK(gd.features == Features::kUnit);
    CHECK(gd.solver == Solver::kDescent);
    CHECK_FALSE(gd.bias);
    CHECK(gd.l2 == std::vector<double>{0.0});
    CHECK(gd.descent.learning_rate == 1e-7);
    CHECK(gd.descent.epochs == 5000);
    CHECK(gd.descent.batch_size == 0);

    CHECK(read_recipe(kRecipes / "notebook-bias.yaml").logistic.bias);

    const auto l2 = read_recipe(kRecipes / "notebook-l2.yaml").logistic;
    CHECK(l2.l2 == std::vector<double>{1e-3});
    CHECK(l2.penalize_gradient);

    const auto minibatch = read_recipe(kRecipes / "notebook-minibatch.yaml").logistic;
    CHECK(minibatch.l2 == std::vector<double>{0.1});
    CHECK(minibatch.descent.batch_size == 100);
    CHECK_FALSE(minibatch.descent.drop_last);
}

TEST_CASE("Missing keys of a recipe have defaults") {
    const auto recipe = parse_recipe(kSmallest, "folder/small.yaml");
    CHECK(recipe.name == "small");
    CHECK(recipe.positive == "fear");
    CHECK(recipe.crop == faces::CropSpec{});
    CHECK(recipe.folds == 0);
    CHECK(recipe.show_from == 0.5);
    CHECK(recipe.show_precision.empty());
}

TEST_CASE("A recipe says which columns of tables are not read") {
    const auto rules = [](const std::string& meaning) {
        return parse_recipe(kSmallest + "votes: {meaning: " + meaning + "}\n", "r.yaml").votes;
    };
    const auto votes = rules("{notes: ignore, afraid: fear, unknown: \"\"}");
    CHECK(votes.ignored == std::set<std::string>{"notes"});
    CHECK(votes.meaning == std::map<std::string, std::string>{{"afraid", "fear"}, {"unknown", ""}});
    CHECK(votes.class_of("afraid") == "fear");
    CHECK(votes.class_of("happy") == "happy");
    CHECK(votes.class_of("unknown").empty());
    CHECK_THAT(error_of(kSmallest + "votes: {meaning: {notes: ignored}}\n"),
               ContainsSubstring("votes.meaning.notes = ignored, expected one of the classes") &&
                   ContainsSubstring("or ignore for a column that is not read"));
    auto with_class = kSmallest;  // a class of that name is meant before
    with_class.replace(with_class.find("[happy, fear]"), 13, "[happy, ignore]");
    const auto named = parse_recipe(with_class + "votes: {meaning: {other: ignore}}\n", "r.yaml").votes;
    CHECK(named.ignored.empty());
    CHECK(named.meaning.at("other") == "ignore");
}

TEST_CASE("Penalties are one value for all labels or one for each") {
    CHECK(parse_recipe(kSmallest + "show: {less: {happy: 0.25}}\n", "r.yaml").show_penalties.at("happy") ==
          std::vector<double>{0.25, 0.25});
    CHECK(
        parse_recipe(kSmallest + "show: {less: {happy: [0, 0.5]}}\n", "r.yaml").show_penalties.at("happy") ==
        std::vector<double>{0.0, 0.5});
}

TEST_CASE("An invalid recipe is rejected with its line and key") {
    CHECK_THAT(error_of(replaced("epochs: 10", "epocs: 10")), ContainsSubstring("r.yaml:6"));
    CHECK_THAT(error_of(replaced("learning_rate: 1e-7", "learning_rate: 0")),
               ContainsSubstring("logistic.descent.learning_rate = 0"));
    CHECK_THAT(error_of(replaced("epochs: 10", "epochs: 10, drop_last: true")),
               ContainsSubstring("logistic.descent.drop_last"));
    CHECK_THAT(error_of(replaced("family: logistic", "family: forest")),
               ContainsSubstring("family = forest"));
    CHECK_THAT(error_of(replaced("[happy, fear]", "[happy, happy]")), ContainsSubstring("classes"));
    CHECK_THAT(error_of(replaced("[happy, fear]", "[happy, ../fear]")), ContainsSubstring("classes"));
    CHECK_THAT(error_of(replaced("solver: descent", "solver: lbfgs")), ContainsSubstring("descent"));
    for (const char* shown : {"[]", "[happy, happy]", "[happy, joy]"})
        for (const char* show : {"", "show: {less: {happy: 0.5}}\n"})
            CHECK_THAT(
                error_of(kSmallest + "shown: " + shown + "\n" + show),
                ContainsSubstring("shown = a list, expected at least one of the classes, each only once"));
    CHECK_THAT(error_of(kSmallest + "positive: joy\n"), ContainsSubstring("positive = joy"));
    CHECK_THAT(error_of(kSmallest + "folds: 1\n"), ContainsSubstring("folds = 1"));
    CHECK_THAT(error_of(kSmallest + "show: {precision: 0.8}\n"), ContainsSubstring("show.precision"));
    CHECK_THAT(error_of(kSmallest + "show: {less: {happy: 1.5}}\n"),
               ContainsSubstring("show.less.happy = 1.5"));
    CHECK_THAT(error_of(kSmallest + "show: {less: {happy: [0.5]}}\n"),
               ContainsSubstring("show.less.happy = a list, expected one number in [0, 1], or one for each"));
    CHECK_THAT(error_of(kSmallest + "show: {less: {sad: 0.5}}\n"),
               ContainsSubstring("r.yaml:7:15: show.less.sad = 0.5, expected the name of a class that is "
                                 "learned: happy, fear"));
    CHECK_THAT(error_of(replaced("solver: descent", "solver: descent\n  l2: [1, 2]")),
               ContainsSubstring("logistic.l2"));
    CHECK(error_of(replaced("solver: descent", "solver: descent\n  l2: [1, 2]") + "folds: 5\n") ==
          "no error");
}

TEST_CASE("Thresholds and descriptions do not change the identity of a training") {
    const auto hash_of = [](const std::string& text) { return parse_recipe(text, "r.yaml").sha256; };
    const auto hash = hash_of(kSmallest);
    CHECK(hash_of("# why\n" + kSmallest + "description: Mine\nshow: {min_probability: 0.9}\n") == hash);
    CHECK(hash_of(replaced("epochs: 10", "epochs:  10")) == hash);
    CHECK(hash_of(replaced("epochs: 10", "epochs: 11")) != hash);
    CHECK(hash_of(replaced("[happy, fear]", "[fear, happy]")) != hash);
    CHECK(hash_of(kSmallest + "positive: happy\n") != hash);
}

}  // namespace recipe_test
