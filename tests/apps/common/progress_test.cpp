#include "apps/common/progress.hpp"

#include <sstream>

#include "apps/detector/progress.hpp"
#include "support/catch.hpp"

namespace progress_test {

using namespace emotion::apps;
using namespace std::chrono_literals;

namespace {

/// Progress written to a string, with a manual clock.
struct Shown {
    std::ostringstream out;
    Progress::Clock::time_point time;
    Progress progress;

    explicit Shown(Progress::Style style, int columns = 100)
        : progress(style, out, columns, [this] { return time; }) {}

    /// The text written since the last call.
    std::string text() {
        auto written = out.str();
        out.str("");
        return written;
    }
};

}  // namespace

TEST_CASE("On a terminal a bar with rate and remaining time is redrawn in place") {
    Shown shown(Progress::Style::kBar);
    shown.progress.start("scoring", 200, "pictures");
    shown.time += 2s;
    shown.progress.update(50, "loss 0.5");
    CHECK(shown.text() ==
          "\rscoring [######------------------] 50 of 200 pictures, 25 a second, 6 s left, loss 0.5\033[K");
    shown.time += 10ms;
    shown.progress.update(51);
    CHECK(shown.text().empty());
    shown.progress.say("a line");
    CHECK(shown.text() == "\r\033[Ka line\n");
    shown.progress.say("a\nline");
    CHECK(shown.text() == "a?line\n");
    shown.time += 1s;
    shown.progress.update(200);
    CHECK_THAT(shown.text(),
               ContainsSubstring("[########################] 200 of 200 pictures, 66 a second"));
    shown.progress.finish();
    CHECK(shown.text() == "\r\033[K");
    shown.progress.finish();
    CHECK(shown.text().empty());
}

TEST_CASE("A bar never exceeds the width of its terminal") {
    Shown shown(Progress::Style::kBar, 20);
    shown.progress.start("a stage of a long name", 10, "pictures");
    shown.time += 1s;
    shown.progress.update(5);
    CHECK(shown.text() == "\ra sta... 5 of 10 pi\033[K");
}

TEST_CASE("On a narrow terminal the remaining time has priority over the bar and a long name") {
    const auto shown_at = [](int columns) {
        Shown shown(Progress::Style::kBar, columns);
        shown.progress.start("an interv\u00efew of a long name.mp4", 100, "frames");
        shown.time += 1s;
        shown.progress.update(50);
        return shown.text();
    };
    CHECK(shown_at(82) ==
          "\ran interv\u00efew of a long name.mp4 [###----] 50 of 100 frames, 50 a second, 1 s left\033[K");
    CHECK(shown_at(54) == "\ran interv\u00ef... 50 of 100 frames, 50 a second, 1 s left\033[K");
}

TEST_CASE("A pipe gets whole lines seconds apart") {
    Shown shown(Progress::Style::kLines);
    shown.progress.start("scoring", 36000, "pictures");
    shown.time += 9s;
    shown.progress.update(90);
    CHECK(shown.text().empty());
    shown.time += 1s;
    shown.progress.update(100);
    CHECK(shown.text() == "scoring: 100 of 36000 pictures, 10 a second, 59 min 50 s left\n");
    shown.time += 9s;
    shown.progress.update(101);
    CHECK(shown.text().empty());
    shown.progress.say("a line");
    CHECK(shown.text() == "a line\n");
}

TEST_CASE("Short stages share the lines of a pipe and show no unreliable rate") {
    Shown shown(Progress::Style::kLines);
    for (int stage = 1; stage <= 4; ++stage) {
        shown.progress.start("picture " + std::to_string(stage), 1, "frames");
        shown.time += 300ms;
        if (stage == 3) shown.time += 9s;
        shown.progress.start("picture " + std::to_string(stage) + "b", 1, "frames");
        shown.time += 300ms;
        shown.progress.update(1);
    }
    CHECK(shown.text() == "picture 3b: 1 of 1 frames\n");
}

TEST_CASE("Work of unknown length has a rate and no remaining time") {
    Shown shown(Progress::Style::kLines);
    shown.progress.start("live", 0, "frames");
    shown.time += 10s;
    shown.progress.update(25);
    CHECK(shown.text() == "live: 25 frames, 2.5 a second\n");
}

TEST_CASE("Quiet progress writes nothing") {
    Shown shown(Progress::Style::kQuiet);
    shown.progress.start("scoring", 10, "pictures");
    shown.time += 10s;
    shown.progress.update(5);
    shown.progress.say("a line");
    CHECK(shown.text().empty());
    CHECK(Progress::style_of_stderr(true) == Progress::Style::kQuiet);
}

TEST_CASE("Durations are shown in the two units that matter") {
    CHECK(duration_text(0.4) == "0 s");
    CHECK(duration_text(59.4) == "59 s");
    CHECK(duration_text(200) == "3 min 20 s");
    CHECK(duration_text(7500) == "2 h 5 min");
}

TEST_CASE("The progress of recordings respects requested limits") {
    std::ostringstream out;
    Progress::Clock::time_point time;
    RecordingProgress progress(
        2, 60, RecordingProgress::Target{Progress::Style::kBar, out, 120, [&] { return time; }});
    const auto shown_after = [&](int frames) {
        out.str("");
        for (int i = 1; i < frames; ++i) progress.frame_done();
        time += 1s;
        progress.frame_done();
        return out.str();
    };
    progress.start("clips/a.mp4", 400, 1);
    CHECK_THAT(shown_after(15), ContainsSubstring("a.mp4 [") &&
                                    ContainsSubstring("15 of 60 frames, 15 a second, 3 s left, ") &&
                                    ContainsSubstring("source 1 of 2, 3 s left in all"));
    shown_after(5);
    progress.start("clips/b.mp4", 400, 2);
    CHECK_THAT(shown_after(10), ContainsSubstring("10 of 40 frames, 10 a second, 3 s left, ") &&
                                    ContainsSubstring("source 2 of 2, 2 s left in all"));
}

TEST_CASE("A stream without a file name is shown with its full address") {
    std::ostringstream out;
    Progress::Clock::time_point time;
    RecordingProgress progress(
        1, 60, RecordingProgress::Target{Progress::Style::kBar, out, 120, [&] { return time; }});
    progress.start("http://host:80/", 60, 1);
    time += 1s;
    progress.frame_done();
    CHECK_THAT(out.str(), ContainsSubstring("http://host:80/ ["));
}

}  // namespace progress_test
