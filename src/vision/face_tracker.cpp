#include "vision/face_tracker.hpp"

#include <algorithm>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include "base/error.hpp"

namespace emotion {
namespace {

/// A face found less often may have been none, and is not carried on when it is gone.
constexpr int kFindsToBeCarried = 3;

void check(const char* name, double value, bool in_range, const char* range) {
    if (in_range) return;
    std::ostringstream message;
    message << "tracker." << name << " = " << value << ", expected " << range;
    throw ConfigError(message.str());
}

/// Intersection over union: 0 for boxes apart, 1 for equal ones.
double overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
    const double common = (a & b).area();
    return common > 0.0 ? common / (a.area() + b.area() - common) : 0.0;
}

}  // namespace

void TrackerOptions::validate() const {
    check("min_iou", min_iou, min_iou > 0.0 && min_iou < 1.0, "a number between 0 and 1");
    check("keep_s", keep_s, keep_s >= 0.0 && keep_s <= 60.0, "seconds in [0, 60]");
    check("carry_s", carry_s, carry_s >= 0.0 && carry_s <= 60.0, "seconds in [0, 60]");
    check("smoothing_s", smoothing_s, smoothing_s >= 0.0 && smoothing_s <= 10.0, "seconds in [0, 10]");
}

FaceTracker::Track::Track(int id, const cv::Rect2f& box, double time_s, double smoothing_s)
    : id_(id),
      last_seen_s_(time_s),
      center_and_size_{OneEuroFilter(box.x + box.width / 2, smoothing_s),
                       OneEuroFilter(box.y + box.height / 2, smoothing_s),
                       OneEuroFilter(box.width, smoothing_s), OneEuroFilter(box.height, smoothing_s)} {}

void FaceTracker::Track::found_at(const cv::Rect2f& box, double time_s) {
    const std::array<float, 4> values{box.x + box.width / 2, box.y + box.height / 2, box.width, box.height};
    for (std::size_t i = 0; i < values.size(); ++i)
        center_and_size_[i].update(values[i], time_s - last_seen_s_, box.width);
    last_seen_s_ = time_s;
    ++finds_;
}

cv::Rect2f FaceTracker::Track::box() const {
    const auto value = [&](std::size_t i) { return static_cast<float>(center_and_size_[i].value()); };
    return {value(0) - value(2) / 2, value(1) - value(3) / 2, value(2), value(3)};
}

FaceTracker::FaceTracker(const TrackerOptions& options)
    : options_(options), last_time_s_(-std::numeric_limits<double>::infinity()) {
    options_.validate();
}

std::vector<TrackedFace> FaceTracker::update(const std::vector<FaceBox>& faces, double time_s) {
    if (!(time_s >= last_time_s_))
        throw std::invalid_argument("a frame at " + std::to_string(time_s) + " s after one at " +
                                    std::to_string(last_time_s_) + " s, expected time to go forwards");
    last_time_s_ = time_s;
    std::erase_if(tracks_,
                  [&](const Track& track) { return time_s - track.last_seen_s() > options_.keep_s; });
    match(faces, time_s);
    return faces_to_show(time_s);
}

/// Greedily, the pair that overlaps most first: above min_iou two faces seldom want the same track.
void FaceTracker::match(const std::vector<FaceBox>& faces, double time_s) {
    struct Pair {
        double iou;
        std::size_t track, face;
    };
    std::vector<Pair> pairs;
    for (std::size_t track = 0; track < tracks_.size(); ++track)
        for (std::size_t face = 0; face < faces.size(); ++face)
            if (const double iou = overlap(tracks_[track].box(), faces[face].box_in_frame);
                iou >= options_.min_iou)
                pairs.push_back({iou, track, face});
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
        return std::tuple(-a.iou, a.track, a.face) < std::tuple(-b.iou, b.track, b.face);
    });

    std::vector<bool> track_taken(tracks_.size()), face_taken(faces.size());
    for (const auto& [iou, track, face] : pairs) {
        if (track_taken[track] || face_taken[face]) continue;
        track_taken[track] = face_taken[face] = true;
        tracks_[track].found_at(faces[face].box_in_frame, time_s);
    }
    for (std::size_t face = 0; face < faces.size(); ++face)
        if (!face_taken[face])
            tracks_.emplace_back(next_id_++, faces[face].box_in_frame, time_s, options_.smoothing_s);
}

std::vector<TrackedFace> FaceTracker::faces_to_show(double time_s) const {
    const auto found = [&](const Track& track) { return track.last_seen_s() == time_s; };
    const auto covered = [&](const Track& lost) {
        return std::any_of(tracks_.begin(), tracks_.end(), [&](const Track& track) {
            return found(track) && overlap(track.box(), lost.box()) > 0.0;
        });
    };
    std::vector<TrackedFace> shown;
    for (const auto& track : tracks_) {
        const bool carried = track.finds() >= kFindsToBeCarried &&
                             time_s - track.last_seen_s() <= options_.carry_s && !covered(track);
        if (found(track) || carried) shown.push_back({track.id(), track.box(), found(track)});
    }
    return shown;
}

}  // namespace emotion
