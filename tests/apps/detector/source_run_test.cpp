#include "apps/detector/source_run.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/fake_run.hpp"
#include "support/temporary_folder.hpp"

namespace source_run_test {

using namespace emotion;
using namespace emotion::apps;
using test::FakeWindow;
using test::LoggedOutput;
using test::ScriptedAnalysis;

namespace {

namespace fs = std::filesystem;
using Log = std::vector<std::string>;

DetectorOptions options_with(results::OutputTargets outputs = {}) {
    DetectorOptions options;
    options.sources = {"a.mp4", "b.mp4"};
    options.model = EMOTION_SOURCE_DIR "/models/happy-fear.yaml";
    options.config = EMOTION_SOURCE_DIR "/config/detector.yaml";
    options.outputs = std::move(outputs);
    options.headless = true;
    return options;
}

media::SourceInfo clip() {
    media::SourceInfo info;
    info.name = "a.mp4";
    info.fps = 25.0;
    return info;
}

/// A session with one output of its own, and its outcome.
struct Fixture {
    explicit Fixture(const DetectorOptions& options = options_with(), FakeWindow* window = nullptr)
        : session(options, Progress::Style::kQuiet, std::unique_ptr<Window>(window)) {}

    void run(pipeline::Analysis& analysis, const results::OutputTargets& marked = {}) {
        drawing::Canvas canvas(session.overlay_style(), {});
        if (auto* window = session.window()) {
            RecordingViewer viewer(*window, Pace(session));
            SourceRun(session, canvas, viewer, outputs).run(analysis, marked);
        } else {
            Viewer viewer;
            SourceRun(session, canvas, viewer, outputs).run(analysis, marked);
        }
    }
    void run(std::deque<ScriptedAnalysis::Step> steps, const results::OutputTargets& marked = {}) {
        ScriptedAnalysis analysis(std::move(steps), clip());
        run(analysis, marked);
    }

    Session session;
    Log log;
    results::OutputSet outputs;
    LoggedOutput& first = outputs.add(std::make_unique<LoggedOutput>("first", log));
    LoggedOutput& second = outputs.add(std::make_unique<LoggedOutput>("second", log));
};

ScriptedAnalysis::Step broken(const std::string& problem) {
    return [=]() -> std::optional<pipeline::AnalyzedFrame> { throw Error(problem); };
}

}  // namespace

TEST_CASE("Every frame goes to each output in order, and outputs are finished in reverse order") {
    Fixture fixture;
    fixture.run(ScriptedAnalysis::frames(2));
    CHECK(fixture.log == Log{"first: start a.mp4", "second: start a.mp4", "first: write 0", "second: write 0",
                             "first: write 1", "second: write 1", "second: end", "first: end",
                             "second: finish", "first: finish"});
    CHECK(fixture.session.stats().times.frames() == 2);
}

TEST_CASE("Without a frame earlier results are not replaced") {
    Fixture fixture;
    CHECK_THROWS_WITH(fixture.run({ScriptedAnalysis::nothing(), broken("a.mp4: not one frame")}),
                      "a.mp4: not one frame");
    CHECK(fixture.log.empty());

    fixture.first.on("write 0", [] { throw Error("first: disk full"); });
    CHECK_THROWS_WITH(fixture.run(ScriptedAnalysis::frames(1)), "first: disk full");
    CHECK(fixture.log == Log{"first: start a.mp4", "second: start a.mp4", "first: write 0"});
}

TEST_CASE("A failing source leaves complete outputs of earlier frames and its error is reported afterwards") {
    const test::TemporaryFolder folder;
    const auto table = (folder / "a.csv").string();
    write_file(table, "");
    Fixture fixture;
    auto steps = ScriptedAnalysis::frames(1);
    steps.push_back(broken("a.mp4: broke off"));
    fixture.second.on("finish", [&] {
        CHECK(fs::exists(folder / ".a.csv.cut-short"));
        throw Error("second: disk full");
    });
    CHECK_THROWS_WITH(fixture.run(std::move(steps), {{"--csv", table}}),
                      "a.mp4: broke off; second: disk full");
    CHECK(Log(fixture.log.end() - 4, fixture.log.end()) ==
          Log{"second: end early", "first: end early", "second: finish", "first: finish"});
    CHECK(fs::exists(folder / ".a.csv.cut-short"));

    fixture.second.on("", [] {});
    fixture.run(ScriptedAnalysis::frames(1), {{"--csv", table}});
    CHECK_FALSE(fs::exists(folder / ".a.csv.cut-short"));
}

TEST_CASE("A run that has reached its frame limit is complete although its source continues") {
    const test::TemporaryFolder folder;
    const auto table = (folder / "a.csv").string();
    write_file(table, "");
    auto options = options_with();
    options.max_frames = 3;
    Fixture fixture(options);
    ScriptedAnalysis analysis(ScriptedAnalysis::frames(5), clip());
    fixture.run(analysis, {{"--csv", table}});
    CHECK(fixture.session.stopped());
    CHECK(fixture.session.stats().times.frames() == 3);
    CHECK_FALSE(analysis.ended());
    CHECK(fixture.log.back() == "first: finish");
    CHECK(fixture.log[fixture.log.size() - 3] == "first: end early");
    CHECK_FALSE(fs::exists(folder / ".a.csv.cut-short"));
}

TEST_CASE("The window handles events while a source is slow, and a key ends the run") {
    const test::TemporaryFolder folder;
    auto* window = new FakeWindow;  // owned by the session
    Fixture fixture(options_with({{"--csv", (folder / "all.csv").string()}}), window);
    std::deque<ScriptedAnalysis::Step> steps(20, ScriptedAnalysis::nothing());
    steps.push_front(ScriptedAnalysis::frame(0));
    steps.push_back(ScriptedAnalysis::frame(1));
    steps.push_back([&] {
        CHECK(window->looks >= 22);
        CHECK(window->pictures == 2);
        window->keys = {"q"};
        return std::nullopt;
    });
    steps.push_back(broken("asked after the user left"));
    fixture.run(std::move(steps));
    CHECK(window->closed);
    CHECK(fixture.session.stopped());
    CHECK(fixture.log[fixture.log.size() - 3] == "first: end early");
}

TEST_CASE("A recording that is only watched plays at normal speed") {
    auto* window = new FakeWindow;
    Fixture fixture(options_with(), window);
    const auto started = std::chrono::steady_clock::now();
    fixture.run(ScriptedAnalysis::frames(6));
    CHECK(std::chrono::steady_clock::now() - started >= std::chrono::milliseconds(200));
    CHECK(window->pictures == 6);
}

TEST_CASE("Dropped frames and live latency are counted") {
    Fixture fixture;
    std::deque<ScriptedAnalysis::Step> steps;
    for (const int index : {0, 3})
        steps.push_back([=] {
            auto frame = ScriptedAnalysis::frame(index)();
            frame->dropped = index == 3 ? 2 : 0;
            frame->arrived = std::chrono::steady_clock::now() - std::chrono::milliseconds(40);
            return frame;
        });
    fixture.run(std::move(steps));
    CHECK(fixture.session.stats().dropped == 2);
    CHECK(fixture.session.stats().latency.count() == 2);
    CHECK(fixture.session.stats().latency.summary().mean_ms >= 40.0);
}

TEST_CASE("A failing source stops no other, and affects the exit code") {
    const test::TemporaryFolder folder;
    Fixture fixture(options_with({{"--jsonl", (folder / "all.jsonl").string()}}));
    std::vector<std::string> watched;
    const auto exit_code = fixture.session.run([&](const Source& source, Session&) {
        watched.push_back(source.name);
        if (source.name == "a.mp4") throw Error("a.mp4: broke off");
        fixture.run(ScriptedAnalysis::frames(2));
    });
    CHECK(watched == std::vector<std::string>{"a.mp4", "b.mp4"});
    CHECK(exit_code == 1);
    const auto text = read_file(folder / "all.jsonl");
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("Once a shared output cannot be written no other source is processed") {
    const test::TemporaryFolder folder;
    Fixture fixture(options_with({{"--jsonl", (folder / "none/all.jsonl").string()}}));
    std::vector<std::string> watched;
    const auto exit_code = fixture.session.run([&](const Source& source, Session&) {
        watched.push_back(source.name);
        fixture.run(ScriptedAnalysis::frames(2));
    });
    CHECK(watched.size() == 1);
    CHECK(exit_code == 1);
}

TEST_CASE("Each recording has its own entry in the shared summary, and a live source has none") {
    const test::TemporaryFolder folder;
    const auto target = (folder / "all.json").string();
    Fixture fixture(options_with({{"--summary", target}}));
    CHECK(fixture.session.run([&](const Source& source, Session&) {
        auto info = clip();
        info.name = source.name;
        info.kind = source.name == "a.mp4" ? media::SourceKind::kLive : media::SourceKind::kRecording;
        ScriptedAnalysis analysis(ScriptedAnalysis::frames(3), info);
        fixture.run(analysis);
    }) == 0);
    const auto text = read_file(target);
    CHECK_THAT(text, ContainsSubstring("\"source\":\"b.mp4\"") && ContainsSubstring("\"frames\":3") &&
                         !ContainsSubstring("a.mp4"));
}

}  // namespace source_run_test
