#include "training/data/labeled_pictures.hpp"

#include <numeric>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"
#include "training/data/data_part.hpp"
#include "training/data/folds.hpp"

namespace labeled_pictures_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

const std::vector<std::string> kClasses{"happy", "fear"};

/// happy/ and fear/ with two pictures each, more/ with one; a table of four pictures.
struct Data {
    TemporaryFolder folder;
    VoteTable table;

    Data() {
        write_class_folders(folder.path(), {"happy", "fear", "more"}, 2);
        std::filesystem::remove(folder / "more" / "1001.png");
        write_file(folder / "votes.csv",
                   "picture,happy,fear,unknown\n"
                   "fear/1000.png,6,2,2\n"
                   "fear/1001.png,0,1,9\n"
                   "more/1000.png,1,3,0\n"
                   "gone.png,5,5,0\n");
        table = read_vote_table(folder / "votes.csv");
    }
    std::vector<ClassFolder> folders() const { return list_class_folders(folder.path()); }
};

}  // namespace

TEST_CASE("Votes are learned as distributions, and pictures without votes by the label of their folder") {
    const Data data;
    const VoteRules rules{.meaning = {{"unknown", ""}}, .min_votes = 3};
    const auto collected = collect_pictures(data.folders(), {}, {data.table}, rules, kClasses);
    REQUIRE(collected.pictures.size() == 4);
    CHECK(collected.pictures[1].target.empty());
    CHECK(collected.few_votes == 1);      // nine of ten voters chose no class
    CHECK(collected.without_votes == 2);  // the happy ones
    CHECK(collected.without_picture == 1);
    const auto& fear = collected.pictures[0];
    CHECK(fear.name == "fear/1000.png");
    CHECK(fear.label == 1);
    CHECK(fear.target == std::vector<float>{0.75f, 0.25f});  // of the eight who chose a class
    CHECK(fear.votes[0] == Approx(0.6f));                    // of all ten
    const auto& more = collected.pictures[3];
    CHECK(more.name == "more/1000.png");
    CHECK(more.label == 1);  // by the most votes, because the folder is no class
    CHECK(more.target == std::vector<float>{0.25f, 0.75f});
}

TEST_CASE("Tables of votes add no picture, and a share of the label can be mixed into the votes") {
    const Data data;
    const VoteRules rules{.meaning = {{"unknown", ""}}, .label_share = 0.2};
    const auto collected = collect_pictures(data.folders(), {data.table}, {}, rules, kClasses);
    REQUIRE(collected.pictures.size() == 4);
    CHECK(collected.without_picture == 0);
    CHECK(collected.pictures[0].target[0] == Approx(0.8 * 0.75));
    CHECK(collected.pictures[0].target[1] == Approx(0.8 * 0.25 + 0.2));
}

TEST_CASE("The votes of several tables for a picture are added, and each picture is learned once") {
    const Data data;
    write_file(data.folder / "bob.csv",
               "picture,fear,happy,sad\n"
               "fear/1000.png,4,0,1\n"
               "more/1000.png,0,4,0\n");
    const auto bob = read_vote_table(data.folder / "bob.csv");
    const VoteRules rules{.meaning = {{"unknown", ""}, {"sad", ""}}};
    for (const auto& tables : {std::vector{data.table, bob}, {bob, data.table}, {bob, data.table, bob}}) {
        const auto collected = collect_pictures({}, {}, tables, rules, kClasses);
        REQUIRE(collected.pictures.size() == 3);
        for (const auto& picture : collected.pictures) {
            INFO(picture.name);
            if (picture.name == "fear/1001.png") continue;
            const bool is_fear = picture.name == "fear/1000.png";
            CHECK(picture.target[0] == Approx(is_fear ? 6.0 / 12 : 5.0 / 8));
            CHECK(picture.votes[0] == Approx(is_fear ? 6.0 / 15 : 5.0 / 8));
        }
    }
    const auto labels_of = [&](const std::string& name, const std::string& label) {
        write_file(data.folder / name, "picture,label\nfear/1000.png," + label + "\n");
        return read_vote_table(data.folder / name);
    };
    const auto happy = labels_of("ann.csv", "happy"), fear = labels_of("eve.csv", "fear");
    CHECK_NOTHROW(collect_pictures({}, {}, {happy, labels_of("more.csv", "happy")}, {}, kClasses));
    CHECK_THROWS_WITH(collect_pictures({}, {}, {happy, fear}, {}, kClasses),
                      ContainsSubstring("eve.csv:2: label = fear, but another table says happy"));
}

TEST_CASE("Labels in a table are classes, and are learned where there are no votes") {
    const TemporaryFolder folder;
    write_class_folders(folder.path(), {"any"}, 2);
    const auto collect = [&](const std::string& text) {
        write_file(folder / "labels.csv", text);
        return collect_pictures({}, {}, {read_vote_table(folder / "labels.csv")}, {}, kClasses);
    };
    const auto collected = collect("picture,label\nany/1000.png,fear\nany/1001.png,happy\n");
    REQUIRE(collected.pictures.size() == 2);
    CHECK(collected.pictures[0].label == 1);
    CHECK(collected.pictures[1].target.empty());
    CHECK_THROWS_WITH(collect("picture,label\nany/1000.png,joy\n"),
                      ContainsSubstring("labels.csv:2: label = joy, expected one of happy, fear"));
}

TEST_CASE("A dataset keeps targets and votes through loading and folds") {
    const Data data;
    const VoteRules rules{.meaning = {{"unknown", ""}}, .min_votes = 3};
    const auto collected = collect_pictures(data.folders(), {}, {data.table}, rules, kClasses);
    faces::CropSpec crop;
    crop.width = crop.height = 16;
    ThreadPool threads(2);
    const auto loaded = load_dataset(collected.pictures, kClasses, crop, threads);
    CHECK(loaded.distributions() == std::vector<float>{0.75f, 0.25f, 1, 0, 1, 0, 0.25f, 0.75f});
    CHECK(loaded.votes_of(1).empty());
    CHECK(loaded.votes_of(3) == std::vector<float>{0.25f, 0.75f});
    const auto part = fold_of_data(loaded, {0, 1, 0, 1}, 1);
    CHECK(part.distributions() == std::vector<float>{1, 0, 0.25f, 0.75f});
    CHECK(part.votes_of(1) == std::vector<float>{0.25f, 0.75f});
    auto labels_alone = loaded;
    labels_alone.targets.clear();
    CHECK(labels_alone.distributions() == std::vector<float>{0, 1, 1, 0, 1, 0, 0, 1});
    CHECK(labels_alone.sha256() != loaded.sha256());
}

TEST_CASE("A row of shares is not too few votes, even if rounded or partly for no class") {
    const Data data;
    write_file(data.folder / "shares.csv",
               "picture,happy,fear,unknown\n"
               "fear/1000.png,0.333,0.666,0\n"
               "fear/1001.png,0.2,0.3,0.5\n"
               "more/1000.png,0,0,1\n");
    const auto shares = read_vote_table(data.folder / "shares.csv");
    VoteRules rules{.meaning = {{"unknown", ""}}};
    const auto collected = collect_pictures({}, {}, {shares}, rules, kClasses);
    CHECK(collected.pictures.size() == 2);
    CHECK(collected.few_votes == 1);  // nobody chose a class
    rules.min_votes = 2;
    CHECK(collect_pictures({}, {}, {shares}, rules, kClasses).few_votes == 3);
}

TEST_CASE("A class without pictures, even as part of a target, is an error") {
    const Data data;
    const VoteRules rules{.meaning = {{"unknown", ""}}};
    const std::vector<std::string> classes{"happy", "fear", "contempt"};
    const auto collected = collect_pictures(data.folders(), {}, {data.table}, rules, classes);
    ThreadPool threads(1);
    CHECK_THROWS_WITH(load_dataset(collected.pictures, classes, {}, threads),
                      ContainsSubstring("the class contempt has no picture that can be read"));
}

TEST_CASE("Pictures are added as a class, in class folders or by a table") {
    const Data data;
    auto part = list_part(data.folder.path());
    add_pictures("not_a_face=" + (data.folder / "more").string(), part);
    REQUIRE(part.folders.back().name == "not_a_face");
    CHECK(part.folders.back().files.size() == 1);
    add_pictures(data.folder.path().string(), part);
    CHECK(part.folders.front().files.size() == 4);  // fear: its own, and the same again
    add_pictures((data.folder / "votes.csv").string(), part);
    REQUIRE(part.tables.size() == 1);
    CHECK(part.tables.front().rows.size() == 4);
    CHECK_THROWS_AS(add_pictures("joy=" + (data.folder / "none").string(), part), Error);
    CHECK_THROWS_AS(add_pictures((data.folder / "none").string(), part), Error);
    std::filesystem::create_directories(data.folder / "empty");
    CHECK_THROWS_WITH(add_pictures("joy=" + (data.folder / "empty").string(), part),
                      ContainsSubstring("holds no files"));
}

TEST_CASE("The last tenth of an added class is held out if validation has none") {
    const TemporaryFolder folder;
    write_class_folders(folder / "train", {"happy"}, 20);
    write_class_folders(folder / "things", {"chairs"}, 25);
    auto training = list_part(folder / "train"), validation = list_part(folder / "train");
    add_pictures("thing=" + (folder / "things" / "chairs").string(), training);
    validation.folders.clear();
    hold_out_missing(training, validation);
    REQUIRE(validation.folders.size() == 1);  // happy was not added, so it stays
    CHECK(validation.folders[0].name == "thing");
    REQUIRE(validation.folders[0].files.size() == 2);
    CHECK(validation.folders[0].files[0].filename() == "1023.png");
    CHECK(training.folders[0].files.size() == 20);
    CHECK(training.folders[1].files.size() == 23);
    hold_out_missing(training, validation);  // now it has some
    CHECK(training.folders[1].files.size() == 23);
}

}  // namespace labeled_pictures_test
