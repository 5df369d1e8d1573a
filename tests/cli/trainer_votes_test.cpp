#include <algorithm>

#include "cli/trainer_workspace.hpp"
#include "model/model_card.hpp"
#include "support/catch.hpp"

namespace trainer_votes_test {

using namespace emotion;
using namespace emotion::test;

namespace {

const char* const kRecipe = R"(family: network
classes: [happy, fear, sad, thing]
shown: [happy, fear]
positive: fear
crop: {width: 16, height: 16}
votes: {meaning: {unknown: ""}, min_votes: 2}
show: {agreement: [0.6, 0.6], calm_labelled: 0.5}
network:
  layers: [conv 8, max_pool, conv 8, global_average_pool]
  epochs: 3
  batch_size: 16
  learning_rate: 1.0e-2
  averaging: 0.9
)";

/// The votes of ten people on the pictures of one part: eight for the folder's class.
std::string votes_for(const std::string& part, const std::filesystem::path& folder) {
    std::string text = "picture,happy,fear,sad,unknown\n";
    for (const auto& [name, votes] :
         {std::pair("fear", "1,8,0,1"), std::pair("happy", "8,0,1,1"), std::pair("sad", "0,1,8,1")}) {
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder / part / name))
            files.push_back(entry.path().filename().string());
        std::sort(files.begin(), files.end());
        for (const auto& file : files) text += part + "/" + name + "/" + file + "," + votes + "\n";
    }
    return text;
}

struct VotesWorkplace : TrainerWorkspace {
    VotesWorkplace() {
        write_file(recipe, kRecipe);
        write_class_folders(folder / "things", {"any"}, 30, 0.0, 3);
        for (const std::string part : {"train", "validation"})
            write_file(folder / "data" / (part + ".csv"), votes_for(part, folder / "data"));
    }
};

}  // namespace

TEST_CASE("The trainer learns from tables of votes and evaluates against them") {
    const VotesWorkplace place;
    write_file(place.folder / "data" / "train.csv",
               read_file(place.folder / "data" / "train.csv") + "train/gone.png,9,1,0,0\n");
    const auto trained = run_program(
        "trainer", {"train", "--data", place.path("data/train.csv"), "--validation",
                    place.path("data/validation.csv"), "--more", "thing=" + place.path("things/any"),
                    "--recipe", place.recipe, "--output", place.card, "--json", place.path("train.json")});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    CHECK_THAT(trained.err, ContainsSubstring("1 table row names a picture that does not exist"));
    CHECK(place.read_json("train.json")["samples"] == 180 + 27);  // a tenth of the samples is held out
    const auto card = model::read_card(place.card);
    CHECK(card.classes == std::vector<std::string>{"happy", "fear", "sad", "thing"});
    CHECK(card.shown_names() == std::vector<std::string>{"happy", "fear"});
    const auto scored = [&](const std::string& name) {
        return std::any_of(card.provenance.begin(), card.provenance.end(),
                           [&](const auto& entry) { return entry.first == "scores.validation." + name; });
    };
    CHECK(scored("people_agree"));

    const auto evaluated =
        run_program("trainer", {"evaluate", "--model", place.card, "--data", place.data, "--votes",
                                place.path("data/validation.csv"), "--json", place.path("figures.json"),
                                "--predictions", place.path("predictions.csv")});
    INFO(evaluated.err);
    REQUIRE(evaluated.exit_code == 0);
    CHECK_THAT(evaluated.out, ContainsSubstring("By people's votes on 120 of them (no majority on 0)"));
    const auto votes = place.read_json("figures.json")["votes"];
    CHECK(votes["pictures"] == 120);
    CHECK(votes["majorities"]["fear"]["pictures"] == 40);
    const auto predictions = read_file(place.folder / "predictions.csv");
    CHECK(std::count(predictions.begin(), predictions.end(), '\n') == 121);
    CHECK_THAT(predictions, ContainsSubstring("\nfear/1000.png,fear,fear,"));

    // The table as data: the same pictures, by the most votes.
    const auto by_table = run_program(
        "trainer", {"evaluate", "--model", place.card, "--data", place.path("data/validation.csv"), "--json",
                    place.path("by-table.json"), "--quiet"});
    REQUIRE(by_table.exit_code == 0);
    const auto again = place.read_json("by-table.json")["votes"];
    CHECK(again["majorities"] == votes["majorities"]);
    for (const auto* label : {"happy", "fear"})
        for (const auto* figure : {"shown", "recall", "precision", "found_at_2_percent"})
            CHECK(again["labels"][label][figure] == votes["labels"][label][figure]);

    const auto compared = run_program("trainer", {"compare", place.card, place.card, "--data", place.data,
                                                  "--votes", place.path("data/validation.csv"), "--quiet"});
    INFO(compared.err);
    REQUIRE(compared.exit_code == 0);
    CHECK_THAT(compared.out,
               ContainsSubstring("by people's votes on 120 pictures") && ContainsSubstring("agree: fear"));
}

TEST_CASE("Votes on pictures in folders are used, and the check reports contradictions") {
    const VotesWorkplace place;
    auto table = read_file(place.folder / "data" / "train.csv");
    table.replace(table.find("1,8,0,1"), 7, "9,0,1,0");  // fear/1000
    write_file(place.folder / "data" / "train.csv", table);
    const auto trained =
        place.train({"--votes", place.path("data/train.csv"), "--votes", place.path("data/validation.csv"),
                     "--more", "thing=" + place.path("things/any")});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const auto checked = run_program(
        "trainer", {"check", "--data", place.data, "--votes", place.path("data/train.csv"), "--no-labels",
                    "--no-faces", "--json", place.path("check.json"), "--report", place.path("sheets")});
    INFO(checked.err);
    REQUIRE(checked.exit_code == 0);
    CHECK_THAT(checked.out, ContainsSubstring("train/fear/1000.png: 0 % say so, 90 % say happy"));
    CHECK(place.read_json("check.json")["votes"]["disagreements"].size() == 1);
    CHECK(std::filesystem::exists(place.folder / "sheets" / "votes-against-folder.png"));
}

TEST_CASE("Invalid tables are rejected before the work starts") {
    const VotesWorkplace place;
    const auto refused = [&](const std::vector<std::string>& more, const std::string& problem) {
        auto arguments = std::vector<std::string>{"train", "--recipe", place.recipe, "--output", place.card};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = run_program("trainer", arguments);
        INFO(result.err);
        CHECK(result.exit_code != 0);
        CHECK_THAT(result.err, ContainsSubstring(problem));
        CHECK_FALSE(std::filesystem::exists(place.card));
    };
    write_file(place.folder / "joy.csv", "picture,joy,fear\ndata/train/fear/1000.png,1,2\n");
    refused({"--data", place.path("joy.csv")}, "the columns joy are not classes (happy, fear, sad, thing)");
    write_file(place.folder / "bad.csv", "picture,fear\ndata/train/fear/1000.png,many\n");
    refused({"--data", place.path("bad.csv")}, "bad.csv:2: fear = many, expected a number of votes");
    refused({"--data", place.path("data/train.csv"), "--more", "nowhere=" + place.path("no-such")},
            "no-such");
    const auto kept = read_file(place.folder / "data" / "train.csv");
    refused({"--data", place.path("data/train.csv"), "--json", place.path("data/train.csv")},
            "the table of --data");
    CHECK(read_file(place.folder / "data" / "train.csv") == kept);
}

TEST_CASE("A column of text is refused by every command, and ignored if a recipe says so") {
    const VotesWorkplace place;
    const auto training = place.path("data/train.csv"), validation = place.path("data/validation.csv");
    for (const auto& file : {training, validation}) {
        auto text = read_file(file);
        for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', end + 1)) {
            const std::string note = text.find('\n') == end ? ",notes" : ",\"blurred, or\"";
            text.insert(end, note);
            end += note.size();
        }
        write_file(file, text);
    }
    const auto ignoring = place.path("ignoring.yaml");
    auto recipe = read_file(place.recipe);
    recipe.replace(recipe.find("unknown: \"\""), 11, "unknown: \"\", notes: ignore");
    write_file(ignoring, recipe);

    const std::vector<std::vector<std::string>> commands{
        {"train", "--data", training, "--validation", validation, "--more",
         "thing=" + place.path("things/any"), "--output", place.card},
        {"evaluate", "--model", place.card, "--data", validation},
        {"compare", place.card, place.card, "--data", place.data, "--votes", validation},
        {"check", "--data", training, "--no-labels", "--no-faces"}};
    for (auto command : commands) {
        INFO(command.front());
        command.push_back("--quiet");
        auto plain = command;
        if (command.front() == "train") plain.insert(plain.end(), {"--recipe", place.recipe});
        command.insert(command.end(), {"--recipe", ignoring});
        const auto used = run_program("trainer", command);
        INFO(used.err);
        REQUIRE(used.exit_code == 0);
        const auto refused = run_program("trainer", plain);
        CHECK(refused.exit_code == 2);
        CHECK_THAT(refused.err,
                   ContainsSubstring(".csv:2: notes = blurred, or, expected a number of votes, 0 or more") &&
                       ContainsSubstring("votes: {meaning: {notes: ignore}}"));
        CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    }
}

TEST_CASE("A table is checked, and the list of its check leaves its pictures out") {
    const VotesWorkplace place;
    const auto table = place.path("data/train.csv"), list = place.path("list.txt");
    std::filesystem::copy_file(place.folder / "data/train/happy/1000.png",
                               place.folder / "data/train/happy/copy.png");
    write_file(table, read_file(table) + "train/happy/copy.png,8,0,1,1\ntrain/gone.png,9,1,0,0\n");
    const std::vector<std::string> check{
        "check",       "--data",     table,     "--recipe", place.recipe,
        "--no-labels", "--no-faces", "--quiet", "--json",   place.path("c.json")};
    const auto with = [&](const std::vector<std::string>& more) {
        auto arguments = check;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_program("trainer", arguments);
    };
    const auto checked = with({"--write-list", list});
    INFO(checked.err);
    REQUIRE(checked.exit_code == 0);
    CHECK_THAT(checked.out, ContainsSubstring("181 pictures") &&
                                ContainsSubstring("1 picture occurs more than once within a class") &&
                                ContainsSubstring("1 table rows whose picture does not exist"));
    CHECK(read_file(list) == "train/happy/copy.png\n");
    CHECK(place.read_json("c.json")["votes"]["rows_without_picture"].size() == 1);
    const auto again = with({"--exclude", list});
    INFO(again.err);
    REQUIRE(again.exit_code == 0);
    CHECK_THAT(again.out, ContainsSubstring("180 pictures") && ContainsSubstring("\n0 pictures are best"));

    const auto kept = read_file(table);
    const auto refused = run_program("trainer", {"check", "--data", table, "--json", table, "--no-labels"});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("is the table of --data"));
    CHECK(read_file(table) == kept);
}

TEST_CASE("A card is told what neutral faces are like to it when trained, and afterwards as well") {
    const VotesWorkplace place;
    const auto neutral_for_sad = [&](const std::string& file) {
        auto text = read_file(file);
        text.replace(text.find("sad"), 3, "neutral");
        write_file(file, text);
    };
    for (const auto& file : {place.recipe, place.path("data/train.csv"), place.path("data/validation.csv")})
        neutral_for_sad(file);
    const auto trained = run_program(
        "trainer",
        {"train", "--data", place.path("data/train.csv"), "--validation", place.path("data/validation.csv"),
         "--more", "thing=" + place.path("things/any"), "--recipe", place.recipe, "--output", place.card});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const auto text = read_file(place.card);
    auto card = model::read_card(place.card);
    REQUIRE(card.neutral.size() == 4);
    card.neutral.clear();
    write_file(place.card, model::card_text(card));

    const auto evaluate = [&](const std::string& name) {
        return run_program("trainer", {"evaluate", "--model", place.card, "--data", place.path(name),
                                       "--write-neutral", "--quiet"});
    };
    const auto written = evaluate("data/validation.csv");
    INFO(written.err);
    REQUIRE(written.exit_code == 0);
    CHECK(read_file(place.card) == text);

    write_file(place.folder / "happy.csv", "picture,happy\ndata/validation/happy/1000.png,9\n");
    const auto none = evaluate("happy.csv");
    CHECK(none.exit_code == 2);
    CHECK_THAT(none.err, ContainsSubstring("no picture of the data is neutral to most people"));
    CHECK(read_file(place.card) == text);
}

TEST_CASE("A card without a class neutral is left as it is") {
    const VotesWorkplace place;
    REQUIRE(place.train({"--more", "thing=" + place.path("things/any")}).exit_code == 0);
    const auto text = read_file(place.card);
    const auto refused = run_program(
        "trainer", {"evaluate", "--model", place.card, "--data", place.data, "--write-neutral", "--quiet"});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("has no class neutral, which --write-neutral is for"));
    CHECK(read_file(place.card) == text);
}

TEST_CASE("Tables of votes that have no effect are refused") {
    const VotesWorkplace place;
    write_file(place.folder / "labels.csv", "picture,label\ndata/train/happy/1000.png,fear\n");
    for (const auto& [table, problem] :
         {std::pair(place.path("labels.csv"),
                    "labels.csv: has labels but no votes, expected a column of votes"),
          std::pair(place.path("elsewhere.csv"), "elsewhere.csv: names none of the pictures")}) {
        write_file(place.folder / "elsewhere.csv", "picture,happy,fear,sad\nhappy/1000.png,1,8,1\n");
        const auto trained = place.train({"--votes", table, "--more", "thing=" + place.path("things/any")});
        CHECK(trained.exit_code == 2);
        CHECK_THAT(trained.err, ContainsSubstring(problem));
        CHECK_FALSE(std::filesystem::exists(place.card));
    }
}

TEST_CASE("A table is evaluated by what most people say of a picture, even if it is no class of the card") {
    const VotesWorkplace place;
    const auto trained =
        place.train({"--votes", place.path("data/train.csv"), "--votes", place.path("data/validation.csv"),
                     "--more", "thing=" + place.path("things/any")});
    REQUIRE(trained.exit_code == 0);
    write_file(place.folder / "data" / "mine.csv",
               "picture,happy,fear,bored\n"
               "validation/happy/1000.png,1,0,9\n"
               "validation/happy/1001.png,8,1,1\n"
               "validation/fear/1000.png,0,7,3\n"
               "validation/fear/1001.png,0,0,0\n"
               "gone.png,9,0,1\n");
    const auto evaluated = run_program(
        "trainer", {"evaluate", "--model", place.card, "--data", place.path("data/mine.csv"), "--json",
                    place.path("figures.json"), "--predictions", place.path("rows.csv")});
    INFO(evaluated.err);
    REQUIRE(evaluated.exit_code == 0);
    CHECK_THAT(evaluated.err,
               ContainsSubstring("1 of its rows name a picture that does not exist, first gone.png") &&
                   ContainsSubstring("neither a label nor a vote, first validation/fear/1001"));
    const auto rows = read_file(place.folder / "rows.csv");
    CHECK_THAT(rows, ContainsSubstring("\nbored/validation/happy/1000.png,bored,") &&
                         ContainsSubstring("\nhappy/validation/happy/1001.png,happy,happy,"));
    CHECK(std::count(rows.begin(), rows.end(), '\n') == 4);
}

}  // namespace trainer_votes_test
