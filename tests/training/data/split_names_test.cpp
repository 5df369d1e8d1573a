#include "training/data/split_names.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_folders.hpp"

namespace split_names_test {

using namespace emotion;
using namespace emotion::training;
using emotion::test::TemporaryFolder;

namespace fs = std::filesystem;

TEST_CASE("Usual spellings of the parts of the data are understood") {
    for (const char* name : {"val", "Val", "valid", "dev", "VALIDATION"})
        CHECK(split_meant_by(name) == "validation");
    CHECK(split_meant_by("Training") == "train");
    CHECK(split_meant_by("testing") == "test");
    for (const char* name : {"happy", "", "trainer", "valid1"}) CHECK(split_meant_by(name).empty());
}

TEST_CASE("Parts of the data under another name are reported with the expected one") {
    const TemporaryFolder folder;
    for (const char* place : {"train/happy", "val/happy", "Tests/fear", "extra/happy", "dev"})
        fs::create_directories(folder / place);
    const auto lines = misnamed_splits_text(folder.path(), {"train"});
    REQUIRE(lines.size() == 2);  // dev holds no folders
    CHECK(lines[0] == (folder / "val").string() +
                          ": is not used, expected the name validation for this part of the data; rename the "
                          "folder");
    CHECK_THAT(lines[1], ContainsSubstring("Tests: is not used, expected the name test"));
    fs::create_directories(folder / "validation/happy");
    CHECK_THAT(misnamed_splits_text(folder.path(), {"train", "validation"}).at(0),
               ContainsSubstring("val: is not used") && ContainsSubstring("move its pictures there"));
}

TEST_CASE("Parts of the data that would be taken for classes are reported, or refused where one is needed") {
    const TemporaryFolder folder;
    for (const char* place : {"training/happy", "val/happy"}) fs::create_directories(folder / place);
    const auto lines = misnamed_splits_text(folder.path(), {""});
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], ContainsSubstring("training: is taken for a class, expected the name train"));
    CHECK_THAT(lines[1], ContainsSubstring("val: is taken for a class, expected the name validation"));
    CHECK(find_split(folder.path(), "", "") == folder.path());
    CHECK_THROWS_WITH(find_split(folder.path(), "", "train"),
                      ContainsSubstring("training: expected the name train"));
    CHECK_THROWS_WITH(find_split(folder.path(), "", "validation"),
                      ContainsSubstring("val: expected the name validation"));
    CHECK(find_split(folder.path(), "val", "validation") == folder / "val");
}

}  // namespace split_names_test
