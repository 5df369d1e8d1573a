#include <algorithm>

#include <opencv2/core.hpp>

#include "cli/trainer_workspace.hpp"
#include "media/image_files.hpp"
#include "support/catch.hpp"

namespace trainer_trials_test {

using namespace emotion;
using namespace emotion::test;

namespace {

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

const std::string kNetworkTop =
    "family: network\nclasses: [happy, fear]\nothers: learned\ncrop: {width: 16, height: 16}\n";

void train_network(const TrainerWorkspace& place) {
    write_file(place.recipe, kNetworkTop +
                                 "network: {layers: [conv 4, max_pool, conv 6, global_average_pool], "
                                 "epochs: 2, batch_size: 16}\n");
    REQUIRE(place.train().exit_code == 0);
}

/// Evaluation makes no card, so there is no --output.
ProgramResult try_out(const TrainerWorkspace& place, const std::vector<std::string>& more) {
    return run_program("trainer", with({"train", "--data", place.data, "--recipe", place.recipe}, more));
}

bool is_one_line_of_usage(const ProgramResult& result, const std::string& expected) {
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK_THAT(result.err, ContainsSubstring(expected));
    return std::count(result.err.begin(), result.err.end(), '\n') == 1;
}

}  // namespace

TEST_CASE("The trainer writes reports of training and of evaluation") {
    const TrainerWorkspace place;
    const auto trained = place.train({"--report", place.path("training")});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const auto page = read_file(place.folder / "training" / "report.html");
    for (const char* text :
         {"Training of recipe", "Accuracy", "Precision", "recall", "F1", "Loss after each epoch",
          "Accuracy after each epoch", "features: standardised", "Duration"})
        CHECK_THAT(page, ContainsSubstring(text));
    CHECK(read_file(place.card).find("uration") == std::string::npos);
    const auto metrics = place.read_json("training/metrics.json");
    CHECK(metrics["scored_on"] == "the validation pictures");
    CHECK(metrics["history"].size() > 3);

    const auto evaluated = run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data,
                                                   "--report", place.path("evaluation")});
    INFO(evaluated.err);
    REQUIRE(evaluated.exit_code == 0);
    CHECK(place.read_json("evaluation/metrics.json")["evaluation"]["samples"] == 120);
    const auto again = place.read_json("evaluation/metrics.json")["evaluation"]["forced"];
    for (const char* figure : {"tp", "tn", "fp", "fn"})
        CHECK(again[figure] == metrics["evaluation"]["forced"][figure]);
}

TEST_CASE("A report on a network shows its filters and where it sees each class") {
    const TemporaryFolder folder;
    const std::filesystem::path source = EMOTION_SOURCE_DIR;
    for (const std::string name : {"happy", "fear", "neutral"}) {
        std::filesystem::create_directories(folder / "data" / name);
        for (const std::string number : {"1", "2"}) {
            const auto face = name + "-" + number + ".png";
            std::filesystem::copy(source / "assets" / "faces" / face, folder / "data" / name / face);
        }
    }
    const auto result =
        run_program("trainer", {"evaluate", "--data", folder / "data", "--model",
                                source / "models" / "happy-fear.yaml", "--report", folder / "report"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto page = read_file(folder / "report" / "report.html");
    CHECK_THAT(page, ContainsSubstring("What the model looks at") &&
                         ContainsSubstring("Where the model sees each class"));
    for (const auto* name :
         {"filters.png", "activation-happy.png", "activation-fear.png", "activation-neutral.png"}) {
        const auto picture = read_image(folder / "report" / name);
        REQUIRE_FALSE(picture.empty());
        cv::Scalar mean, deviation;
        cv::meanStdDev(picture, mean, deviation);
        CHECK(deviation[0] > 5.0);  // the picture has visible content
    }
}

TEST_CASE("Cross-validation prints scores and makes no card") {
    const TrainerWorkspace place;
    const auto result = try_out(place, {"--folds", "4", "--json", place.path("folds.json")});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK_THAT(result.out, ContainsSubstring("+-"));
    const auto figures = place.read_json("folds.json");
    CHECK(figures["folds"].size() == 4);
    CHECK(figures["fold_of"].size() == 120);
    CHECK(figures["summary"]["accuracy"]["mean"] > 0.7);
    CHECK(figures["folds"][0]["chosen"].contains("l2"));
    CHECK_FALSE(std::filesystem::exists(place.card));
}

TEST_CASE("A search prints the best recipe first and writes it") {
    const TrainerWorkspace place;
    const auto result =
        try_out(place, {"--try", "l2=1e9,100", "--try", "features=standardised,unit", "--json",
                        place.path("search.json"), "--best", place.path("best.yaml")});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto figures = place.read_json("search.json");
    REQUIRE(figures.size() == 4);
    for (std::size_t i = 1; i < 4; ++i)
        CHECK(figures[i - 1]["figures"]["log_loss"]["mean"] <= figures[i]["figures"]["log_loss"]["mean"]);
    CHECK(figures[0]["values"]["l2"] == "100");
    CHECK_THAT(read_file(place.path("best.yaml")), ContainsSubstring("l2: 100\n"));
    write_file(place.recipe, read_file(place.path("best.yaml")));
    CHECK(place.train().exit_code == 0);
}

TEST_CASE("Invalid trials are rejected in one line") {
    const TrainerWorkspace place;
    CHECK(is_one_line_of_usage(try_out(place, {}), "--output is required"));
    CHECK(
        is_one_line_of_usage(run_program("trainer", {"train", "--data", place.data, "--output", place.card}),
                             "--recipe is required"));
    CHECK(is_one_line_of_usage(place.train({"--folds", "3"}), "leave out --output"));
    CHECK(
        is_one_line_of_usage(try_out(place, {"--folds", "3", "--best", place.path("b")}), "requires --try"));
    CHECK(is_one_line_of_usage(place.train({"--init", place.recipe}), "recipe.yaml"));
    CHECK(try_out(place, {"--folds", "1"}).exit_code == 2);
    const auto refused = [&](const std::string& trial, const std::string& expected) {
        const auto result = try_out(place, {"--quiet", "--try", trial});
        return is_one_line_of_usage(result, expected);
    };
    CHECK(refused("l3=1", "only for family"));
    CHECK(refused("l2", "expected a recipe's key and values"));
    CHECK(refused("solver=newton", "descent"));
    CHECK(refused("width=20", "cannot be tried"));
    CHECK(refused("l2=[1,10", "--try l2=[1,10: gives no valid recipe: " + place.recipe));
    CHECK(
        refused("l2=[1,10],-5", "--try l2=-5: gives no valid recipe: " + place.recipe + ":7:3: logistic.l2"));
    CHECK(is_one_line_of_usage(try_out(place, {"--try", "l2=1", "--try", "logistic.l2=2"}),
                               "--try logistic.l2=2: logistic.l2 is given twice"));
    CHECK(is_one_line_of_usage(try_out(place, {"--seed", "99999999999999999999"}), "--seed"));
    write_file(place.recipe, kLogisticRecipe + "votes: {min_votes: 2}\n");
    CHECK(refused("min_votes=3", "votes decide which pictures are loaded"));
    std::filesystem::remove_all(place.folder / "data");  // not read for invalid trials
    CHECK(refused("foo", "expected a recipe's key and values"));
    CHECK(refused("solver=newton", "descent"));
}

TEST_CASE("A recipe under trial finds cards next to it, and an init recipe the classes of its card") {
    const TrainerWorkspace place;
    train_network(place);
    write_file(place.recipe, kNetworkTop + "network: {start: card.yaml, epochs: 1, batch_size: 16}\n");
    const auto started = try_out(place, {"--try", "epochs=1,2"});
    INFO(started.err);
    CHECK(started.exit_code == 0);
    const auto tuned = run_program("trainer", {"train", "--init", place.card, "--data", place.data, "--try",
                                               "epochs=1,2", "--json", place.path("search.json")});
    INFO(tuned.err);
    CHECK(tuned.exit_code == 0);
    CHECK(place.read_json("search.json").size() == 2);
}

TEST_CASE("The best recipe is not written where it would not find its cards") {
    const TrainerWorkspace place;
    train_network(place);
    std::filesystem::create_directory(place.folder / "found");
    const auto best_to = [&](const std::string& start, const std::string& best) {
        write_file(place.recipe,
                   kNetworkTop + "network: {start: " + start + ", epochs: 1, batch_size: 16}\n");
        return try_out(place, {"--try", "epochs=1", "--quiet", "--best", place.path(best)});
    };
    CHECK(is_one_line_of_usage(best_to("card.yaml", "found/best.yaml"),
                               "--best " + place.path("found/best.yaml") + ": the cards that " +
                                   place.recipe + " names relative to its folder"));
    CHECK_FALSE(std::filesystem::exists(place.folder / "found" / "best.yaml"));
    CHECK(best_to("card.yaml", "best.yaml").exit_code == 0);
    CHECK(best_to(place.card, "found/best.yaml").exit_code == 0);
    CHECK(std::filesystem::exists(place.folder / "found" / "best.yaml"));
}

TEST_CASE("A network is fine-tuned from a card without a recipe") {
    const TrainerWorkspace place;
    train_network(place);
    const auto tuned =
        run_program("trainer", {"train", "--init", place.card, "--data", place.data, "--output",
                                place.path("tuned.yaml"), "--json", place.path("tuned.json")});
    INFO(tuned.err);
    REQUIRE(tuned.exit_code == 0);
    CHECK(place.read_json("tuned.json")["recipe"] == "fine-tune");
    const auto inspected = run_program("trainer", {"inspect", place.path("tuned.yaml")});
    CHECK(inspected.exit_code == 0);
    CHECK_THAT(inspected.out, ContainsSubstring("classes: [happy, fear, sad]"));
    CHECK(is_one_line_of_usage(place.train({"--init", place.card}), "expected a recipe with init"));
}

}  // namespace trainer_trials_test
