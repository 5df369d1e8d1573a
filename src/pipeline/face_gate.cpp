#include "pipeline/face_gate.hpp"

#include <cmath>

#include "pipeline/label_smoother.hpp"

namespace emotion::pipeline {
namespace {

/// Thresholds of the not-a-face probability below which a face is shown.
struct Limits {
    double at_once, in_picture, after_a_moment;
};
constexpr Limits kStrong{0.2, 0.5, 0.5}, kWeak{0.05, 0.1, 0.1};
/// A shown face is hidden above this.
constexpr double kHiddenAbove = 0.75;
constexpr double kMoment_s = 0.15;
constexpr double kTimeConstant_s = 0.15;

}  // namespace

bool FaceGate::shows_in_picture(double not_a_face, bool weak) {
    return not_a_face < (weak ? kWeak : kStrong).in_picture;
}

bool FaceGate::shows(int track, double not_a_face, bool weak, double time_s) {
    std::erase_if(tracks_,
                  [&](const auto& entry) { return entry.second.last_s < time_s - kForgottenAfterSeconds; });
    const auto [entry, is_new] = tracks_.try_emplace(track, Track{not_a_face, time_s, time_s, false});
    auto& face = entry->second;
    if (!is_new)
        face.not_a_face =
            std::lerp(face.not_a_face, not_a_face, smoothing_share(time_s - face.last_s, kTimeConstant_s));
    face.last_s = time_s;
    const auto& limits = weak ? kWeak : kStrong;
    const bool stayed = time_s - face.first_s >= kMoment_s;
    face.shown = face.shown ? face.not_a_face <= kHiddenAbove
                            : face.not_a_face < (stayed ? limits.after_a_moment : limits.at_once);
    return face.shown;
}

}  // namespace emotion::pipeline
