#include "results/serve/label_history.hpp"

#include <optional>
#include <utility>

#include "support/catch.hpp"

namespace label_history_test {

using namespace emotion;
using namespace emotion::results;

namespace {

using Faces = std::vector<std::pair<int, std::optional<int>>>;  // track and label

faces::FrameResult at(double time_s, const Faces& shown) {
    faces::FrameResult result;
    result.time_s = time_s;
    for (const auto& [track, label] : shown) {
        faces::FaceResult face;
        face.track = track;
        face.label = label;
        result.faces.push_back(face);
    }
    return result;
}

bool is(const LabelHistory::Spell& spell, int track, int label, double start_s, double end_s) {
    return spell.track == track && spell.label == label && spell.start_s == Approx(start_s) &&
           spell.end_s == Approx(end_s);
}

}  // namespace

TEST_CASE("a spell lasts as long as a face shows one label, and until the next frame") {
    LabelHistory history(2);
    for (int i = 0; i < 10; ++i) history.add(at(0.1 * i, {{1, 0}, {2, std::nullopt}}));
    history.add(at(1.0, {{1, 1}}));
    history.add(at(1.5, {{1, 1}, {2, std::nullopt}}));
    const auto& spells = history.spells();
    REQUIRE(spells.size() == 4);
    CHECK(is(spells[0], 1, 0, 0.0, 1.0));
    CHECK(is(spells[1], 2, LabelHistory::kUnsure, 0.0, 1.0));
    CHECK(is(spells[2], 1, 1, 1.0, 1.5));
    CHECK(is(spells[3], 2, LabelHistory::kUnsure, 1.5, 1.5));
    CHECK(history.seconds()[0] == Approx(1.0));
    CHECK(history.seconds()[1] == Approx(0.5));
    CHECK(history.seconds()[2] == Approx(1.0));
    CHECK(history.now_s() == 1.5);
}

TEST_CASE("a gap without frames counts as one second") {
    LabelHistory history(1);
    history.add(at(0.0, {{1, 0}}));
    history.add(at(20.0, {{1, 0}}));
    REQUIRE(history.spells().size() == 2);
    CHECK(is(history.spells()[0], 1, 0, 0.0, 1.0));
    CHECK(is(history.spells()[1], 1, 0, 20.0, 20.0));
    CHECK(history.seconds()[0] == Approx(1.0));
}

TEST_CASE("pictures a second apart are one spell") {
    LabelHistory history(1);
    for (int i = 0; i < 4; ++i) history.add(at(i, {{1, 0}}));
    REQUIRE(history.spells().size() == 1);
    CHECK(is(history.spells()[0], 1, 0, 0.0, 3.0));
}

TEST_CASE("old spells are dropped, and their seconds still count") {
    LabelHistory history(2, 10.0);
    for (int i = 0; i < 400; ++i) history.add(at(0.1 * i, {{1, (i / 10) % 2}}));
    CHECK(history.spells().size() <= 12);
    CHECK(history.spells().front().end_s >= 39.9 - 10.0);
    CHECK(history.seconds()[0] + history.seconds()[1] == Approx(39.9));
}

TEST_CASE("the number of stored spells is limited") {
    LabelHistory history(2);
    const int frames = static_cast<int>(LabelHistory::kMaxSpells) / 2 + 1000;
    for (int i = 0; i < frames; ++i) history.add(at(0.04 * i, {{1, i % 2}, {2, 0}, {i + 10, 0}}));
    CHECK(history.spells().size() == LabelHistory::kMaxSpells);
    CHECK(history.spells().back().start_s == Approx(0.04 * (frames - 1)));
    CHECK(history.seconds()[0] + history.seconds()[1] == Approx(3 * 0.04 * (frames - 1)));
}

}  // namespace label_history_test
