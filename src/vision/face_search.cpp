#include "vision/face_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/option_check.hpp"
#include "vision/haar_detector.hpp"

namespace emotion {
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
/// How changes from frame to frame are seen: as means of this many parts, if they differ by so much.
const cv::Size kParts(32, 24);
constexpr double kChangedBy = 15.0;

/// The box with so many of its widths added on each side; negative ones are taken off.
cv::Rect2f widened(const cv::Rect2f& box, double widths) {
    const auto margin = static_cast<float>(box.width * widths);
    return {box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin};
}

cv::Rect2f scaled(const cv::Rect2f& box, double x, double y) {
    const auto sx = static_cast<float>(x), sy = static_cast<float>(y);
    return {box.x * sx, box.y * sy, box.width * sx, box.height * sy};
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

std::optional<FaceBox> best_match(const std::vector<FaceBox>& found, const cv::Rect2f& expected) {
    const auto best = std::max_element(found.begin(), found.end(), [&](const auto& a, const auto& b) {
        return overlap(a.box_in_frame, expected) < overlap(b.box_in_frame, expected);
    });
    return best != found.end() ? std::optional(*best) : std::nullopt;
}

class FaceSearch : public HaarDetector {
  public:
    FaceSearch(const HaarOptions& haar, const SearchOptions& search) : HaarDetector(haar), search_(search) {
        search_.validate();
    }

    void start() override { frame_size_ = {}; }

    std::vector<FaceBox> detect_next(const cv::Mat& gray, double time_s,
                                     const std::vector<ExpectedFace>& expected) override {
        if (search_.sweep_s == 0.0 || gray.size() != frame_size_) {
            auto faces = detect(gray);
            start_sweeps(gray, time_s);
            return faces;
        }
        const auto searched = reduced(gray);
        std::vector<FaceBox> faces;
        for (const auto& face : expected)
            if (const auto found = find_known(gray, searched, face); found && is_new(*found, faces))
                faces.push_back(*found);
        for (const auto& place : sweep(searched, time_s, faces))
            if (is_new(searched.in_frame({place}), faces))
                for (const auto& found :
                     find_thoroughly(searched, place, kSweepSizeRatio, search_.sweep_min_neighbors))
                    if (is_new(found, faces)) faces.push_back(found);
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
        const auto place = scaled(face.box_in_frame, 1.0 / searched.to_frame.x, 1.0 / searched.to_frame.y);
        return best_match(
            find_thoroughly(searched, place, search_.near_size_ratio, search_.retry_min_neighbors),
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

        std::vector<cv::Rect> found;
        for (int i = 0; i < 2 * (more + 1); ++i)
            for (const auto& box : find_of_size(reduced_region_, window * std::pow(step, i), {})) {
                const auto in_region =
                    scaled(box, 1.0 * region.width / size.width, 1.0 * region.height / size.height);
                found.push_back(cv::Rect(in_region + cv::Point2f(region.tl())));
            }
        return best_match(HaarCascade::grouped(std::move(found), search_.near_min_neighbors),
                          face.box_in_frame);
    }

    /// The faces about a place of the searched picture, as a search of all of it would find them.
    std::vector<FaceBox> find_thoroughly(const Searched& searched, const cv::Rect2f& place, double size_ratio,
                                         int min_neighbors) {
        const auto region = whole_pixels(widened(place, kThoroughMargin), searched.gray.size());
        if (std::min(region.width, region.height) < cascade().window_px()) return {};
        auto faces =
            cascade().find(searched.gray(region),
                           {.scale_factor = options().scale_factor,
                            .min_neighbors = min_neighbors,
                            .smallest_px = std::max(searched.smallest_px, cvFloor(place.width / size_ratio)),
                            .largest_px = cvCeil(place.width * size_ratio)});
        for (auto& face : faces) {
            face.box_in_frame += cv::Point2f(region.tl());
            face = searched.in_frame(face);
        }
        return faces;
    }

    void start_sweeps(const cv::Mat& gray, double time_s) {
        frame_size_ = gray.size();
        cv::resize(gray, parts_, kParts, 0, 0, cv::INTER_AREA);
        time_s_ = time_s;
        next_size_ = 0;
        work_due_ = 0.0;
    }

    /// Places in the searched picture that look like faces of the sizes whose turn it is.
    std::vector<cv::Rect2f> sweep(const Searched& searched, double time_s,
                                  const std::vector<FaceBox>& known) {
        const auto sizes = sweep_sizes(searched);
        if (sizes.empty()) return {};
        double whole_sweep = 0.0;
        for (const double side : sizes) whole_sweep += work(side);
        const double passed_s = time_s - time_s_;
        time_s_ = time_s;
        work_due_ = std::min(whole_sweep, work_due_ + whole_sweep * passed_s / search_.sweep_s);
        if (changed_suddenly(searched.gray) || passed_s >= search_.rare_s) work_due_ = whole_sweep;

        std::vector<cv::Rect2f> hidden, places;
        for (const auto& face : known)
            hidden.push_back(scaled(widened(face.box_in_frame, -kSeenBySweeps), 1.0 / searched.to_frame.x,
                                    1.0 / searched.to_frame.y));
        for (; work_due_ > 0.0; next_size_ = (next_size_ + 1) % sizes.size()) {
            const auto found = find_of_size(searched.gray, sizes[next_size_], hidden);
            places.insert(places.end(), found.begin(), found.end());
            work_due_ -= work(sizes[next_size_]);
        }
        return places;
    }

    /// Since the frame before, as at a cut.
    bool changed_suddenly(const cv::Mat& gray) {
        cv::Mat parts, difference;
        cv::resize(gray, parts, kParts, 0, 0, cv::INTER_AREA);
        cv::absdiff(parts, parts_, difference);
        parts_ = parts;
        return cv::countNonZero(difference > kChangedBy) >= search_.sudden_change * kParts.area();
    }

    /// In proportion to the windows tried.
    static double work(double side) { return 1.0 / (side * side); }

    std::vector<double> sweep_sizes(const Searched& searched) {
        std::vector<double> sizes;
        const double largest = std::min(searched.gray.cols, searched.gray.rows);
        for (double side = std::max(searched.smallest_px, cascade().window_px()); side <= largest;
             side *= search_.sweep_scale_factor)
            sizes.push_back(side);
        return sizes;
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
        for (const auto& face :
             cascade().find(of_one_size_, {.min_neighbors = 0, .smallest_px = window, .largest_px = window}))
            boxes.push_back(scaled(face.box_in_frame, sx, sy));
        return boxes;
    }

    SearchOptions search_;
    cv::Mat reduced_region_, of_one_size_;
    // Of the video at work:
    cv::Size frame_size_;
    cv::Mat parts_;  // of the frame before
    double time_s_ = 0.0;
    std::size_t next_size_ = 0;
    double work_due_ = 0.0;
};

}  // namespace

void SearchOptions::validate() const {
    check_range("search.sweep_s", sweep_s, 0, 10, "seconds");
    check_range("search.sweep_scale_factor", sweep_scale_factor, 1.01, 2);
    check_range("search.sweep_min_neighbors", sweep_min_neighbors, 0, 100, "a whole number");
    check_option("search.sudden_change", sudden_change, sudden_change > 0.0 && sudden_change <= 1.0,
                 "a number above 0 and up to 1");
    check_range("search.rare_s", rare_s, 0, 10, "seconds");
    check_range("search.near_margin", near_margin, 0, 2);
    check_range("search.near_speed", near_speed, 0, 20);
    check_range("search.near_max_margin", near_max_margin, 0, 2);
    check_range("search.near_size_ratio", near_size_ratio, 1, 3);
    check_range("search.near_min_neighbors", near_min_neighbors, 0, 100, "a whole number");
    check_range("search.retry_s", retry_s, 0, 10, "seconds");
    check_range("search.retry_min_neighbors", retry_min_neighbors, 0, 100, "a whole number");
}

std::unique_ptr<FaceDetector> make_face_search(const HaarOptions& haar, const SearchOptions& search) {
    return std::make_unique<FaceSearch>(haar, search);
}

}  // namespace emotion
