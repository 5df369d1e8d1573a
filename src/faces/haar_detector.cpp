#include "faces/haar_detector.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "faces/brightness.hpp"

namespace emotion::faces {
namespace {

/// The default smallest face, as a fraction 1/16 of the frame's shorter side.
constexpr int kSmallestFaceShare = 16;
/// Boxes that share this much of the smaller one are the same face: the cascade sometimes detects mouths and
/// foreheads.
constexpr float kSameFaceShare = 0.5f;
/// A box this many times as wide as one inside it is the face, of which the smaller one is a part such as a
/// lens of its glasses, unless the smaller one has more than so many times its overlapping detections.
constexpr float kFaceToPart = 1.5f;
constexpr int kFarMore = 3;
/// The width of a face turned to a side is multiplied by this.
constexpr float kTurnedAwayWidening = 1.3f;
/// More detections than parts of faces usually have, and the largest part, as a share of the picture's
/// shorter side.
constexpr int kConvincing = 25;
constexpr float kPartOfPicture = 0.4f;
/// Dark parts are this share of the frame's pixels, if darker than this.
constexpr double kDarkShare = 0.35;
constexpr int kDarkBelow = 80;
/// A face that fills the picture extends beyond it by this share of the picture's side.
constexpr double kBeyondEdge = 0.2;

bool is_same(const cv::Rect2f& a, const cv::Rect2f& b) {
    return (a & b).area() > kSameFaceShare * std::min(a.area(), b.area());
}

}  // namespace

void sort_faces(std::vector<FaceBox>& faces) {
    std::sort(faces.begin(), faces.end(), [](const FaceBox& a, const FaceBox& b) {
        const auto& p = a.box_in_frame;
        const auto& q = b.box_in_frame;
        return std::tuple(-p.area(), p.x, p.y) < std::tuple(-q.area(), q.x, q.y);
    });
}

bool is_new(const FaceBox& face, const std::vector<FaceBox>& known) {
    return std::ranges::none_of(
        known, [&](const FaceBox& other) { return is_same(face.box_in_frame, other.box_in_frame); });
}

void add_new(const FaceBox& face, std::vector<FaceBox>& known) {
    if (is_new(face, known)) known.push_back(face);
}

void add_detection(const Detection& added, std::vector<Detection>& known) {
    const auto& box = added.face.box_in_frame;
    const auto is_of_same_face = [&](const Detection& other) {
        return is_same(box, other.face.box_in_frame);
    };
    const auto is_poorer = [&](const Detection& other) {
        const bool is_part = box.width >= kFaceToPart * other.face.box_in_frame.width &&
                             kFarMore * added.detections >= other.detections;
        return is_part || (other.face.weak && !added.face.weak);
    };
    if (std::ranges::any_of(
            known, [&](const Detection& other) { return is_of_same_face(other) && !is_poorer(other); }))
        return;
    std::erase_if(known, is_of_same_face);
    known.push_back(added);
}

cv::Rect2f scaled(const cv::Rect2f& box, double x, double y) {
    const auto sx = static_cast<float>(x), sy = static_cast<float>(y);
    return {box.x * sx, box.y * sy, box.width * sx, box.height * sy};
}

cv::Rect2f HaarDetector::Searched::in_frame(const cv::Rect2f& box) const {
    return scaled(box, to_frame.x, to_frame.y);
}

cv::Rect2f HaarDetector::Searched::from_frame(const cv::Rect2f& box) const {
    return scaled(box, 1.0 / to_frame.x, 1.0 / to_frame.y);
}

FaceBox HaarDetector::Searched::in_frame(const FaceBox& face) const {
    auto result = face;
    result.box_in_frame = in_frame(face.box_in_frame);
    return result;
}

HaarDetector::HaarDetector(const HaarOptions& options)
    : options_(config::checked(options)),
      cascade_(options.cascade),
      roll_meter_(cascade_, options.scale_factor) {}

std::vector<FaceBox> HaarDetector::detect(const cv::Mat& gray) {
    auto faces = find_in_all(searched(gray), kBeyondEdge);
    for (auto& face : faces)
        if (std::abs(face.roll_deg) < kUprightBelowDeg) face.roll_deg = 0.0f;
    return faces;
}

std::vector<FaceBox> HaarDetector::find_in_all(const Searched& searched, double beyond_edge) {
    std::vector<Detection> all;
    const auto is_any_of = [&](std::vector<Detection> found) {
        // A head tilted to one side may also give a poorer detection on the other.
        std::ranges::stable_sort(found, std::greater(), &Detection::detections);
        for (const auto& detection : found) add_detection(detection, all);
        return std::ranges::any_of(all, [](const Detection& one) { return !one.face.weak; });
    };
    // In order of likelihood, stopping at the first search with a result.
    const auto search = [&] {
        bool any = is_any_of(find_turned(searched, searched.gray, 0.0, 0.0));
        if (options_.tilt_deg == 0.0) return any;
        // What is small and has few detections may be a part of a face that extends beyond the edge.
        const auto side = static_cast<float>(std::min(searched.frame.cols, searched.frame.rows));
        const bool convincing = std::ranges::any_of(all, [&](const Detection& one) {
            return !one.face.weak &&
                   (one.detections >= kConvincing || one.face.box_in_frame.width > kPartOfPicture * side);
        });
        if (beyond_edge > 0.0 && !convincing)
            any = is_any_of(find_turned(searched, searched.gray, 0.0, beyond_edge));
        if (any) return true;
        auto tilted = find_turned(searched, searched.gray, -options_.tilt_deg, beyond_edge);
        const auto right = find_turned(searched, searched.gray, options_.tilt_deg, beyond_edge);
        tilted.insert(tilted.end(), right.begin(), right.end());
        if (is_any_of(std::move(tilted))) return true;
        if (const auto dark = dark_parts(searched.gray))
            if (is_any_of(find_turned(searched, *dark, 0.0, 0.0))) return true;
        if (beyond_edge > 0.0 && allows_weak_) is_any_of(find_turned_away(searched, beyond_edge));
        return false;
    };
    const bool any_strong = search();
    std::vector<FaceBox> faces;
    for (const auto& [face, detections] : all)
        if (!(any_strong && face.weak)) faces.push_back(face);
    if (options_.tilt_deg > 0.0)
        for (auto& face : faces) {
            face.roll_deg = roll_meter_.measure(searched.frame, face);
            face.roll_measured = true;
        }
    sort_faces(faces);
    return faces;
}

/// Searches the picture rotated by a roll, with margins of this share of its sides.
std::vector<Detection> HaarDetector::find_turned(const Searched& searched, const cv::Mat& gray,
                                                 double roll_deg, double beyond_edge) {
    const TurnedView view{cv::Point2f(cv::Point2d(gray.cols, gray.rows) * 0.5), static_cast<float>(roll_deg)};
    cv::Mat turned = gray;
    cv::Point2f origin;
    if (roll_deg != 0.0 || beyond_edge > 0.0) {
        const auto all = view.bounds(gray.size());
        const cv::Size size(cvCeil(all.width * (1 + 2 * beyond_edge)),
                            cvCeil(all.height * (1 + 2 * beyond_edge)));
        origin = view.pivot - cv::Point2f(cv::Point2d(size.width, size.height) * 0.5);
        turned = view.cut(gray, {origin, cv::Size2f(size)}, size,
                          beyond_edge > 0.0 ? cv::BORDER_REPLICATE : cv::BORDER_CONSTANT);
    }
    std::vector<Detection> faces;
    for (const auto& [box, detections] :
         cascade_.find(turned, {.scale_factor = options_.scale_factor,
                               .min_neighbors = least_neighbors(options_.min_neighbors),
                               .smallest_px = searched.smallest_px})) {
        auto face = searched.in_frame(view.face_at(cv::Rect2f(box) + origin));
        face.weak = detections <= options_.min_neighbors;
        faces.push_back({face, detections});
    }
    return faces;
}

/// Faces turned to a side are narrower, and look more like frontal ones in a picture that is stretched in
/// width.
std::vector<Detection> HaarDetector::find_turned_away(const Searched& searched, double beyond_edge) {
    Searched wide = searched;
    cv::resize(searched.gray, wide.gray, {}, kTurnedAwayWidening, 1.0, cv::INTER_LINEAR);
    wide.to_frame.x /= kTurnedAwayWidening;
    auto found = find_turned(wide, wide.gray, 0.0, beyond_edge);
    for (auto& [face, detections] : found) {
        auto& box = face.box_in_frame;
        box.x -= (box.height - box.width) / 2;
        box.width = box.height;
        face.weak = true;  // other things are stretched into faces, too
    }
    return found;
}

int HaarDetector::least_neighbors(int neighbors) const {
    return allows_weak_ ? std::min(neighbors, options_.weak_neighbors) : neighbors;
}

HaarDetector::Searched HaarDetector::searched(const cv::Mat& gray) {
    if (gray.type() != CV_8UC1 || gray.empty())
        throw std::invalid_argument("a frame of type " + std::to_string(gray.type()) +
                                    ", expected CV_8UC1 with pixels");
    const cv::Mat frame = in_full_contrast(gray, options_.full_contrast);
    Searched searched{frame, frame, {1, 1}, 0};
    if (const int longer = std::max(gray.cols, gray.rows); longer > options_.max_side_px) {
        const double scale = static_cast<double>(options_.max_side_px) / longer;
        cv::resize(searched.frame, reduced_,
                   {std::max(1, cvRound(gray.cols * scale)), std::max(1, cvRound(gray.rows * scale))}, 0, 0,
                   cv::INTER_AREA);
        searched.gray = reduced_;
        searched.to_frame = {static_cast<float>(gray.cols) / static_cast<float>(reduced_.cols),
                             static_cast<float>(gray.rows) / static_cast<float>(reduced_.rows)};
    }
    const int min_face_px =
        options_.min_face_px > 0 ? options_.min_face_px : std::min(gray.cols, gray.rows) / kSmallestFaceShare;
    searched.smallest_px =
        cvRound(static_cast<float>(min_face_px) / std::max(searched.to_frame.x, searched.to_frame.y));
    return searched;
}

std::optional<cv::Mat> HaarDetector::dark_parts(const cv::Mat& gray) const {
    const auto range = brightness_range(gray, kOutlierShare, 1.0 - kDarkShare);
    if (range.brightest > kDarkBelow || range.span() >= options_.full_contrast) return std::nullopt;
    return stretched(gray, range);
}

std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options) {
    return std::make_unique<HaarDetector>(options);
}

}  // namespace emotion::faces
