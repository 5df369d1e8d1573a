#include "pipeline/face_gate.hpp"

#include "support/catch.hpp"

namespace face_gate_test {

using emotion::pipeline::FaceGate;

namespace {

constexpr double kFrame = 1.0 / 30;

/// The time at which a face with these alternating probabilities is first shown; negative: not within two
/// seconds.
double shown_first(double even, double odd, bool weak = false) {
    FaceGate gate;
    for (int i = 0; i < 60; ++i)
        if (gate.shows(1, i % 2 == 0 ? even : odd, weak, i * kFrame)) return i * kFrame;
    return -1.0;
}

}  // namespace

TEST_CASE("a clear face is shown at once") {
    CHECK(shown_first(0.02, 0.02) == 0.0);
}

TEST_CASE("a doubtful face is shown after it has persisted for a moment") {
    const double first = shown_first(0.35, 0.35);
    CHECK(first > 0.1);
    CHECK(first < 0.25);
}

TEST_CASE("a false detection is never shown") {
    CHECK(shown_first(0.9, 0.9) < 0.0);
    CHECK(shown_first(0.9, 0.3) < 0.0);
}

TEST_CASE("a weak detection needs a lower probability of being false") {
    CHECK(shown_first(0.15, 0.15) == 0.0);
    CHECK(shown_first(0.15, 0.15, true) < 0.0);
    CHECK(FaceGate::shows_in_picture(0.3, false));
    CHECK_FALSE(FaceGate::shows_in_picture(0.3, true));
    CHECK_FALSE(FaceGate::shows_in_picture(0.6, false));
}

TEST_CASE("a shown face survives a moment of doubt and is hidden if it turns out to be false") {
    FaceGate gate;
    double time = 0.0;
    for (; time < 1.0; time += kFrame) CHECK(gate.shows(1, 0.01, false, time));
    CHECK(gate.shows(1, 1.0, false, time));
    for (int i = 0; i < 12; ++i) gate.shows(1, 1.0, false, time += kFrame);
    CHECK_FALSE(gate.shows(1, 1.0, false, time + kFrame));
}

TEST_CASE("each face is judged independently") {
    FaceGate gate;
    for (int i = 0; i < 30; ++i) {
        CHECK(gate.shows(1, 0.01, false, i * kFrame));
        CHECK_FALSE(gate.shows(2, 0.95, false, i * kFrame));
    }
}

}  // namespace face_gate_test
