#include "training/evaluation/comparison.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace comparison_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

ScoredPicture scored(const std::string& name, float happy) {
    return {name, ScoredPicture::Outcome::kScored, {happy, 1.0f - happy}};
}

}  // namespace

TEST_CASE("Two models are compared picture by picture and their contradictions listed") {
    auto a = two_class_card(0.6), b = two_class_card(0.6);
    a.name = "a";
    b.name = "b";
    const std::vector<ScoredFolder> by_a{
        {"happy", {scored("happy/1", 0.9f), scored("happy/2", 0.8f), scored("happy/3", 0.2f)}},
        {"fear", {scored("fear/1", 0.1f), {"fear/2", ScoredPicture::Outcome::kUnreadable, {}}}},
        {"sad", {scored("sad/1", 0.5f), scored("sad/2", 0.9f)}}};
    const std::vector<ScoredFolder> by_b{
        {"happy", {scored("happy/1", 0.7f), scored("happy/2", 0.1f), scored("happy/3", 0.4f)}},
        {"fear", {scored("fear/1", 0.55f), {"fear/2", ScoredPicture::Outcome::kUnreadable, {}}}},
        {"sad", {scored("sad/1", 0.5f), scored("sad/2", 0.5f)}}};

    const auto comparison = compare(a, by_a, b, by_b);
    CHECK(comparison.forced.both == 1);
    CHECK(comparison.forced.only_a == 2);
    CHECK(comparison.forced.only_b == 0);
    CHECK(comparison.forced.neither == 1);
    CHECK(comparison.forced.test().p_value == Approx(0.5));
    CHECK(comparison.shown.both == 2);    // happy/1, and none on sad/1
    CHECK(comparison.shown.only_a == 2);  // happy/2 and fear/1
    CHECK(comparison.shown.only_b == 1);  // none on sad/2
    CHECK(comparison.shown.neither == 1);
    REQUIRE(comparison.differing.size() == 2);
    CHECK(comparison.differing[0].name == "happy/2");
    CHECK(comparison.differing[0].answer_b == "fear");
    CHECK(comparison.differing[0].probability_b == Approx(0.9));
    CHECK(comparison.differing[1].name == "fear/1");

    const auto json = to_json(comparison);
    CHECK(json["a"]["forced"]["accuracy"] == 0.75);
    CHECK(json["b"]["forced"]["accuracy"] == 0.25);
    CHECK(json["forced"]["only_a_right"] == 2);
    CHECK(json["differing"][1]["truth"] == "fear");
    CHECK_THAT(to_text(comparison), ContainsSubstring("only A 2, only B 0"));
    CHECK_THAT(to_text(comparison), ContainsSubstring("which may be due to chance"));
}

TEST_CASE("Models with other classes cannot be compared") {
    auto other = two_class_card();
    other.classes = {"happy", "sad"};
    other.positive = "sad";
    CHECK_THROWS_AS(compare(two_class_card(), {}, other, {}), ConfigError);
}

}  // namespace comparison_test
