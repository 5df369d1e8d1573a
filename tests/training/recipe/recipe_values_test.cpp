#include "training/recipe/recipe_values.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

namespace recipe_values_test {

using namespace emotion;
using namespace emotion::training;

namespace {

const std::string kRecipe = R"(family: logistic  # one of two
classes: [happy, "fear, sort of"]
logistic:
  l2: [1, 2]     # the strongest that will do
  features: unit
  descent: {learning_rate: 1e-7, epochs: 10}
network:
  learning_rate: 6.0e-3    # at its peak
  layers:
    - conv 8
)";

std::string changed(const std::string& key, const std::string& value) {
    return with_recipe_value(kRecipe, "r.yaml", key, value);
}

std::string replaced(const std::string& from, const std::string& to) {
    auto text = kRecipe;
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("A value of a recipe is replaced and all else stays unchanged") {
    CHECK(changed("family", "network") == replaced("logistic  #", "network  #"));
    CHECK(changed("l2", "1e3") == replaced("[1, 2]", "1e3"));
    CHECK(changed("classes", "[a, b]") == replaced("[happy, \"fear, sort of\"]", "[a, b]"));
    CHECK(changed("features", "standardised") == replaced("unit", "standardised"));
    CHECK(changed("epochs", "99") == replaced("epochs: 10", "epochs: 99"));
    CHECK(changed("descent.learning_rate", "1") == replaced("1e-7", "1"));
    CHECK(changed("network.learning_rate", "1e-2") == replaced("6.0e-3", "1e-2"));
}

TEST_CASE("A missing or ambiguous key is rejected listing the candidates") {
    CHECK_THROWS_WITH(changed("learning_rate", "1"),
                      ContainsSubstring("logistic.descent.learning_rate, network.learning_rate"));
    CHECK_THROWS_WITH(changed("epocs", "1"), ContainsSubstring("logistic.descent.epochs"));
    CHECK_THROWS_AS(changed("logistic", "1"), ConfigError);
    CHECK_THROWS_WITH(changed("layers", "1"), ContainsSubstring("not on its key's line"));
    CHECK_THROWS_AS(changed("l2", "1\n2"), ConfigError);
    CHECK(recipe_value_path(kRecipe, "r.yaml", "epochs") == "logistic.descent.epochs");
    CHECK_THROWS_AS(recipe_value_path(kRecipe, "r.yaml", "epocs"), ConfigError);
}

TEST_CASE("Trials are read from the command line and combined") {
    const auto trial = parse_trial("logistic.l2=1e2,1e3");
    CHECK(trial.key == "logistic.l2");
    CHECK(trial.values == std::vector<std::string>{"1e2", "1e3"});
    CHECK(parse_trial("l2=[1,10],5").values == std::vector<std::string>{"[1,10]", "5"});
    for (const char* wrong : {"l2", "l2=", "=1", "l2=1,,2", "l2=1,"})
        CHECK_THROWS_AS(parse_trial(wrong), ConfigError);
    const std::vector<std::vector<std::string>> all{{"1", "x"}, {"1", "y"}, {"2", "x"}, {"2", "y"}};
    CHECK(combinations({{"a", {"1", "2"}}, {"b", {"x", "y"}}}) == all);
    const std::vector<std::string> hundred(100, "1");
    CHECK(combinations({{"a", hundred}, {"b", hundred}}).size() == 10'000);
    CHECK_THROWS_AS(combinations({{"a", hundred}, {"b", hundred}, {"c", {"1", "2"}}}), ConfigError);
    CHECK_THROWS_AS(combinations(std::vector<Trial>(40, {"a", hundred})), ConfigError);
}

}  // namespace recipe_values_test
