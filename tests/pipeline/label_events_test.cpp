#include "pipeline/label_events.hpp"

#include <optional>
#include <utility>

#include "support/catch.hpp"

namespace label_events_test {

using namespace emotion;
using namespace emotion::pipeline;

namespace {

constexpr int kHappy = 0, kFear = 1;

faces::FrameResult frame(double time_s, const std::vector<std::pair<int, std::optional<int>>>& labels) {
    faces::FrameResult result;
    result.time_s = time_s;
    for (const auto& [track, label] : labels) {
        faces::FaceResult face;
        face.track = track;
        face.label = label;
        result.faces.push_back(face);
    }
    return result;
}

}  // namespace

TEST_CASE("An event is triggered once when a label has held for long enough") {
    LabelEvents events({{kHappy, 1.0}});
    CHECK(events.update(frame(0.0, {{7, kHappy}})).empty());
    CHECK(events.update(frame(0.9, {{7, kHappy}})).empty());
    const auto triggered = events.update(frame(1.0, {{7, kHappy}}));
    REQUIRE(triggered.size() == 1);
    CHECK(triggered[0].rule == 0);
    CHECK(triggered[0].face.track == 7);
    CHECK(triggered[0].time_s == 1.0);
    CHECK(events.update(frame(9.0, {{7, kHappy}})).empty());
}

TEST_CASE("A gap without frames counts as at most one second") {
    LabelEvents events({{kHappy, 2.0}});
    events.update(frame(0.0, {{7, kHappy}}));
    events.update(frame(0.5, {{7, kHappy}}));
    CHECK(events.update(frame(3600.0, {{7, kHappy}})).empty());
    CHECK(events.update(frame(3600.25, {{7, kHappy}})).empty());
    CHECK(events.update(frame(3600.5, {{7, kHappy}})).size() == 1);
}

TEST_CASE("Any interruption starts a new spell") {
    const auto gap = GENERATE(frame(1.1, {{7, kFear}}), frame(1.1, {{7, std::nullopt}}), frame(1.1, {}));
    LabelEvents events({{kHappy, 1.0}});
    events.update(frame(0.0, {{7, kHappy}}));
    CHECK(events.update(frame(1.0, {{7, kHappy}})).size() == 1);
    events.update(gap);
    CHECK(events.update(frame(1.2, {{7, kHappy}})).empty());
    CHECK(events.update(frame(2.1, {{7, kHappy}})).empty());
    CHECK(events.update(frame(2.2, {{7, kHappy}})).size() == 1);
}

TEST_CASE("Faces and rules are independent") {
    LabelEvents events({{kHappy, 0.0}, {kFear, 1.0}, {kHappy, 2.0}});
    auto triggered = events.update(frame(0.0, {{1, kHappy}, {2, kFear}}));
    REQUIRE(triggered.size() == 1);
    CHECK(triggered[0].rule == 0);
    triggered = events.update(frame(1.0, {{1, kHappy}, {2, kFear}}));
    REQUIRE(triggered.size() == 1);
    CHECK(triggered[0].rule == 1);
    CHECK(triggered[0].face.track == 2);
    triggered = events.update(frame(2.0, {{1, kHappy}, {2, kFear}}));
    REQUIRE(triggered.size() == 1);
    CHECK(triggered[0].rule == 2);
    CHECK(triggered[0].face.track == 1);
}

}  // namespace label_events_test
