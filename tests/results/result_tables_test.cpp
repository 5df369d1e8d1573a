#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/files.hpp"
#include "results/output_table.hpp"
#include "results/result_text.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/temporary_folder.hpp"

namespace result_tables_test {

using namespace emotion;
using namespace emotion::results;

namespace {

const std::vector<std::string> kClasses{"happy", "fear"};
const faces::FrameResult kEmptyFrame{"clip.mp4", 0, 0.0, {640, 480}, {}};

media::SourceInfo source_of(media::SourceKind kind) {
    media::SourceInfo info;
    info.kind = kind;
    return info;
}

struct Fixture {
    std::string target(const std::string& name) const { return (folder / name).string(); }
    std::unique_ptr<FrameOutput> table(const std::string& name, Scope scope = Scope::kRecording) const {
        const bool csv = name.ends_with(".csv");
        return output_kind(csv ? "--csv" : "--jsonl").make(target(name), {card, stats, {}, scope});
    }

    const test::TemporaryFolder folder;
    const model::ModelCard card = test::two_class_card();
    const pipeline::RunStats stats;
    drawing::Canvas canvas{{}, {}};
};

}  // namespace

TEST_CASE("Frames are written to tables, which appear when finished") {
    Fixture fixture;
    for (const std::string name : {"out.jsonl", "out.csv"}) {
        const auto table = fixture.table(name);
        table->start(source_of(media::SourceKind::kRecording));
        table->write(kEmptyFrame, fixture.canvas);
        table->write(kEmptyFrame, fixture.canvas);
        CHECK_FALSE(std::filesystem::exists(fixture.target(name)));
        table->finish();
    }
    const auto line = json_line(kEmptyFrame, kClasses), row = csv_rows(kEmptyFrame, kClasses);
    CHECK(read_file(fixture.target("out.jsonl")) == line + line);
    CHECK(read_file(fixture.target("out.csv")) == csv_header(kClasses) + row + row);
}

TEST_CASE("A table of a live source can be read while it grows") {
    Fixture fixture;
    const auto table = fixture.table("out.csv", Scope::kLiveSource);
    table->start(source_of(media::SourceKind::kLive));
    CHECK(read_file(fixture.target("out.csv")) == csv_header(kClasses));
    table->write(kEmptyFrame, fixture.canvas);
    CHECK(read_file(fixture.target("out.csv")) == csv_header(kClasses) + csv_rows(kEmptyFrame, kClasses));
    CHECK(test::files_in(fixture.folder.path()) == 1);
}

TEST_CASE("A table of all sources is opened by the first frame and holds the frames of each") {
    Fixture fixture;
    write_file(fixture.target("out.jsonl"), "an earlier table");
    const auto lines = fixture.table("out.jsonl", Scope::kRun);
    lines->start(source_of(media::SourceKind::kRecording));
    lines->finish();
    CHECK(read_file(fixture.target("out.jsonl")) == "an earlier table");
    for (int source = 0; source < 2; ++source) {
        lines->start(source_of(media::SourceKind::kRecording));
        lines->write(kEmptyFrame, fixture.canvas);
    }
    lines->finish();
    const auto line = json_line(kEmptyFrame, kClasses);
    CHECK(read_file(fixture.target("out.jsonl")) == line + line);
}

TEST_CASE("A table that cannot be moved into place is an error that names it") {
    Fixture fixture;
    std::filesystem::create_directory(fixture.target("gone"));
    const auto lines = fixture.table("gone/out.jsonl");
    lines->start(source_of(media::SourceKind::kRecording));
    lines->write(kEmptyFrame, fixture.canvas);
    std::filesystem::remove_all(fixture.target("gone"));
    CHECK_THROWS_WITH(lines->finish(), ContainsSubstring("gone/out.jsonl: "));
}

}  // namespace result_tables_test
