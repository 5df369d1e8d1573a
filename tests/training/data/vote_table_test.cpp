#include "training/data/vote_table.hpp"

#include <numeric>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace vote_table_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

VoteTable table_of(const TemporaryFolder& folder, const std::string& text, const VoteRules& rules = {}) {
    write_file(folder / "votes.csv", text);
    return read_vote_table(folder / "votes.csv", rules);
}

}  // namespace

TEST_CASE("A table of votes is read with quotes, spaces and line ends") {
    const TemporaryFolder folder;
    const auto table = table_of(folder,
                                "\xEF\xBB\xBFpicture, happy ,fear,label\r\n"
                                "a/1.png,7, 2.5 ,happy\r\n"
                                "\r\n"
                                "\"b/2, \"\"large\"\".png\",,0.5,\r\n");
    CHECK(table.answers == std::vector<std::string>{"happy", "fear"});
    REQUIRE(table.rows.size() == 2);
    CHECK(table.rows[0].picture == folder / "a" / "1.png");
    CHECK(table.rows[0].votes == std::vector<float>{7.0f, 2.5f});
    CHECK(table.rows[0].label == "happy");
    CHECK(table.rows[1].name == "b/2, \"large\".png");
    CHECK(table.rows[1].votes == std::vector<float>{0.0f, 0.5f});
    CHECK(table.rows[1].label.empty());
    CHECK(table.rows[1].line == 4);
}

TEST_CASE("A table of votes is read as spreadsheets write it in many languages") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "a");
    write_file(folder / "a" / "1.png", "");
    write_file(folder / "b\\2.png", "");  // a backslash of its own
    const auto expected = table_of(folder, "picture,happy,fear\na/1.png,7,2.5\nb\\2.png,0,1\n");
    for (const std::string text :
         {"picture;happy;fear\r\na/1.png;7;2,5\r\nb\\2.png;0;1\r\n",
          "picture\thappy\tfear\na/1.png\t7\t2.5\nb\\2.png\t0\t1\n",
          "\xEF\xBB\xBFpicture,happy,fear\ra/1.png,7,2.5\rb\\2.png,0,1\r",
          "picture,happy,fear\na\\1.png,7,2.5\nb\\2.png,0,1\n",
          "picture,happy,fear,,\na/1.png,7,2.5,,\nb\\2.png,0,1,,\n,,,,\n",
          "\"picture\";\"happy\";\"fear\"\n\"a/1.png\";\"7\";\"2,5\"\n\"b\\2.png\";\"0\";\"1\"\n;;\n"}) {
        INFO(text);
        const auto table = table_of(folder, text);
        CHECK(table.answers == expected.answers);
        REQUIRE(table.rows.size() == 2);
        for (std::size_t i = 0; i < 2; ++i) {
            CHECK(table.rows[i].picture == expected.rows[i].picture);
            CHECK(table.rows[i].votes == expected.rows[i].votes);
        }
    }
    CHECK(expected.rows[1].picture == folder / "b\\2.png");
}

TEST_CASE("An invalid table of votes is rejected with file and line") {
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& text, const std::string& problem) {
        CHECK_THROWS_WITH(table_of(folder, text),
                          ContainsSubstring("votes.csv:") && ContainsSubstring(problem));
    };
    refused("happy,fear\n1,2\n", "1: expected the names of columns, one of them picture");
    refused("picture\na.png\n", "1: expected a column label, or one of votes for each answer");
    refused("picture,fear,fear\na.png,1,2\n", "1: two columns are named fear");
    refused("picture,fear,\na.png,1,2\n", "1: column 3 has no name");
    refused("picture,fear\na.png\n", "2: 1 fields, expected 2");
    refused("picture,fear\na.png,few\n", "2: fear = few, expected a number of votes, 0 or more");
    refused("picture,fear\na.png,\"1,000\"\n", "2: fear = 1,000, expected");
    refused("picture,fear\na.png,-1\n", "2: fear = -1, expected");
    refused("picture,fear\na.png,inf\n", "2: fear = inf, expected");
    refused("picture,fear\na.png,1\nb/../a.png,2\n", "3: b/../a.png is listed twice");
    refused("picture,fear\n,1\n", "2: expected a picture's path");
    refused(std::string("\xFF\xFEp\0i\0", 6), "1: is UTF-16, expected UTF-8: save the table as CSV UTF-8");
    refused("picture,fear\n", "2: expected a row for each picture");
    CHECK_THROWS_AS(read_vote_table(folder / "none.csv"), Error);
}

TEST_CASE("Columns that the rules ignore are not read, whatever they contain") {
    const TemporaryFolder folder;
    const VoteRules rules{.ignored = {"notes", "label"}};
    const auto table = table_of(folder,
                                "picture,notes,fear,label\n"
                                "a.png,\"blurred, or\nso \"\"it\"\" seems\",3,unsure\n"
                                "b.png,5\" high,1,\n"
                                "c.png,6\" high,2,\n",
                                rules);
    CHECK(table.answers == std::vector<std::string>{"fear"});
    REQUIRE(table.rows.size() == 3);
    CHECK(table.rows[0].votes == std::vector<float>{3.0f});
    CHECK(table.rows[0].label.empty());
    CHECK(table.rows[1].line == 4);  // a note has two lines
    CHECK(table.rows[2].name == "c.png");
    CHECK_THROWS_WITH(table_of(folder, "picture,notes\na.png,blurred\n", rules),
                      ContainsSubstring("votes.csv:1: expected a column label, or one of votes"));
}

TEST_CASE("A column of text is refused with its name, its row and the way to ignore it") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(table_of(folder, "picture,fear,notes\na.png,3,\nb.png,2,blurred\n"),
                      ContainsSubstring("votes.csv:3: notes = blurred, expected a number of votes") &&
                          ContainsSubstring("votes: {meaning: {notes: ignore}}") && !ContainsSubstring("\n"));
    CHECK_THROWS_WITH(table_of(folder, "picture,fear\na.png,-3\n"), !ContainsSubstring("ignore"));
    CHECK_THROWS_WITH(table_of(folder, "picture,fear\na.png,3\nb.png,\"2\nc.png,1\n"),
                      ContainsSubstring("votes.csv:3: a field in quotes does not end"));
}

TEST_CASE("Answers count for the class of their name unless the rules differ") {
    const TemporaryFolder folder;
    const auto table = table_of(folder, "picture,happy,afraid,scared,unknown\na.png,4,3,2,1\n");
    const VoteRules rules{.meaning = {{"afraid", "fear"}, {"scared", "fear"}, {"unknown", ""}}};
    const std::vector<std::string> classes{"fear", "happy"};
    const auto places = answer_class_indices(table, rules, classes);
    CHECK(places == std::vector<int>{1, 0, 0, -1});
    PictureVotes votes;
    votes.add(table.rows[0], places, 2);
    CHECK(votes.counts == std::vector<float>{5.0f, 4.0f});
    CHECK(votes.people == std::accumulate(table.rows[0].votes.begin(), table.rows[0].votes.end(), 0.0f));
    CHECK_THROWS_WITH(answer_class_indices(table, {}, classes),
                      ContainsSubstring("the columns afraid, scared, unknown are not classes (fear, happy)"));
}

}  // namespace vote_table_test
