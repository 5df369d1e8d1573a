#include "results/text_output.hpp"

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include <sys/stat.h>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace text_output_test {

using namespace emotion;
using namespace emotion::results;
using Growth = TextOutput::Growth;

TEST_CASE("A part file replaces its target only when finished") {
    const test::TemporaryFolder folder;
    const auto target = folder / "out.jsonl";
    write_file(target, "before\n");
    TextOutput output(target, Growth::kBeside);
    output.write("one\n");
    output.write("two\n");
    CHECK(read_file(target) == "before\n");
    output.finish();
    CHECK(read_file(target) == "one\ntwo\n");
}

TEST_CASE("An abandoned text leaves the target as it was and no part file") {
    const test::TemporaryFolder folder;
    write_file(folder / "out.csv", "before\n");
    { TextOutput(folder / "out.csv", Growth::kBeside).write("half"); }
    CHECK(read_file(folder / "out.csv") == "before\n");
    CHECK(test::files_in(folder.path()) == 1);
}

TEST_CASE("A text that grows in place can be read line by line") {
    const test::TemporaryFolder folder;
    const auto target = folder / "out.jsonl";
    TextOutput output(target, Growth::kInPlace);
    output.write("one\n");
    CHECK(read_file(target) == "one\n");
    output.write("two\n");
    CHECK(read_file(target) == "one\ntwo\n");
    output.finish();
    CHECK(read_file(target) == "one\ntwo\n");
}

TEST_CASE("A device is written to and never replaced") {
    TextOutput output("/dev/null", Growth::kBeside);
    output.write("gone\n");
    output.finish();
    CHECK(std::filesystem::is_character_file("/dev/null"));
}

TEST_CASE("A pipe is written to once it has a reader") {
    const test::TemporaryFolder folder;
    const auto pipe = (folder / "pipe").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(TextOutput(pipe, Growth::kBeside),
                      ContainsSubstring("pipe: cannot be written: no program reads"));
    auto reader = std::async(std::launch::async, [&] {
        std::ifstream in(pipe);
        return std::string(std::istreambuf_iterator<char>(in), {});
    });
    {
        TextOutput output(pipe, Growth::kBeside);
        output.write("one\n");
        output.finish();
    }
    CHECK(reader.get() == "one\n");
}

TEST_CASE("A text that cannot be written is an error that names the file and the reason") {
    for (const auto growth : {Growth::kBeside, Growth::kInPlace})
        CHECK_THROWS_WITH(
            TextOutput("/nowhere/out.csv", growth),
            ContainsSubstring("/nowhere/out.csv: cannot be written: ") &&
                ContainsSubstring(growth == Growth::kBeside ? "there is no folder" : "No such file"));
}

TEST_CASE("A full disk is an error that names the file and the reason") {
    if (!std::filesystem::exists("/dev/full")) SKIP_TEST("there is no /dev/full here");
    TextOutput full("/dev/full", Growth::kInPlace);
    CHECK_THROWS_WITH(full.write("one\n"),
                      ContainsSubstring("/dev/full") && ContainsSubstring("No space left"));
}

TEST_CASE("A write failure is reported once") {
    if (!std::filesystem::exists("/dev/full")) SKIP_TEST("there is no /dev/full here");
    TextOutput full("/dev/full", Growth::kInPlace);
    CHECK_THROWS(full.write("one\n"));
    CHECK_NOTHROW(full.write("two\n"));
    CHECK_NOTHROW(full.finish());
}

}  // namespace text_output_test
