#include "training/check/vote_check.hpp"

#include "base/files.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/check/contact_sheets.hpp"
#include "training/data/class_pictures.hpp"

namespace vote_check_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

TEST_CASE("Votes are compared with the folders") {
    const TemporaryFolder folder;
    write_class_folders(folder / "data", {"fear", "happy"}, 3);
    write_class_folders(folder / "more", {"extra"}, 1);
    write_file(folder / "votes.csv",
               "picture,happy,fear,unknown\n"
               "data/fear/1000.png,7,1,2\n"
               "data/fear/1001.png,2,6,2\n"
               "data/fear/1002.png,8,0,2\n"
               "data/happy/1000.png,5,4,1\n"
               "data/happy/1001.png,0,0,0\n"
               "more/extra/1000.png,9,1,0\n"
               "gone.png,9,1,0\n");
    ThreadPool threads(2);
    const auto check = check_data(folder / "data", {}, {}, threads, [](std::size_t, std::size_t) {});
    const auto votes = check_votes(check, {read_vote_table(folder / "votes.csv")});
    CHECK(votes.with_votes == 4);
    CHECK(votes.without_votes == 2);  // happy/1001, which nobody voted on, and happy/1002
    REQUIRE(votes.disagreements.size() == 2);
    CHECK(check.pictures[votes.disagreements[0].picture].name == "fear/1002.png");
    CHECK(votes.disagreements[0].share_for_label == 0.0);
    CHECK(votes.disagreements[0].majority == "happy");
    CHECK(votes.disagreements[1].share_for_label == Approx(0.1));
    REQUIRE(votes.no_agreement.size() == 1);  // half is no majority
    CHECK(votes.no_agreement[0].top_answer == "happy");
    CHECK(votes.no_agreement[0].share == Approx(0.5));
    REQUIRE(votes.without_picture.size() == 1);
    CHECK_THAT(votes.without_picture[0], ContainsSubstring("votes.csv:8: gone.png"));
    CHECK(votes.elsewhere.size() == 1);

    CHECK_THAT(to_text(votes, check), ContainsSubstring("Votes: for 4 pictures, none for 2") &&
                                          ContainsSubstring("fear/1000.png: 10 % say so, 70 % say happy") &&
                                          ContainsSubstring("happy/1000.png: at most 50 % agree, on happy"));
    const auto json = to_json(votes, check);
    CHECK(json["disagreements"][0]["picture"] == "fear/1002.png");
    CHECK(json["no_agreement"][0]["most_share"].get<double>() == Approx(0.5));

    const auto sheets = write_contact_sheets(votes, check, folder / "sheets");
    REQUIRE(sheets.size() == 2);
    CHECK(sheets[0].filename() == "votes-against-folder.png");
    CHECK(media::read_picture(sheets[0].string()).cols == 2 * media::read_picture(sheets[1].string()).cols);
}

TEST_CASE("Votes are compared with labels by what the rules say of answers") {
    const TemporaryFolder folder;
    write_class_folders(folder / "data", {"fear", "happy"}, 1);
    write_file(folder / "votes.csv", "picture,joy,fear,unknown\ndata/happy/1000.png,7,2,1\n");
    ThreadPool threads(1);
    const auto check = check_data(folder / "data", {}, {}, threads, [](std::size_t, std::size_t) {});
    const auto table = read_vote_table(folder / "votes.csv");
    CHECK(check_votes(check, {table}).disagreements.size() == 1);
    const VoteRules rules{.meaning = {{"joy", "happy"}, {"unknown", ""}}};
    CHECK(check_votes(check, {table}, rules).disagreements.empty());
}

}  // namespace vote_check_test
