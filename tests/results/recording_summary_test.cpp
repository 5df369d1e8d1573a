#include "results/recording_summary.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

namespace recording_summary_test {

using namespace emotion;
using namespace emotion::results;
using nlohmann::json;

namespace {

const std::vector<std::string> kClasses{"happy", "fear"};

faces::FaceResult face(int track, std::optional<int> label, float roll_deg = 0.0f) {
    faces::FaceResult result;
    result.roll_deg = roll_deg;
    result.track = track;
    result.label = label;
    return result;
}

/// Frames at uneven times; face 1 in all, face 2 in one.
RecordingSummary example() {
    SummaryBuilder builder("clip.mp4", kClasses.size());
    const std::vector<std::pair<double, std::vector<faces::FaceResult>>> frames{
        {2.0, {face(1, 0)}},
        {2.5, {face(1, 0, -31.26f), face(2, std::nullopt)}},
        {3.0, {face(1, 1, 12.0f)}},
        {4.0, {face(1, 0)}},
        {4.5, {}},
    };
    for (const auto& [time_s, faces] : frames) {
        faces::FrameResult result;
        result.time_s = time_s;
        result.faces = faces;
        builder.add(result);
    }
    return builder.finish(0.5);
}

}  // namespace

TEST_CASE("A summary counts the seconds of each label and the longest spells") {
    const auto summary = example();
    CHECK(summary.seconds == Approx(3.0));
    CHECK(summary.frames == 5);
    CHECK(summary.frames_with_face == 4);
    REQUIRE(summary.faces.size() == 2);
    const auto& first = summary.faces.at(1);
    CHECK(first.seconds[0] == Approx(1.5));
    CHECK(first.seconds[1] == Approx(1.0));
    CHECK(first.seconds[2] == 0.0);
    CHECK(first.longest[0].start_s == Approx(2.0));
    CHECK(first.longest[0].seconds == Approx(1.0));
    CHECK(first.least_roll_deg == -31.26f);
    CHECK(first.most_roll_deg == 12.0f);
    CHECK(first.first_s == Approx(2.0));
    CHECK(first.last_s == Approx(4.5));
    CHECK(summary.faces.at(2).seconds[2] == Approx(0.5));
}

TEST_CASE("A summary is written as JSON with the shown labels") {
    const auto array = json::parse(summary_json({example(), example()}, kClasses));
    REQUIRE(array.size() == 2);
    CHECK(array[0] == array[1]);
    CHECK(array[0].at("source") == "clip.mp4");
    CHECK(array[0].at("share_with_face") == 0.8);
    CHECK(array[0].at("faces")[0].at("seconds") == json{{"happy", 1.5}, {"fear", 1.0}});
    CHECK(array[0].at("faces")[0].at("longest").at("happy") == json{{"start_s", 2.0}, {"seconds", 1.0}});
    CHECK(array[0].at("faces")[0].at("roll_deg") == json{{"least", -31.3}, {"most", 12.0}});
    CHECK(array[0].at("faces")[1].at("roll_deg") == json{{"least", 0.0}, {"most", 0.0}});
    CHECK(array[0].at("faces")[1].at("seconds") == json{{"unsure", 0.5}});
    CHECK(json::parse(summary_json({}, kClasses)).empty());
}

TEST_CASE("A summary says from when on it was known how a face looks at rest") {
    SummaryBuilder builder("clip.mp4", kClasses.size());
    for (int i = 0; i < 4; ++i) {
        faces::FrameResult result;
        result.time_s = 1.0 + 0.5 * i;
        result.faces = {face(1, 0), face(2, 1)};
        result.faces[0].neutral = i >= 2;
        builder.add(result);
    }
    const auto summary = builder.finish(0.5);
    CHECK(summary.faces.at(1).neutral_from_s == 2.0);
    CHECK(summary.faces.at(2).neutral_from_s == std::nullopt);
    const auto faces = json::parse(summary_json({summary}, kClasses))[0].at("faces");
    CHECK(faces[0].at("neutral_from_s") == 2.0);
    CHECK(faces[1].at("neutral_from_s").is_null());
    CHECK(summary_text({summary}, kClasses) ==
          "clip.mp4: 2.0 s, 4 frames, a face in 100% of them\n"
          "  face 1, from 1.0 to 3.0 s, labeled relative to its look at rest from 2.0 s on:\n"
          "    happy: 2.0 s, at most 2.0 s at a time, from 1.0 s on\n"
          "  face 2, from 1.0 to 3.0 s:\n"
          "    fear: 2.0 s, at most 2.0 s at a time, from 1.0 s on\n");
}

TEST_CASE("A summary is written as text") {
    CHECK(summary_text({example()}, kClasses) ==
          "clip.mp4: 3.0 s, 5 frames, a face in 80% of them\n"
          "  face 1, from 2.0 to 4.5 s, tilted by -31 to 12 degrees:\n"
          "    happy: 1.5 s, at most 1.0 s at a time, from 2.0 s on\n"
          "    fear: 1.0 s, at most 1.0 s at a time, from 3.0 s on\n"
          "  face 2, from 2.5 to 3.0 s:\n"
          "    unsure: 0.5 s, at most 0.5 s at a time, from 2.5 s on\n");
}

}  // namespace recording_summary_test
