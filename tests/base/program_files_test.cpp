#include "base/program_files.hpp"

#include <cstdlib>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace program_files_test {

TEST_CASE("the folder named by the environment is searched first") {
    const emotion::test::TemporaryFolder folder;
    emotion::write_file(folder / "a.txt", "a");
    ::setenv("EMOTION_DETECTOR_DATA", folder.path().c_str(), 1);
    const auto found = emotion::find_program_file("a.txt");
    ::unsetenv("EMOTION_DETECTOR_DATA");
    CHECK(found == folder / "a.txt");
    CHECK_THROWS_AS(emotion::find_program_file("a.txt"), emotion::Error);
}

TEST_CASE("a missing program file is reported with the folder next to the bin folder") {
    const auto share =
        std::filesystem::canonical(EMOTION_BIN_DIR).parent_path() / "share" / "emotion-detector";
    CHECK_THROWS_WITH(emotion::find_program_file("no/such.file"),
                      ContainsSubstring("no/such.file: not found in " + share.string()));
}

}  // namespace program_files_test
