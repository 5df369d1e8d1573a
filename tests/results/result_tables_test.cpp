#include "results/result_tables.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "results/result_text.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace emotion;
using namespace emotion::results;
using Growth = TextOutput::Growth;

namespace {

const std::vector<std::string> kClasses{"happy", "fear"};
const faces::FrameResult kEmptyFrame{"clip.mp4", 0, 0.0, {640, 480}, {}};

}  // namespace

TEST_CASE("Each frame goes into both tables and they appear when finished") {
    const test::TemporaryFolder folder;
    ResultTables tables(folder / "out.jsonl", folder / "out.csv", kClasses, Growth::kBeside);
    tables.write(kEmptyFrame);
    tables.write(kEmptyFrame);
    CHECK_FALSE(std::filesystem::exists(folder / "out.csv"));
    tables.finish();
    const auto line = json_line(kEmptyFrame, kClasses), row = csv_rows(kEmptyFrame, kClasses);
    CHECK(read_file(folder / "out.jsonl") == line + line);
    CHECK(read_file(folder / "out.csv") == csv_header(kClasses) + row + row);
}

TEST_CASE("A table of a live source can be read while it grows from its header on and comes alone") {
    const test::TemporaryFolder folder;
    ResultTables tables(std::nullopt, folder / "out.csv", kClasses, Growth::kInPlace);
    CHECK(read_file(folder / "out.csv") == csv_header(kClasses));
    tables.write(kEmptyFrame);
    CHECK(read_file(folder / "out.csv") == csv_header(kClasses) + csv_rows(kEmptyFrame, kClasses));
    CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("A table that cannot be put in place keeps the other from nothing") {
    const test::TemporaryFolder folder;
    std::filesystem::create_directory(folder / "gone");
    ResultTables tables(folder / "gone/out.jsonl", folder / "out.csv", kClasses, Growth::kBeside);
    tables.write(kEmptyFrame);
    std::filesystem::remove_all(folder / "gone");
    CHECK_THROWS_WITH(tables.finish(), ContainsSubstring("gone/out.jsonl: "));
    CHECK(read_file(folder / "out.csv") == csv_header(kClasses) + csv_rows(kEmptyFrame, kClasses));
}
