#include "training/data/class_folders.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace emotion;
using namespace emotion::training;
using emotion::test::TemporaryFolder;

TEST_CASE("Class folders and their files come in the order of their names") {
    const TemporaryFolder folder;
    for (const char* name : {"happy", "fear", ".git"})
        std::filesystem::create_directories(folder / name / "deeper");
    for (const char* file : {"happy/b.png", "happy/a.png", "happy/.hidden", "fear/c.jpg", "notes.txt"})
        write_file(folder / file, "x");
    const auto classes = list_class_folders(folder.path());
    REQUIRE(classes.size() == 2);
    CHECK(classes[0].name == "fear");
    CHECK(classes[1].name == "happy");
    REQUIRE(classes[1].files.size() == 2);
    CHECK(classes[1].files[0].filename() == "a.png");
    CHECK(classes[1].files[1].filename() == "b.png");
}

TEST_CASE("A folder that is missing or holds no classes is refused by name") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(list_class_folders(folder.path()), ContainsSubstring("holds no folders"));
    CHECK_THROWS_AS(list_class_folders(folder / "missing"), Error);
    CHECK_THROWS_WITH(find_split(folder / "missing", "", "train"),
                      ContainsSubstring("missing: no such folder"));
}

TEST_CASE("The part of the data is the one named or the usual one or the data itself") {
    const TemporaryFolder folder;
    CHECK(find_split(folder.path(), "", "train") == folder.path());
    std::filesystem::create_directories(folder / "train");
    std::filesystem::create_directories(folder / "extra");
    CHECK(find_split(folder.path(), "", "train") == folder / "train");
    CHECK(find_split(folder.path(), "", "validation") == folder.path());
    CHECK(find_split(folder.path(), "extra", "train") == folder / "extra");
    CHECK_THROWS_WITH(find_split(folder.path(), "test", "train"),
                      ContainsSubstring("part of the data named test"));
}
