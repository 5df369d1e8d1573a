#include "faces/face_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>

#include <opencv2/core.hpp>

namespace emotion::faces {
namespace {

/// A face detected fewer times may be a false detection, and is not shown once lost.
constexpr int kMinDetectionsToCarry = 3;

/// A tilted head counts as upright again below this, so that its box does not alternate.
constexpr float kUprightAgainBelowDeg = 7.0f;
/// Speed unit of the filter, in degrees per second: a head rotating this fast is quick.
constexpr double kQuickRollDeg = 90.0;

/// The maximum deviation of a lost face from its predicted course, in box widths per second.
constexpr double kStrayWidthsPerSecond = 1.0;

/// The distance of two boxes in position and size, in widths.
double distance(const cv::Rect2f& expected, const cv::Rect2f& found) {
    return cv::norm(center(expected) - center(found)) / expected.width +
           std::abs(std::log(found.width / expected.width));
}

}  // namespace

FaceTracker::Track::Track(int track, const FaceBox& face, double time_s, double smoothing_s)
    : id(track),
      last_seen_s(time_s),
      center_and_size{OneEuroFilter(face.box_in_frame.x + face.box_in_frame.width / 2, smoothing_s),
                      OneEuroFilter(face.box_in_frame.y + face.box_in_frame.height / 2, smoothing_s),
                      OneEuroFilter(face.box_in_frame.width, smoothing_s),
                      OneEuroFilter(face.box_in_frame.height, smoothing_s)},
      roll(face.roll_deg, smoothing_s),
      roll_measured_s(time_s),
      tilted(std::abs(face.roll_deg) >= kUprightBelowDeg),
      weak(face.weak) {}

void FaceTracker::Track::found_at(const FaceBox& face, double time_s) {
    const auto& box = face.box_in_frame;
    const std::array<float, 4> values{box.x + box.width / 2, box.y + box.height / 2, box.width, box.height};
    for (std::size_t i = 0; i < values.size(); ++i)
        center_and_size[i].update(values[i], time_s - last_seen_s, box.width);
    last_seen_s = time_s;
    ++detections;
    if (!face.roll_measured) return;
    // Take the shorter way around.
    const auto last = static_cast<float>(roll.value());
    roll.update(last + wrapped_deg(face.roll_deg - last), time_s - roll_measured_s, kQuickRollDeg);
    roll_measured_s = time_s;
    tilted = std::abs(wrapped_deg(static_cast<float>(roll.value()))) >=
             (tilted ? kUprightAgainBelowDeg : kUprightBelowDeg);
}

cv::Rect2f FaceTracker::Track::box() const {
    const auto value = [&](std::size_t i) { return static_cast<float>(center_and_size[i].value()); };
    return {value(0) - value(2) / 2, value(1) - value(3) / 2, value(2), value(3)};
}

float FaceTracker::Track::roll_deg() const {
    return tilted ? wrapped_deg(static_cast<float>(roll.value())) : 0.0f;
}

cv::Rect2f FaceTracker::Track::box_at(double time_s) const {
    const auto widths = [&](std::size_t i) {
        return static_cast<float>(center_and_size[i].speed() * (time_s - last_seen_s));
    };
    const auto last = box();
    return last + cv::Point2f(widths(0), widths(1)) * last.width;
}

FaceTracker::FaceTracker(const TrackerOptions& options)
    : options_(config::checked(options)), last_time_s_(-std::numeric_limits<double>::infinity()) {}

std::vector<TrackedFace> FaceTracker::update(const std::vector<FaceBox>& faces, double time_s) {
    if (!(time_s >= last_time_s_))
        throw std::invalid_argument("a frame at " + std::to_string(time_s) + " s after one at " +
                                    std::to_string(last_time_s_) + " s, expected time to go forwards");
    // Regardless of the time since the previous frame, so that a low frame rate alone does not lose faces.
    std::erase_if(tracks_, [&](const Track& track) {
        return time_s - track.last_seen_s > options_.keep_s && track.last_seen_s < last_time_s_;
    });
    last_time_s_ = time_s;
    match(faces, time_s);
    return faces_to_show(time_s);
}

/// Greedy matching: closest pairs of box and predicted position first.
void FaceTracker::match(const std::vector<FaceBox>& faces, double time_s) {
    struct Pair {
        double distance;
        std::size_t track, face;
    };
    std::vector<Pair> pairs;
    for (std::size_t track = 0; track < tracks_.size(); ++track) {
        const double known_until_s = tracks_[track].last_seen_s + options_.keep_s;
        const auto expected = tracks_[track].box_at(std::min(time_s, known_until_s));
        for (std::size_t face = 0; face < faces.size(); ++face)
            if (reachable(tracks_[track], faces[face].box_in_frame, time_s))
                pairs.push_back({distance(expected, faces[face].box_in_frame), track, face});
    }
    std::ranges::sort(pairs, {}, [](const Pair& p) { return std::tuple(p.distance, p.track, p.face); });

    std::vector<bool> track_taken(tracks_.size()), face_taken(faces.size());
    for (const auto& [distance, track, face] : pairs) {
        if (track_taken[track] || face_taken[face]) continue;
        track_taken[track] = face_taken[face] = true;
        tracks_[track].found_at(faces[face], time_s);
    }
    for (std::size_t face = 0; face < faces.size(); ++face)
        if (!face_taken[face]) tracks_.emplace_back(next_id_++, faces[face], time_s, options_.smoothing_s);
}

/// Whether a track may have moved to `box`: it overlaps the last position, the predicted one or one between,
/// or is within the deviation possible since.
bool FaceTracker::reachable(const Track& track, const cv::Rect2f& box, double time_s) const {
    const auto last = track.box();
    const double unseen_s = std::min(time_s - track.last_seen_s, options_.keep_s);
    const auto way = track.box_at(track.last_seen_s + unseen_s).tl() - last.tl();
    const auto to_box = center(box) - center(last);
    const float length = std::max(way.dot(way), std::numeric_limits<float>::min());
    const auto nearest = last + way * std::clamp(to_box.dot(way) / length, 0.0f, 1.0f);
    const auto rest = center(box) - center(nearest);
    const auto stray = static_cast<float>(kStrayWidthsPerSecond * unseen_s) * last.width;
    const auto apart = static_cast<float>(cv::norm(rest));
    const auto strayed = apart > stray ? nearest + rest * (stray / apart) : nearest + rest;
    return overlap(strayed, box) >= options_.min_iou;
}

std::vector<ExpectedFace> FaceTracker::expected(double time_s) const {
    std::vector<ExpectedFace> faces;
    for (const auto& track : tracks_)
        if (const double unseen_s = time_s - track.last_seen_s; unseen_s <= options_.keep_s)
            faces.push_back({track.box_at(time_s), unseen_s, track.roll_deg()});
    std::ranges::stable_sort(faces, {}, &ExpectedFace::unseen_s);
    return faces;
}

std::vector<TrackedFace> FaceTracker::faces_to_show(double time_s) const {
    const auto found = [&](const Track& track) { return track.last_seen_s == time_s; };
    const auto covered = [&](const Track& lost) {
        return std::any_of(tracks_.begin(), tracks_.end(), [&](const Track& track) {
            return found(track) && overlap(track.box(), lost.box()) > 0.0;
        });
    };
    std::vector<TrackedFace> shown;
    for (const auto& track : tracks_) {
        const bool carried = track.detections >= kMinDetectionsToCarry &&
                             time_s - track.last_seen_s <= options_.carry_s && !covered(track);
        if (found(track) || carried)
            shown.push_back({track.id, track.box(), track.roll_deg(), track.weak, found(track)});
    }
    return shown;
}

}  // namespace emotion::faces
