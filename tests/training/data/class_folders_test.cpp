#include "training/data/class_folders.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace class_folders_test {

using namespace emotion;
using namespace emotion::training;
using emotion::test::TemporaryFolder;

TEST_CASE("Class folders and their files are sorted by name") {
    const TemporaryFolder folder;
    for (const char* name : {"happy", "fear", ".git", "__MACOSX", "happy/@eaDir/a.png"})
        std::filesystem::create_directories(folder / name / "empty");
    for (const char* file : {"happy/b.png", "happy/a.png", "happy/.hidden", "happy/Thumbs.db", "fear/c.jpg",
                             "notes.txt", "happy/@eaDir/a.png/thumb.png", "__MACOSX/._a.png"})
        write_file(folder / file, "x");
    const auto classes = list_class_folders(folder.path());
    REQUIRE(classes.size() == 2);
    CHECK(classes[0].name == "fear");
    CHECK(classes[1].name == "happy");
    REQUIRE(classes[1].files.size() == 2);
    CHECK(classes[1].files[0].filename() == "a.png");
    CHECK(classes[1].files[1].filename() == "b.png");
}

TEST_CASE("A folder that is missing or has no classes is rejected by name") {
    const TemporaryFolder folder;
    CHECK_THROWS_WITH(list_class_folders(folder.path()), ContainsSubstring("holds no folders"));
    CHECK_THROWS_AS(list_class_folders(folder / "missing"), Error);
    CHECK_THROWS_WITH(find_split(folder / "missing", "", "train"),
                      ContainsSubstring("missing: no such folder"));
}

TEST_CASE("The split of the data is the named one, the fallback or the data itself") {
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

TEST_CASE("Pictures in subfolders of a class folder belong to the class") {
    const TemporaryFolder folder;
    for (const char* file :
         {"happy/z.png", "happy/ben/2.png", "happy/ben/1.png", "happy/anna/old/3.png", "happy/anna/9.png",
          "happy/.trash/0.png", "happy/anna/.thumb.png", "fear/a.png"}) {
        std::filesystem::create_directories((folder / file).parent_path());
        write_file(folder / file, "x");
    }
    const auto classes = list_class_folders(folder.path());
    REQUIRE(classes.size() == 2);
    std::vector<std::string> names;
    for (const auto& file : classes[1].files) names.push_back(classes[1].name_of(file));
    CHECK(names == std::vector<std::string>{"happy/z.png", "happy/anna/9.png", "happy/anna/old/3.png",
                                            "happy/ben/1.png", "happy/ben/2.png"});
    CHECK(subfolders_text(classes) ==
          "4 of the 5 files of happy are in 3 folders of their own (anna, anna/old, ben)");
    for (const char* spelled : {"happy", "happy/"}) {
        const auto glad = list_pictures_of_class("glad", folder / spelled);
        CHECK(glad.name_of(glad.files.at(3)) == "glad/ben/1.png");
    }

    // Several folders for one class.
    auto together = classes[0];
    together.add(classes[1]);
    CHECK(together.files.size() == 6);
    CHECK(together.name_of(folder / "happy/ben/1.png") == "fear/ben/1.png");
    CHECK(together.name_of(folder / "fear/a.png") == "fear/a.png");
    CHECK_THAT(together.name_of("/elsewhere/b.png"), ContainsSubstring("../elsewhere/b.png"));
    CHECK(subfolders_text({classes[0]}).empty());
}

TEST_CASE("A folder of a class is called by its own name, whatever links lead to it") {
    const TemporaryFolder folder;
    namespace fs = std::filesystem;
    for (const char* file : {"data/happy/person0/1.png", "data/happy/person0/old/2.png", "data/happy/a/3.png",
                             "store/person9/4.png"}) {
        fs::create_directories((folder / file).parent_path());
        write_file(folder / file, "x");
    }
    const auto happy = folder / "data/happy";
    fs::create_directory_symlink("person0", happy / "alias");
    fs::create_directory_symlink("../person0/old", happy / "a/link");
    fs::create_directory_symlink("person9", folder / "store/alias");
    fs::create_directory_symlink(folder / "store", happy / "store");
    const auto classes = list_class_folders(folder / "data");
    REQUIRE(classes.size() == 1);
    std::vector<std::string> names;
    for (const auto& file : classes[0].files) names.push_back(classes[0].name_of(file));
    CHECK(names == std::vector<std::string>{"happy/a/3.png", "happy/person0/1.png", "happy/person0/old/2.png",
                                            "happy/store/person9/4.png"});
    CHECK(subfolders_text(classes) ==
          "4 of the 4 files of happy are in 4 folders of their own (a, person0, person0/old, ...)");
}

TEST_CASE("One picture in a folder of a class is told in the singular") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "happy/anna");
    for (const char* file : {"happy/a.png", "happy/anna/b.png"}) write_file(folder / file, "x");
    CHECK(subfolders_text(list_class_folders(folder.path())) ==
          "1 of the 2 files of happy is in a folder of its own (anna)");
}

TEST_CASE("Links to folders of pictures are followed once") {
    const TemporaryFolder folder;
    namespace fs = std::filesystem;
    for (const char* file : {"data/happy/ben/1.png", "data/fear/2.png", "store/carl/3.png"}) {
        fs::create_directories((folder / file).parent_path());
        write_file(folder / file, "x");
    }
    const auto happy = folder / "data/happy";
    fs::create_directory_symlink(folder / "store/carl", happy / "carl");
    fs::create_directory_symlink(folder / "store", happy / "everyone");
    fs::create_directory_symlink("../..", happy / "ben/up");
    fs::create_directory_symlink(".", happy / "again");
    fs::create_directory_symlink(folder / "store/carl", folder / "data/glad");
    const auto classes = list_class_folders(folder / "data");
    REQUIRE(classes.size() == 3);
    CHECK(classes[0].files.size() == 1);
    CHECK(classes[1].name_of(classes[1].files.at(0)) == "glad/3.png");
    REQUIRE(classes[2].files.size() == 2);
    CHECK(classes[2].name_of(classes[2].files[0]) == "happy/ben/1.png");
    CHECK(classes[2].name_of(classes[2].files[1]) == "happy/carl/3.png");
}

}  // namespace class_folders_test
