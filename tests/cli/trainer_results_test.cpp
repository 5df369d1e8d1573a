#include <algorithm>
#include <csignal>
#include <map>
#include <sstream>

#include <opencv2/core.hpp>

#include "cli/trainer_workspace.hpp"
#include "media/image_files.hpp"
#include "support/catch.hpp"
#include "support/wait_until.hpp"

namespace trainer_results_test {

using namespace emotion;
using namespace emotion::test;

namespace {

namespace fs = std::filesystem;

const std::string kNetworkRecipe = R"(family: network
classes: [happy, fear]
others: learned
crop: {width: 16, height: 16}
network:
  layers: [conv 4, max_pool, conv 6, global_average_pool]
  epochs: 3
  batch_size: 16
  learning_rate: 4e-3
)";

std::vector<std::string> lines_of(const fs::path& file) {
    std::vector<std::string> lines;
    std::istringstream text(read_file(file));
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("A failing report costs no other result, and the training can be resumed for it") {
    const TrainerWorkspace place;
    write_file(place.recipe, kNetworkRecipe);
    fs::create_directories(place.folder / "report" / "roc.svg" / "in the way");
    const auto arguments =
        place.train_arguments(place.card, {"--report", place.path("report"), "--json", place.path("t.json"),
                                           "--log-json", place.path("log.jsonl")});
    const auto failed = run_program("trainer", arguments);
    INFO(failed.err);
    CHECK(failed.exit_code == 1);
    CHECK_THAT(failed.err, ContainsSubstring("report/roc.svg"));
    CHECK_THAT(failed.out, ContainsSubstring("wrote " + place.card));
    CHECK(place.read_json("t.json")["epochs"] == 3);
    const auto card = read_file(place.card);
    CHECK(fs::exists(place.card + ".checkpoint"));
    CHECK(lines_of(place.path("log.jsonl")).size() == 3);

    const auto resumed = place.train({"--resume", "--log-json", place.path("log.jsonl")});
    INFO(resumed.err);
    CHECK(resumed.exit_code == 0);
    CHECK(read_file(place.card) == card);
    CHECK_FALSE(fs::exists(place.card + ".checkpoint"));
    const auto lines = lines_of(place.path("log.jsonl"));
    REQUIRE(lines.size() == 3);  // each epoch once
    for (std::size_t i = 0; i < 3; ++i) CHECK(nlohmann::json::parse(lines[i])["epoch"] == i + 1);

    const auto evaluated =
        run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--report",
                                place.path("report"), "--json", place.path("e.json")});
    CHECK(evaluated.exit_code == 1);
    CHECK_THAT(evaluated.out, ContainsSubstring("accuracy"));
    CHECK(place.read_json("e.json")["samples"] == 120);
}

TEST_CASE("The losses of a training are named as those of the kept epoch") {
    const TrainerWorkspace place;
    write_file(place.recipe, kNetworkRecipe);
    const auto trained = place.train({"--report", place.path("report"), "--json", place.path("t.json"),
                                      "--log-json", place.path("log.jsonl")});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const auto result = place.read_json("t.json");
    const auto lines = lines_of(place.path("log.jsonl"));
    REQUIRE(lines.size() == 3);
    const auto kept = nlohmann::json::parse(lines.at(result["kept_epoch"].get<std::size_t>() - 1));
    CHECK(result["loss"] == kept["loss"]);
    CHECK(result["validation_loss"] == kept["validation_loss"]);
    for (const auto& line : lines)
        CHECK(nlohmann::json::parse(line)["validation_loss"] >= kept["validation_loss"]);
    const auto name = "the kept epoch (" + std::to_string(result["kept_epoch"].get<int>()) + " of 3)";
    CHECK_THAT(trained.out, ContainsSubstring(" of " + name + "\n"));
    const auto facts = place.read_json("report/metrics.json")["facts"];
    CHECK(facts.contains("Training loss of " + name));
    CHECK(facts["Validation loss of " + name] == std::to_string(kept["validation_loss"].get<double>()));
    CHECK_FALSE(facts.contains("Loss at the end"));
}

TEST_CASE("An output that would replace an input or another output is rejected") {
    const TrainerWorkspace place;
    write_file(place.recipe, kNetworkRecipe);
    REQUIRE(place.train().exit_code == 0);
    fs::copy_file(place.card, place.path("other.yaml"));
    write_file(place.path("list.txt"), "train/happy/none.png\n");
    fs::create_directory(place.folder / "report");
    write_file(place.path("report/report.html"), "earlier");
    const std::string weights = place.path("card.onnx"), other = place.path("other.yaml"),
                      list = place.path("list.txt"), fresh = place.path("fresh"),
                      picture = place.path("data/train/happy/1000.png");
    const auto contents = [&] {
        std::vector<std::string> all;
        for (const auto& file :
             {place.recipe, place.card, weights, other, list, picture, place.path("report/report.html")})
            all.push_back(read_file(file));
        return all;
    };
    const auto before = contents();
    const auto refused = [&](std::vector<std::string> arguments, const std::string& expected) {
        arguments.insert(arguments.begin() + 1, {"--data", place.data});
        const auto result = run_program("trainer", arguments);
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.err.starts_with("trainer: "));
        CHECK_THAT(result.err, ContainsSubstring(expected));
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    };

    const auto& card = place.card;
    const std::vector<std::string> evaluate{"evaluate", "--model", card, "--exclude", list};
    const auto with = [](std::vector<std::string> arguments, const std::vector<std::string>& more) {
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    refused(with(evaluate, {"--json", card}), card + ": is the card of --model, expected another file");
    refused(with(evaluate, {"--json", weights}), weights + ": is the weights file of the card of --model");
    refused(with(evaluate, {"--json", list}), list + ": is the list of --exclude");
    refused(with(evaluate, {"--json", picture}), picture + ": is a picture");
    const auto damaged = place.path("damaged.png");
    write_file(damaged, read_file(picture).substr(0, 100));
    refused(with(evaluate, {"--json", damaged}), damaged + ": is a picture");
    for (const auto* file :
         {"report/report.html", "report/roc.svg", "report/loss.svg", "report/accuracy.svg"})
        refused(with(evaluate, {"--report", place.path("report"), "--json", place.path(file)}),
                "--json " + place.path(file) + ": is written by --report already");
    refused({"compare", other, card, "--json", card}, card + ": is the card B");
    refused({"compare", other, card, "--json", other}, other + ": is the card A");
    refused({"check", "--model", card, "--json", card}, card + ": is the model card");
    refused({"check", "--json", fresh, "--write-list", fresh}, fresh + ": is written by --json already");
    refused({"check", "--exclude", list, "--write-list", list}, list + ": is the list of --exclude");

    const std::vector<std::string> train{"train", "--recipe", place.recipe},
        made = with(train, {"--output", place.path("new.yaml")});
    refused(with(train, {"--output", place.recipe}), place.recipe + ": is the recipe");
    for (const auto* option : {"--json", "--log-json"}) {
        refused(with(made, {option, place.recipe}), place.recipe + ": is the recipe");
        for (const auto* ending : {"yaml", "onnx", "yaml.checkpoint"})
            refused(with(made, {option, place.path("new.") + ending}), ": is written by --output already");
    }
    refused(with(made, {"--json", fresh, "--log-json", fresh}), fresh + ": is written by --json already");
    const auto tried = with(train, {"--try", "epochs=1"});
    refused(with(tried, {"--best", place.recipe}), place.recipe + ": is the recipe");
    refused(with(tried, {"--best", fresh, "--json", fresh}), fresh + ": is written by --json already");
    refused({"train", "--init", card, "--output", card}, card + ": is the card of --init");
    fs::rename(other, place.path("base.yaml"));
    refused({"train", "--init", place.path("base.yaml"), "--output", card},
            weights + ": is the weights file of the card of --init");
    fs::rename(place.path("base.yaml"), other);
    fs::rename(place.recipe, place.path("recipe.onnx"));
    refused({"train", "--recipe", place.path("recipe.onnx"), "--output", place.path("recipe.yaml")},
            place.path("recipe.onnx") + ": is the recipe");
    fs::rename(place.path("recipe.onnx"), place.recipe);
    CHECK(contents() == before);

    const std::string top =
        "family: network\nclasses: [happy, fear]\nothers: learned\ncrop: {width: 16, height: 16}\n";
    write_file(place.recipe, top + "network: {start: card.yaml, epochs: 1}\n");
    refused(with(train, {"--output", card}), card + ": is the card that the recipe starts from");
    write_file(place.recipe, top +
                                 "network:\n  layers: [conv 4, global_average_pool]\n  epochs: 1\n"
                                 "  distillation: {teachers: [other.yaml]}\n");
    refused(with(train, {"--output", card}), weights + ": is the weights file of a teacher of the recipe");
    CHECK(read_file(card) == before[1]);
    CHECK(read_file(weights) == before[2]);
}

TEST_CASE("A report is not written into the data, where its pictures would be learned") {
    const TrainerWorkspace place;
    REQUIRE(place.train({"--report", place.path("data-report")}).exit_code == 0);  // beside them it may be
    fs::create_directory_symlink(place.folder / "data", place.folder / "link");
    write_class_folders(place.folder / "more", {"happy"}, 2);
    const auto refused = [&](std::vector<std::string> arguments, const std::string& report,
                             const std::string& expected) {
        arguments.insert(arguments.end(), {"--data", place.data, "--report", place.path(report)});
        const auto result = run_program("trainer", arguments);
        INFO(result.err);
        CHECK(result.exit_code == 2);
        CHECK(result.err == "trainer: --report " + place.path(report) + ": lies in the data of " + expected +
                                ", which its pictures would become part of; name a folder outside of it\n");
    };
    const std::vector<std::string> train{"train", "--recipe", place.recipe, "--output", place.card},
        evaluate{"evaluate", "--model", place.card}, check{"check", "--no-faces", "--no-labels"};
    for (const auto& command : {train, evaluate, check})
        for (const auto* report : {"data", "data/report", "data/train", "data/train/happy/report",
                                   "more/../data/new/report", "link/train/report"})
            refused(command, report, "--data " + place.data);
    const auto with = [&](const std::string& option, const std::string& value) {
        auto arguments = train;
        arguments.insert(arguments.end(), {option, value});
        return arguments;
    };
    const auto more = place.path("more"), one_class = "thing=" + place.path("more/happy");
    refused(with("--validation", more), "more/report", "--validation " + more);
    refused(with("--more", more), "more/happy/report", "--more " + more);
    refused(with("--more", one_class), "more/happy/report", "--more " + one_class);
    CHECK_FALSE(fs::exists(place.folder / "data" / "report"));
    CHECK_FALSE(fs::exists(place.folder / "data" / "new"));
}

TEST_CASE("Evaluation keeps no checkpoint") {
    const TrainerWorkspace place;
    for (const auto& measuring : {std::vector<std::string>{"--folds", "3"}, {"--try", "l2=100"}}) {
        std::vector<std::string> arguments{"train",    "--data",     place.data,
                                           "--recipe", place.recipe, "--resume"};
        arguments.insert(arguments.end(), measuring.begin(), measuring.end());
        const auto result = run_program("trainer", arguments);
        CHECK(result.exit_code == 2);
        CHECK_THAT(result.err, ContainsSubstring("--resume"));
    }
}

TEST_CASE("One recipe that cannot be trained does not end the search") {
    const TrainerWorkspace place;
    write_file(place.recipe, kNetworkRecipe);
    const auto search = [&](const std::string& rates) {
        return run_program("trainer", {"train", "--data", place.data, "--recipe", place.recipe, "--quiet",
                                       "--try", "learning_rate=" + rates, "--json", place.path("search.json"),
                                       "--best", place.path("best.yaml")});
    };
    const auto one_bad = search("1e30,4e-3");
    INFO(one_bad.err);
    CHECK(one_bad.exit_code == 0);
    CHECK_THAT(one_bad.err, ContainsSubstring("trainer: learning_rate = 1e30: the loss ") &&
                                ContainsSubstring(" at step "));
    CHECK(std::count(one_bad.err.begin(), one_bad.err.end(), '\n') == 1);
    const auto figures = place.read_json("search.json");
    REQUIRE(figures.size() == 2);
    CHECK(figures[0]["values"]["learning_rate"] == "4e-3");
    CHECK(figures[0]["figures"]["log_loss"]["mean"].is_number());
    CHECK_FALSE(figures[0].contains("problem"));
    CHECK(figures[1]["figures"]["log_loss"].is_null());
    CHECK_THAT(figures[1]["problem"].get<std::string>(), ContainsSubstring(" at step "));
    CHECK_THAT(read_file(place.path("best.yaml")), ContainsSubstring("learning_rate: 4e-3\n"));

    fs::remove(place.path("best.yaml"));
    const auto all_bad = search("1e30,1e31");
    CHECK(all_bad.exit_code == 1);
    CHECK_THAT(all_bad.err, ContainsSubstring("none of the recipes could be trained: "));
    CHECK(place.read_json("search.json").size() == 2);
    CHECK_FALSE(fs::exists(place.path("best.yaml")));
}

TEST_CASE("A killed search leaves the scores of completed candidates") {
    const TrainerWorkspace place;
    write_file(place.recipe, kNetworkRecipe);
    RunningProgram search("trainer", {"train", "--data", place.data, "--recipe", place.recipe, "--try",
                                      "epochs=1,100000", "--json", place.path("search.json")});
    wait_until([&] { return fs::exists(place.path("search.json")); });
    search.send(SIGKILL);
    search.wait();
    CHECK(place.read_json("search.json").size() == 1);
}

TEST_CASE("Pictures may have names that are not UTF-8") {
    const TrainerWorkspace place;
    const auto picture = place.folder / "data" / "train" / "happy" / "b\xe9.png";
    std::error_code failed;
    fs::copy_file(place.folder / "data" / "train" / "happy" / "1000.png", picture, failed);
    if (failed) SKIP_TEST("this file system wants names in UTF-8");
    const auto checked =
        run_program("trainer", {"check", "--data", place.data, "--no-labels", "--no-faces", "--json",
                                place.path("check.json"), "--write-list", place.path("list.txt")});
    INFO(checked.err);
    CHECK(checked.exit_code == 0);
    CHECK(place.read_json("check.json")["exclude"][0] == "train/happy/b\xef\xbf\xbd.png");
    CHECK(read_file(place.path("list.txt")) == "train/happy/b\xe9.png\n");
    const auto folds = run_program("trainer", {"train", "--data", place.data, "--recipe", place.recipe,
                                               "--folds", "3", "--json", place.path("folds.json")});
    INFO(folds.err);
    CHECK(folds.exit_code == 0);
    CHECK(place.read_json("folds.json")["fold_of"].size() == 121);
}

TEST_CASE("The check reports an extremely long picture without needing gigabytes for it") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP_TEST("a sanitizer wants more address space than is to be allowed");
#endif
    const TrainerWorkspace place;
    cv::Mat line(1, 1'000'000, CV_8UC1);
    cv::randu(line, 0, 256);
    write_image(place.path("data/train/happy/line.png"), line);
    const auto checked = run_program(
        "sh", {"-c", "ulimit -v 3000000; exec \"$@\"", "sh", EMOTION_BIN_DIR "/trainer", "check", "--data",
               place.data, "--no-labels", "--threads", "1", "--json", place.path("check.json")});
    INFO(checked.err);
    CHECK(checked.exit_code == 0);
    CHECK_THAT(checked.out, ContainsSubstring("train/happy/line.png: 1000000x1"));
}

}  // namespace trainer_results_test
