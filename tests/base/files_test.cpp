#include "base/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace files_test {

using namespace emotion;

TEST_CASE("An output file appears only once it is complete") {
    const test::TemporaryFolder folder;
    const auto target = folder / "table.csv";
    write_file(target, "old");
    {
        OutputFile file(target);
        file.stream() << "half";
    }
    CHECK(read_file(target) == "old");
    OutputFile file(target);
    file.stream() << "new";
    CHECK(read_file(target) == "old");
    file.commit();
    CHECK(read_file(target) == "new");
    CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("Files that cannot be read or written are named in the error") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(read_file(folder / "none"), ContainsSubstring("none: no such file, expected a file"));
    CHECK_THROWS_WITH(read_file(folder.path()), ContainsSubstring("is a folder, expected a file"));
    CHECK_THROWS_WITH(read_file(folder.path(), kMaxFileBytes, "a recipe"),
                      ContainsSubstring("is a folder, expected a recipe"));
    std::filesystem::create_symlink("loop", folder / "loop");
    CHECK_THROWS_WITH(read_file(folder / "loop"), ContainsSubstring("loop: cannot be read: "));
    CHECK_THROWS_WITH(OutputFile(folder / "no" / "x.csv"),
                      ContainsSubstring("x.csv: cannot be written: there is no folder ") &&
                          ContainsSubstring(", make it first"));
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK_THROWS_WITH(read_file(folder / "pipe", kMaxFileBytes, "a recipe"),
                      ContainsSubstring("pipe: is a pipe, expected a recipe"));
    write_file(folder / "large", std::string(100, 'x'));
    CHECK_THROWS_WITH(read_file(folder / "large", 99), ContainsSubstring("expected at most 99"));
}

TEST_CASE("An output replaces the target of a link and never a device") {
    const test::TemporaryFolder folder;
    write_file(folder / "real.csv", "old");
    std::filesystem::create_symlink("real.csv", folder / "link.csv");
    write_file(folder / "link.csv", "new");
    CHECK(std::filesystem::is_symlink(folder / "link.csv"));
    CHECK(read_file(folder / "real.csv") == "new");
    // The file that a link names may be made later, its folder may not.
    std::filesystem::create_directory(folder / "results");
    std::filesystem::create_symlink("results/next.csv", folder / "next.csv");
    std::filesystem::create_symlink("next.csv", folder / "to_next.csv");
    write_file(folder / "to_next.csv", "first");
    CHECK(std::filesystem::is_symlink(folder / "next.csv"));
    CHECK(std::filesystem::is_symlink(folder / "to_next.csv"));
    CHECK(read_file(folder / "results/next.csv") == "first");
    std::filesystem::create_symlink("absent/a.csv", folder / "a.csv");
    CHECK_THROWS_WITH(PartFile(folder / "a.csv"), ContainsSubstring("there is no folder"));
    std::filesystem::create_symlink("round.csv", folder / "round.csv");
    CHECK_THROWS_WITH(PartFile(folder / "round.csv"), ContainsSubstring("a link that leads back to itself"));
    CHECK_THROWS_WITH(PartFile("/dev/null"), ContainsSubstring("/dev/null: cannot be written"));
    CHECK_THROWS_WITH(OutputFile(folder.path()), ContainsSubstring("it is not an ordinary file"));
}

TEST_CASE("A target may have the longest possible name, as may the part file of its part file") {
    const test::TemporaryFolder folder;
    std::string letters;
    while (letters.size() < 150) letters += "\u65e5";  // three bytes each
    for (const auto& ending :
         {std::string(99, 'a') + ".mp4", std::string(99, 'b') + ".mp4", "." + std::string(103, 'c')}) {
        const auto target = folder / (letters + ending);
        const PartFile part(target), part_of_part(part.path());
        write_file(target, "content");
        write_file(part.path(), "part");
        write_file(part_of_part.path(), "part of part");
        CHECK(read_file(target) == "content");
        CHECK(read_file(part.path()) == "part");
        CHECK(part.path().filename().string().find("\u65e5~") == 76);
    }
    CHECK(PartFile(folder / (letters + "a.mp4")).path() != PartFile(folder / (letters + "b.mp4")).path());
    CHECK(PartFile(folder / (letters + "a.mp4")).path().extension() == ".mp4");
    CHECK_THROWS_WITH(PartFile(folder / std::string(256, 'x')),
                      ContainsSubstring("x: cannot be written: File name too long"));
    CHECK(PartFile(folder / "clip.mp4").path().filename() ==
          ".clip.mp4." + std::to_string(::getpid()) + ".part.mp4");
}

TEST_CASE("Results are kept by regular files and new ones, not by folders and devices") {
    const test::TemporaryFolder folder;
    CHECK(is_regular_or_new(folder / "new.csv"));
    write_file(folder / "old.csv", "old");
    CHECK(is_regular_or_new(folder / "old.csv"));
    CHECK_FALSE(is_regular_or_new(folder.path()));
    CHECK_FALSE(is_regular_or_new("/dev/null"));
}

TEST_CASE("A path is the same in each of its spellings") {
    const auto here = std::filesystem::current_path();
    CHECK(plain_path("a/./b/../c.png") == here / "a" / "c.png");
    CHECK(plain_path(here / "a" / "c.png") == plain_path("a//c.png"));
}

TEST_CASE("The extension of a file is in lower case") {
    CHECK(lower_ending("folder.d/A.JPG") == ".jpg");
    CHECK(lower_ending("talk.part.Mp4") == ".mp4");
    CHECK(lower_ending("folder.d/none").empty());
}

}  // namespace files_test
