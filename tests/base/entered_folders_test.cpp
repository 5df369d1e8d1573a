#include "base/entered_folders.hpp"

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace entered_folders_test {

using emotion::EnteredFolders;
using emotion::test::TemporaryFolder;
namespace fs = std::filesystem;

TEST_CASE("a folder is entered once under any name, and never one that contains the root") {
    const TemporaryFolder folder;
    for (const char* name : {"data/top/one", "data/top/two", "elsewhere/deep"})
        fs::create_directories(folder / name);
    const auto root = folder / "data/top";
    fs::create_directory_symlink(folder / "elsewhere", root / "link");
    fs::create_directory_symlink(folder / "elsewhere/deep", root / "two/deep");
    fs::create_directory_symlink("..", root / "one/back");
    fs::create_directory_symlink(folder / "data", root / "up");
    fs::create_directory_symlink(folder / "gone", root / "broken");

    EnteredFolders entered(root);
    CHECK(entered.enter(root / "one"));
    CHECK_FALSE(entered.enter(root / "one"));
    CHECK_FALSE(entered.enter(root / "two/../one"));
    CHECK(entered.enter(root / "link"));
    CHECK_FALSE(entered.enter(folder / "elsewhere"));
    CHECK(entered.enter(root / "link/deep"));
    CHECK_FALSE(entered.enter(root / "two/deep"));
    for (const char* loop : {"one/back", "up", "broken", "."}) CHECK_FALSE(entered.enter(root / loop));
}

}  // namespace entered_folders_test
