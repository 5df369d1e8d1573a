#include "faces/face_search.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "faces/brightness.hpp"
#include "faces/haar_detector.hpp"
#include "faces/sweep.hpp"

namespace emotion::faces {
namespace {

/// Margin in box widths within which the cascade can detect a face again, also slightly displaced.
constexpr double kThoroughMargin = 0.3;
/// The largest error of a sweep's detection in size.
constexpr double kSweepSizeRatio = 1.35;
/// Known faces are hidden from sweeps, which would spend much of their time on them, except for this share of
/// their width on each side, because other faces may come close.
constexpr double kSeenBySweeps = 0.2;
constexpr int kHidingGray = 128;
/// Difference in roll at which a lost head is also searched for.
constexpr float kTiltedSinceDeg = 22.0f;
/// Intervals in frames between measurements of the roll of upright and tilted heads.
constexpr int kUprightMeasuredEvery = 4, kTiltedMeasuredEvery = 2;
/// Sweeps for tilted heads skip the smallest faces: ratio of their smallest size to that of upright sweeps.
constexpr double kTiltedSmallest = 1.3;
/// The passes of a slow sweep.
enum SlowWay { kTiltedLeft, kTiltedRight, kDarkParts, kSlowWays };

/// The box extended by this many of its widths on each side; negative: reduced.
cv::Rect2f widened(const cv::Rect2f& box, double widths) {
    const auto margin = static_cast<float>(box.width * widths);
    return {box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin};
}

cv::Rect whole_pixels(const cv::Rect2f& box) {
    return {cv::Point(cvFloor(box.x), cvFloor(box.y)), cv::Point(cvCeil(box.br().x), cvCeil(box.br().y))};
}

cv::Rect whole_pixels(const cv::Rect2f& box, cv::Size picture) {
    return whole_pixels(box) & cv::Rect({}, picture);
}

std::optional<FaceBox> best_match(const std::vector<FaceBox>& found, const cv::Rect2f& expected) {
    const auto best = std::ranges::max_element(
        found, {}, [&](const FaceBox& face) { return overlap(face.box_in_frame, expected); });
    return best != found.end() ? std::optional(*best) : std::nullopt;
}

/// A face candidate, in the searched picture.
struct Place {
    cv::Rect2f box;
    float roll_deg = 0.0f;
    bool dark = false;  ///< detected in the picture of the dark parts
};

class FaceSearch : public HaarDetector {
  public:
    FaceSearch(const HaarOptions& haar, const SearchOptions& search)
        : HaarDetector(haar),
          search_(search),
          sweep_(search.sweep_s, search.sweep_scale_factor),
          slow_sweep_(search.tilted_sweep_s, search.sweep_scale_factor, kSlowWays),
          changes_(search.sudden_change) {}

    void start() override { frame_size_ = {}; }

    std::vector<FaceBox> detect_next(const cv::Mat& gray, double time_s,
                                     const std::vector<ExpectedFace>& expected) override {
        const auto searched = this->searched(gray);
        const bool first = gray.size() != frame_size_;
        if (first || search_.sweep_s == 0.0) {
            if (first) begin(searched, time_s);
            return find_in_all(searched, 0.0);
        }
        ++frames_;
        std::vector<FaceBox> faces;
        for (const auto& face : expected)
            if (const auto found = find_known(searched, face)) add_new(*found, faces);
        for (const auto& place : sweep(searched, time_s, faces))
            if (is_new(searched.in_frame(FaceBox{place.box}), faces))
                for (const auto& found : find_new(searched, place)) add_new(found, faces);
        sort_faces(faces);
        return faces;
    }

  private:
    void begin(const Searched& searched, double time_s) {
        frame_size_ = searched.frame.size();
        time_s_ = time_s;
        sweep_.start(time_s);
        slow_sweep_.start(time_s);
        changes_.start(searched.gray, time_s);
    }

    /// Searches at the expected position, then around it, then with other rolls, then at full resolution.
    std::optional<FaceBox> find_known(const Searched& searched, const ExpectedFace& face) {
        auto found = find_near(searched, face, search_.near_margin, 1.0, face.roll_deg);
        const double margin =
            std::min(search_.near_margin + search_.near_speed * face.unseen_s, search_.near_max_margin);
        if (!found) found = find_near(searched, face, margin, search_.near_size_ratio, face.roll_deg);
        if (options().tilt_deg == 0.0) return found ? found : find_in_all_pixels(searched, face);
        if (found) {
            const bool upright = face.roll_deg == 0.0f;
            found->roll_measured = frames_ % (upright ? kUprightMeasuredEvery : kTiltedMeasuredEvery) == 0;
            if (found->roll_measured) found->roll_deg = roll_meter().follow(searched.frame, *found);
            return found;
        }
        if (face.unseen_s > search_.retry_s) return std::nullopt;
        for (const float side : {-1.0f, 1.0f}) {
            found = find_near(searched, face, margin, 1.0, face.roll_deg + side * kTiltedSinceDeg);
            if (found) return measured(searched, *found);
        }
        return find_in_all_pixels(searched, face);
    }

    /// The part with its contrast stretched if flat, to detect faces in dark parts of a bright frame.
    cv::Mat in_contrast(const cv::Mat& part) const {
        return options().full_contrast > 0 ? stretched_if_flat(part) : part;
    }

    FaceBox measured(const Searched& searched, FaceBox face) {
        face.roll_deg = roll_meter().measure(searched.frame, face);
        face.roll_measured = true;
        return face;
    }

    std::optional<FaceBox> find_in_all_pixels(const Searched& searched, const ExpectedFace& face) {
        if (face.unseen_s > search_.retry_s) return std::nullopt;
        return best_match(find_thoroughly(searched, {searched.from_frame(face.box_in_frame), face.roll_deg},
                                          search_.near_size_ratio, search_.retry_min_neighbors),
                          face.box_in_frame);
    }

    /// Searches for a known face in the two sizes closest to its own and all others up to a factor of
    /// `size_ratio`. The sizes are the same in every frame, so that boxes of a still face do not jitter.
    std::optional<FaceBox> find_near(const Searched& searched, const ExpectedFace& face, double margin,
                                     double size_ratio, float roll_deg) {
        const TurnedView view{center(face.box_in_frame), roll_deg};
        const cv::Rect region = roll_deg == 0.0f
                                    ? whole_pixels(widened(face.box_in_frame, margin), searched.frame.size())
                                    : whole_pixels(widened(face.box_in_frame, margin));
        const double step = options().scale_factor;
        const int window = cascade().window_px();
        const int more = cvFloor(std::log(size_ratio) / std::log(step) + 0.5);
        const int next_smaller =
            cvFloor(std::log(face.box_in_frame.width / static_cast<float>(window)) / std::log(step));
        const double scale = std::pow(step, more - next_smaller);
        const cv::Size size(cvRound(region.width * scale), cvRound(region.height * scale));
        if (size.empty()) return std::nullopt;
        if (roll_deg == 0.0f)
            cv::resize(searched.frame(region), reduced_region_, size, 0, 0, cv::INTER_AREA);
        else
            reduced_region_ = view.cut(searched.frame, region, size, cv::BORDER_REPLICATE);
        const cv::Mat seen = in_contrast(reduced_region_);

        std::vector<cv::Rect> detections;
        for (int i = 0; i < 2 * (more + 1); ++i)
            for (const auto& box : find_of_size(seen, {{}, size}, window * std::pow(step, i))) {
                const auto in_region =
                    scaled(box, 1.0 * region.width / size.width, 1.0 * region.height / size.height);
                detections.push_back(cv::Rect(in_region + cv::Point2f(region.tl())));
            }
        std::vector<FaceBox> faces;
        for (const auto& box : HaarCascade::grouped(std::move(detections), search_.near_min_neighbors))
            faces.push_back(view.face_at(box));
        return best_match(faces, face.box_in_frame);
    }

    /// The faces around a candidate, as a full search of the frame would detect them.
    std::vector<FaceBox> find_thoroughly(const Searched& searched, const Place& place, double size_ratio,
                                         int min_neighbors) {
        const TurnedView view{center(place.box), place.roll_deg};
        const bool upright = place.roll_deg == 0.0f;
        const auto region = upright ? whole_pixels(widened(place.box, kThoroughMargin), searched.gray.size())
                                    : whole_pixels(widened(place.box, kThoroughMargin));
        if (std::min(region.width, region.height) < cascade().window_px()) return {};
        const HaarCascade::Search search{
            .scale_factor = options().scale_factor,
            .min_neighbors = least_neighbors(min_neighbors),
            .smallest_px = std::max(searched.smallest_px, cvFloor(place.box.width / size_ratio)),
            .largest_px = cvCeil(place.box.width * size_ratio)};
        const cv::Mat part =
            in_contrast(upright ? searched.gray(region)
                                : view.cut(searched.gray, region, region.size(), cv::BORDER_REPLICATE));
        std::vector<FaceBox> faces;
        for (const auto& [box, detections] : cascade().find(part, search)) {
            faces.push_back(searched.in_frame(view.face_at(cv::Rect2f(box + region.tl()))));
            faces.back().weak = detections <= min_neighbors;
        }
        return faces;
    }

    std::vector<FaceBox> find_new(const Searched& searched, const Place& place) {
        auto faces = find_thoroughly(searched, place, kSweepSizeRatio, search_.sweep_min_neighbors);
        if (options().tilt_deg > 0.0)
            for (auto& face : faces) face = measured(searched, face);
        return faces;
    }

    /// Face candidates of the sizes and passes that are due.
    std::vector<Place> sweep(const Searched& searched, double time_s, const std::vector<FaceBox>& known) {
        std::vector<cv::Rect2f> boxes, hidden;
        for (const auto& face : known) {
            boxes.push_back(searched.from_frame(face.box_in_frame));
            hidden.push_back(widened(boxes.back(), -kSeenBySweeps));
        }
        const auto size = searched.gray.size();
        const int smallest = std::max(searched.smallest_px, cascade().window_px());
        const bool cut = changes_.update(searched.gray, time_s), rare = time_s - time_s_ >= search_.rare_s;
        time_s_ = time_s;
        // The area that may contain a new face of this size: everything overlapping a change.
        const auto area = [&](const Sweep::Turn& turn) {
            if (!turn.since_s) return cv::Rect({}, size);
            const auto changed = changes_.since(*turn.since_s, size, boxes);
            const int reach = cvCeil(turn.side);
            return changed.empty() ? cv::Rect()
                                   : cv::Rect(changed.x - reach, changed.y - reach, changed.width + 2 * reach,
                                              changed.height + 2 * reach) &
                                         cv::Rect({}, size);
        };
        std::vector<Place> places;
        for (const auto& turn : sweep_.due(size, smallest, time_s, cut || rare))
            for (const auto& box : find_of_size(searched.gray, area(turn), turn.side, hidden))
                places.push_back({box});

        if (options().tilt_deg == 0.0) return places;
        const bool all_ways = cut && known.empty() && places.empty();
        std::optional<cv::Mat> dark;
        for (const auto& turn : slow_sweep_.due(size, kTiltedSmallest * smallest, time_s, all_ways)) {
            const auto part = area(turn);
            if (part.empty()) continue;
            if (turn.way == kDarkParts) {
                if (!dark) dark = dark_parts(searched.gray);
                if (!dark) continue;
                for (const auto& box : find_of_size(*dark, part, turn.side, hidden)) places.push_back({box});
                continue;
            }
            const auto roll_deg =
                static_cast<float>(turn.way == kTiltedLeft ? -options().tilt_deg : options().tilt_deg);
            for (const auto& box : grouped(find_of_size(searched.gray, part, turn.side, hidden, roll_deg)))
                places.push_back({box, roll_deg});
        }
        return places;
    }

    /// Requires two detections of tilted faces, because these are rare.
    static std::vector<cv::Rect> grouped(const std::vector<cv::Rect2f>& detections) {
        return HaarCascade::grouped({detections.begin(), detections.end()}, 1);
    }

    /// Detections of faces of this size and roll in a part of the picture, excluding those in `hidden`,
    /// before grouping. The part is rotated upright and scaled so that faces have the size of the cascade's
    /// window. There OpenCV only tries every other pixel and, always searching the same size, reuses its
    /// precomputed data.
    std::vector<cv::Rect2f> find_of_size(const cv::Mat& picture, const cv::Rect& part, double side,
                                         const std::vector<cv::Rect2f>& hidden = {}, float roll_deg = 0.0f) {
        const int window = cascade().window_px();
        const cv::Size size(cvRound(part.width * window / side), cvRound(part.height * window / side));
        if (std::min(size.width, size.height) < window) return {};
        cv::resize(picture(part), of_one_size_, size, 0, 0, cv::INTER_LINEAR);
        const double sx = 1.0 * part.width / size.width, sy = 1.0 * part.height / size.height;
        const cv::Point2f origin(part.tl());
        for (const auto& box : hidden)
            if (const auto pixels = whole_pixels(scaled(box - origin, 1.0 / sx, 1.0 / sy), size);
                !pixels.empty())
                of_one_size_(pixels).setTo(kHidingGray);
        const TurnedView view{cv::Point2f(cv::Point2d(size.width, size.height) * 0.5), roll_deg};
        cv::Rect seen({}, size);
        cv::Mat upright = of_one_size_;
        if (roll_deg != 0.0f) {
            seen = whole_pixels(view.bounds(size));
            upright = view.cut(of_one_size_, seen, seen.size(), cv::BORDER_CONSTANT);
        }
        std::vector<cv::Rect2f> boxes;
        for (const auto& box : cascade().find_of_window_size(upright))
            boxes.push_back(scaled(view.face_at(cv::Rect2f(box + seen.tl())).box_in_frame, sx, sy) + origin);
        return boxes;
    }

    const SearchOptions search_;
    cv::Mat reduced_region_, of_one_size_;
    Sweep sweep_, slow_sweep_;
    Changes changes_;
    cv::Size frame_size_;  // of the current video
    double time_s_ = 0.0;  // of the previous frame
    int frames_ = 0;
};

}  // namespace

std::unique_ptr<FaceDetector> make_face_search(const HaarOptions& haar, const SearchOptions& search) {
    return std::make_unique<FaceSearch>(haar, config::checked(search));
}

}  // namespace emotion::faces
