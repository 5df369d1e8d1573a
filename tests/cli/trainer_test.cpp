#include <algorithm>

#include "cli/help.hpp"
#include "cli/trainer_workspace.hpp"
#include "support/catch.hpp"

namespace trainer_test {

using namespace emotion;
using namespace emotion::test;

namespace {

const std::filesystem::path kFer = std::filesystem::path(EMOTION_SHARED_DATA) / "fer2013";

/// The result of `trainer evaluate` for a shipped model.
nlohmann::json figures_of(const std::string& model) {
    const TemporaryFolder folder;
    const auto evaluated =
        run_program("trainer", {"evaluate", "--model", EMOTION_SOURCE_DIR "/models/" + model + ".yaml",
                                "--data", kFer.string(), "--votes", kFer / "validation-votes.csv", "--json",
                                folder / "figures.json"});
    INFO(evaluated.err);
    REQUIRE(evaluated.exit_code == 0);
    return nlohmann::json::parse(read_file(folder / "figures.json"));
}

}  // namespace

TEST_CASE("The trainer makes a card that it can evaluate and inspect") {
    const TrainerWorkspace place;
    write_file(place.folder / "data" / "validation" / "fear" / "torn.jpg", "no picture");
    const auto trained = place.train({"--json", place.path("train.json")});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    CHECK_THAT(trained.err, ContainsSubstring("ignored, because the recipe does not list them: sad"));
    CHECK_THAT(trained.err, ContainsSubstring("torn.jpg"));
    const auto result = place.read_json("train.json");
    CHECK(result["samples"] == 120);
    CHECK(result["loss"] > 0.0);
    CHECK(result["exact_loss"] > result["loss"]);
    CHECK(result["epochs"] > 0);
    CHECK(result["seconds"] > 0.0);
    CHECK(result["seconds_loading"] > 0.0);

    const auto evaluated = run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data,
                                                   "--json", place.path("figures.json")});
    INFO(evaluated.err);
    REQUIRE(evaluated.exit_code == 0);
    CHECK_THAT(evaluated.out, ContainsSubstring("accuracy"));
    const auto figures = place.read_json("figures.json");
    CHECK(figures["samples"] == 120);
    CHECK(figures["skipped"] == 1);
    CHECK(figures["forced"]["accuracy"] > 0.8);
    CHECK(figures["per_class"]["fear"]["unreadable"] == 1);
    CHECK(figures["per_class"]["sad"]["samples"] == 40);
    CHECK(figures["open"]["false_label_rate"] == 1.0);  // without a threshold every picture gets a label

    const auto other_part =
        run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--split", "train",
                                "--json", place.path("figures.json")});
    CHECK(other_part.exit_code == 0);
    CHECK(place.read_json("figures.json")["samples"] == 180);

    const auto inspected = run_program("trainer", {"inspect", place.card});
    CHECK(inspected.exit_code == 0);
    CHECK_THAT(inspected.out, ContainsSubstring("classes: [happy, fear]"));
    CHECK_THAT(inspected.out, ContainsSubstring("60 happy, 60 fear"));
    CHECK_THAT(inspected.out, ContainsSubstring("self-checks"));
}

TEST_CASE("The same training gives the same files byte for byte") {
    const TrainerWorkspace place;
    REQUIRE(place.train({"--threads", "1"}).exit_code == 0);
    const auto card = read_file(place.card), weights = read_file(place.folder / "card.onnx");
    REQUIRE(place.train({"--threads", "2"}).exit_code == 0);
    CHECK(read_file(place.card) == card);
    CHECK(read_file(place.folder / "card.onnx") == weights);
    REQUIRE(place.train({"--seed", "2"}).exit_code == 0);
    CHECK(read_file(place.card) != card);
}

TEST_CASE("Invalid trainer options are rejected in one line with exit code 2") {
    const TrainerWorkspace place;
    const auto refused = [](const ProgramResult& result, const std::string& expected) {
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.out.empty());
        CHECK(result.err.starts_with("trainer: "));
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
        CHECK_THAT(result.err, ContainsSubstring(expected));
    };
    const std::string commands = "expected one of train, evaluate, compare, check, crop, inspect";
    refused(run_program("trainer", {}), "no command is given, " + commands);
    refused(run_program("trainer", {"bogus", "--data", place.data}), "bogus: is not a command, " + commands);
    refused(run_program("trainer", {"evaluate", "--bogus", "--data", place.data}),
            "--bogus: not known to trainer evaluate (see trainer evaluate --help)");
    refused(run_program("trainer", {"inspect"}), "CARD is required (see trainer inspect --help)");
    refused(run_program("trainer", {"train", "--data", place.data}), "--recipe is required");
    refused(
        run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--threads", "-1"}),
        "--threads");
    refused(place.train_to(place.path("card.txt")), "card.txt: expected a card's name");
    const std::vector<std::string> evaluate{"evaluate", "--model", place.card, "--data"};
    const auto evaluate_on = [&](const std::string& data, const std::string& option,
                                 const std::string& value) {
        auto arguments = evaluate;
        arguments.insert(arguments.end(), {data, option, value});
        return run_program("trainer", arguments);
    };
    for (const auto* option : {"--json", "--predictions", "--report"})
        refused(evaluate_on(place.data, option, "-"), option + std::string(": expected a name, - is not"));
    for (const auto* option : {"--json", "--log-json", "--best"})
        refused(place.train({option, "-"}), option + std::string(": expected a name, - is not"));
    CHECK_FALSE(std::filesystem::exists("-"));
    refused(evaluate_on(place.path("votes.csv"), "--split", "train"),
            "--split train: is a part of a folder, but --data " + place.path("votes.csv") + " is a table");
    write_file(place.recipe, kLogisticRecipe + "epochs: 7\n");
    refused(place.train(), "recipe.yaml:9:1: epochs");
}

TEST_CASE("Trainer failures are reported in one line with exit code 1") {
    const TrainerWorkspace place;
    const auto fails = [](const ProgramResult& result, const std::string& expected) {
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err, ContainsSubstring(expected));
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    };
    fails(run_program("trainer", {"train", "--data", place.path("none"), "--recipe", place.recipe, "--output",
                                  place.card}),
          "none: no such folder");
    fails(run_program("trainer", {"train", "--data", place.data, "--recipe", place.path("none.yaml"),
                                  "--output", place.card}),
          "none.yaml: no such file, expected a recipe (.yaml)");
    fails(place.train({"--exclude", place.path("none.txt")}),
          "none.txt: no such file, expected a list of pictures to leave out");
    fails(run_program("trainer", {"train", "--data", place.data, "--recipe", place.recipe, "--output",
                                  place.path("none/card.yaml")}),
          "cannot be written");
    fails(run_program("trainer", {"inspect", place.card}), "no such file, expected a model card (.yaml)");
    fails(run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data}), "no such file");
    REQUIRE(place.train().exit_code == 0);
    fails(
        run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--split", "test"}),
        "test: no such folder");
    write_file(place.folder / "card.onnx", "no weights");
    fails(run_program("trainer", {"inspect", place.card}), "card.onnx");
}

TEST_CASE("The trainer has a help") {
    const auto help = run_program("trainer", {"train", "--help"});
    CHECK(help.exit_code == 0);
    for (const char* text : {"--data", "--recipe", "--output", "--json", "--threads N", "--seed N",
                             "--exclude", "--log-json", "--quiet"})
        CHECK_THAT(help.out, ContainsSubstring(text));
    CHECK_THAT(run_program("trainer", {"--help-all"}).out,
               ContainsSubstring("--recipe") && ContainsSubstring("--detect"));
    CHECK_THAT(run_program("trainer", {"--version"}).out, ContainsSubstring("trainer "));
}

TEST_CASE("The help of every trainer command lists every option with its default") {
    int with_value = 0;
    for (const auto* command : {"train", "evaluate", "compare", "check", "crop", "inspect"}) {
        INFO(command);
        const auto help = run_program("trainer", {command, "--help"});
        CHECK(help.exit_code == 0);
        CHECK_THAT(help.out, !ContainsSubstring(" TEXT"));
        with_value += check_defaults(help.out);
    }
    CHECK(with_value > 35);
}

TEST_CASE("The notebook's descent has the losses that NumPy gives in double precision") {
    if (!std::filesystem::is_directory(kFer)) SKIP_TEST("needs FER-2013 in class folders");
    const TrainerWorkspace place;
    for (const auto& [recipe, loss] :
         {std::pair("notebook-gd", 0.6496337324589856), std::pair("notebook-bias", 0.6496148905909183)}) {
        auto text = read_file(std::string(EMOTION_SOURCE_DIR) + "/config/recipes/" + recipe + ".yaml");
        text.replace(text.find("epochs: 5000"), 12, "epochs: 20");
        write_file(place.recipe, text);
        const auto trained =
            run_program("trainer", {"train", "--data", kFer.string(), "--recipe", place.recipe, "--output",
                                    place.card, "--json", place.path("train.json")});
        INFO(trained.err);
        REQUIRE(trained.exit_code == 0);
        const auto result = place.read_json("train.json");
        CHECK(result["samples"] == 10658);
        CHECK(result["loss"].get<double>() == Approx(loss).margin(1e-7));
    }
}

TEST_CASE("The default model has its documented scores") {
    if (!std::filesystem::is_directory(kFer)) SKIP_TEST("needs FER-2013 in class folders");
    const auto figures = figures_of("happy-fear");
    CHECK(figures["samples"] == 3351);
    const auto& votes = figures["votes"];
    CHECK(votes["pictures"] == 3351);
    const auto &happy = votes["labels"]["happy"], &fear = votes["labels"]["fear"];
    CHECK(happy["agreement"].get<double>() == Approx(0.8859).margin(0.003));
    CHECK(happy["recall"].get<double>() == Approx(0.942).margin(0.003));
    CHECK(happy["calibration_error"].get<double>() == Approx(0.0095).margin(0.001));
    CHECK(fear["agreement"].get<double>() == Approx(0.5125).margin(0.02));
    CHECK(fear["correlation"].get<double>() == Approx(0.698).margin(0.002));
    CHECK(fear["calibration_error"].get<double>() == Approx(0.0098).margin(0.001));
    CHECK(fear["found_at_2_percent"].get<double>() == Approx(0.90).margin(0.04));
    CHECK(votes["calm_labelled"].get<double>() == Approx(0.0196).margin(0.001));
    CHECK(votes["cross_entropy"].get<double>() == Approx(0.8269).margin(0.001));
    CHECK(votes["likeliest"].get<double>() == Approx(0.825).margin(0.002));
    CHECK(figures["forced"]["accuracy"].get<double>() == Approx(0.9397).margin(0.001));
    CHECK(figures["forced"]["f1"].get<double>() == Approx(0.9083).margin(0.001));
    CHECK(figures["open"]["happy"]["f1"].get<double>() == Approx(0.872).margin(0.002));
    const auto& neutral = figures["per_class"]["neutral"];
    const auto labeled = 1.0 - neutral["shown"]["none"].get<double>() / neutral["samples"].get<double>();
    CHECK(labeled == Approx(0.075).margin(0.002));
}

TEST_CASE("The logistic model has its documented scores") {
    if (!std::filesystem::is_directory(kFer)) SKIP_TEST("needs FER-2013 in class folders");
    const auto figures = figures_of("logistic");
    CHECK(figures["samples"] == 3351);
    CHECK(figures["forced"]["accuracy"].get<double>() == Approx(0.738).margin(0.001));
    CHECK(figures["forced"]["f1"].get<double>() == Approx(0.535).margin(0.001));
}

}  // namespace trainer_test
