#include "faces/face_search.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "faces/haar_detector.hpp"
#include "faces/sweep.hpp"

namespace emotion::faces {
namespace {

/// Two boxes are one face if they share so much of the smaller one: the cascade takes mouths and foreheads
/// for faces now and then.
constexpr float kSameFaceShare = 0.5f;
/// Round a box, in its widths: what the cascade must see to find it anew, and to find it off its place.
constexpr double kThoroughMargin = 0.3;
/// How far off the true size a sweep's find may be.
constexpr double kSweepSizeRatio = 1.35;
/// Known faces are hidden from sweeps, which would spend much of their time on them, but for so much of their
/// width on each side: other faces may come near.
constexpr double kSeenBySweeps = 0.2;
constexpr int kHidingGray = 128;

/// The box with so many of its widths added on each side; negative ones are taken off.
cv::Rect2f widened(const cv::Rect2f& box, double widths) {
    const auto margin = static_cast<float>(box.width * widths);
    return {box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin};
}

cv::Rect whole_pixels(const cv::Rect2f& box, cv::Size picture) {
    const cv::Point from(cvFloor(box.x), cvFloor(box.y)), to(cvCeil(box.br().x), cvCeil(box.br().y));
    return cv::Rect(from, to) & cv::Rect({}, picture);
}

bool is_new(const FaceBox& face, const std::vector<FaceBox>& known) {
    const auto& box = face.box_in_frame;
    return std::none_of(known.begin(), known.end(), [&](const FaceBox& other) {
        const auto common = (box & other.box_in_frame).area();
        return common > kSameFaceShare * std::min(box.area(), other.box_in_frame.area());
    });
}

void add_new(const FaceBox& face, std::vector<FaceBox>& known) {
    if (is_new(face, known)) known.push_back(face);
}

std::optional<FaceBox> best_match(const std::vector<FaceBox>& found, const cv::Rect2f& expected) {
    const auto best = std::max_element(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        return overlap(a.box_in_frame, expected) < overlap(b.box_in_frame, expected);
    });
    return best != found.end() ? std::optional(*best) : std::nullopt;
}

class FaceSearch : public HaarDetector {
  public:
    FaceSearch(const HaarOptions& haar, const SearchOptions& search)
        : HaarDetector(haar), search_(search), sweep_(search) {}

    void start() override { frame_size_ = {}; }

    std::vector<FaceBox> detect_next(const cv::Mat& gray, double time_s,
                                     const std::vector<ExpectedFace>& expected) override {
        if (search_.sweep_s == 0.0) return detect(gray);
        if (gray.size() != frame_size_) {
            auto faces = detect(gray);
            frame_size_ = gray.size();
            sweep_.start(gray, time_s);
            return faces;
        }
        const auto searched = reduced(gray);
        std::vector<FaceBox> faces;
        for (const auto& face : expected)
            if (const auto found = find_known(gray, searched, face)) add_new(*found, faces);
        for (const auto& place : sweep(searched, time_s, faces))
            if (is_new({searched.in_frame(place)}, faces))
                for (const auto& found :
                     find_thoroughly(searched, place, kSweepSizeRatio, search_.sweep_min_neighbors))
                    add_new(found, faces);
        sort_faces(faces);
        return faces;
    }

  private:
    /// First where it should be, then round about, then in all pixels.
    std::optional<FaceBox> find_known(const cv::Mat& gray, const Searched& searched,
                                      const ExpectedFace& face) {
        if (const auto found = find_near(gray, face, search_.near_margin, 1.0)) return found;
        const double margin =
            std::min(search_.near_margin + search_.near_speed * face.unseen_s, search_.near_max_margin);
        const auto found = find_near(gray, face, margin, search_.near_size_ratio);
        if (found || face.unseen_s > search_.retry_s) return found;
        return best_match(find_thoroughly(searched, searched.from_frame(face.box_in_frame),
                                          search_.near_size_ratio, search_.retry_min_neighbors),
                          face.box_in_frame);
    }

    /// Looks for a known face of the two sizes next to its own, and of all up to `size_ratio` times larger or
    /// smaller. They are the same from frame to frame, so that boxes of a still face do not wander.
    std::optional<FaceBox> find_near(const cv::Mat& gray, const ExpectedFace& face, double margin,
                                     double size_ratio) {
        const auto region = whole_pixels(widened(face.box_in_frame, margin), gray.size());
        const double step = options().scale_factor;
        const int window = cascade().window_px();
        const int more = cvFloor(std::log(size_ratio) / std::log(step) + 0.5);
        const int next_smaller =
            cvFloor(std::log(face.box_in_frame.width / static_cast<float>(window)) / std::log(step));
        const double scale = std::pow(step, more - next_smaller);
        const cv::Size size(cvRound(region.width * scale), cvRound(region.height * scale));
        if (size.empty()) return std::nullopt;
        cv::resize(gray(region), reduced_region_, size, 0, 0, cv::INTER_AREA);

        std::vector<cv::Rect> finds;
        for (int i = 0; i < 2 * (more + 1); ++i)
            for (const auto& box : find_of_size(reduced_region_, window * std::pow(step, i), {})) {
                const auto in_region =
                    scaled(box, 1.0 * region.width / size.width, 1.0 * region.height / size.height);
                finds.push_back(cv::Rect(in_region + cv::Point2f(region.tl())));
            }
        std::vector<FaceBox> faces;
        for (const auto& box : HaarCascade::grouped(std::move(finds), search_.near_min_neighbors))
            faces.push_back({box});
        return best_match(faces, face.box_in_frame);
    }

    /// The faces about a place of the searched picture, as a search of all of it would find them.
    std::vector<FaceBox> find_thoroughly(const Searched& searched, const cv::Rect2f& place, double size_ratio,
                                         int min_neighbors) {
        const auto region = whole_pixels(widened(place, kThoroughMargin), searched.gray.size());
        if (std::min(region.width, region.height) < cascade().window_px()) return {};
        const HaarCascade::Search search{
            .scale_factor = options().scale_factor,
            .min_neighbors = min_neighbors,
            .smallest_px = std::max(searched.smallest_px, cvFloor(place.width / size_ratio)),
            .largest_px = cvCeil(place.width * size_ratio)};
        std::vector<FaceBox> faces;
        for (const auto& box : cascade().find(searched.gray(region), search))
            faces.push_back({searched.in_frame(cv::Rect2f(box + region.tl()))});
        return faces;
    }

    /// Places in the searched picture that look like faces of the sizes whose turn it is.
    std::vector<cv::Rect2f> sweep(const Searched& searched, double time_s,
                                  const std::vector<FaceBox>& known) {
        std::vector<cv::Rect2f> hidden, places;
        for (const auto& face : known)
            hidden.push_back(searched.from_frame(widened(face.box_in_frame, -kSeenBySweeps)));
        const int smallest = std::max(searched.smallest_px, cascade().window_px());
        for (const double side : sweep_.sizes_due(searched.gray, smallest, time_s)) {
            const auto found = find_of_size(searched.gray, side, hidden);
            places.insert(places.end(), found.begin(), found.end());
        }
        return places;
    }

    /// The places of faces with such a side, none of them among those `hidden`, each found several times: in
    /// a copy of the picture in which they are as large as the cascade's window. There OpenCV tries every
    /// other pixel only, and as it is always asked for the same size, it keeps what it has worked out for
    /// that.
    std::vector<cv::Rect2f> find_of_size(const cv::Mat& picture, double side,
                                         const std::vector<cv::Rect2f>& hidden) {
        const int window = cascade().window_px();
        const cv::Size size(cvRound(picture.cols * window / side), cvRound(picture.rows * window / side));
        if (std::min(size.width, size.height) < window) return {};
        cv::resize(picture, of_one_size_, size, 0, 0, cv::INTER_LINEAR);
        const double sx = 1.0 * picture.cols / size.width, sy = 1.0 * picture.rows / size.height;
        for (const auto& box : hidden)
            if (const auto pixels = whole_pixels(scaled(box, 1.0 / sx, 1.0 / sy), size); !pixels.empty())
                of_one_size_(pixels).setTo(kHidingGray);
        std::vector<cv::Rect2f> boxes;
        for (const auto& box :
             cascade().find(of_one_size_, {.min_neighbors = 0, .smallest_px = window, .largest_px = window}))
            boxes.push_back(scaled(box, sx, sy));
        return boxes;
    }

    const SearchOptions search_;
    cv::Mat reduced_region_, of_one_size_;
    Sweep sweep_;
    cv::Size frame_size_;  // of the video at work
};

}  // namespace

std::unique_ptr<FaceDetector> make_face_search(const HaarOptions& haar, const SearchOptions& search) {
    return std::make_unique<FaceSearch>(haar, search);
}

}  // namespace emotion::faces
