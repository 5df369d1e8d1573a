#include "faces/haar_detector.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>


namespace emotion::faces {
namespace {

/// Left to itself the detector searches for faces down to this share of the frame's shorter side.
constexpr int kSmallestFaceShare = 12;

const HaarOptions& validated(const HaarOptions& options) {
    options.validate();
    return options;
}

}  // namespace

void sort_faces(std::vector<FaceBox>& faces) {
    std::sort(faces.begin(), faces.end(), [](const FaceBox& a, const FaceBox& b) {
        const auto& p = a.box_in_frame;
        const auto& q = b.box_in_frame;
        return std::tuple(-p.area(), p.x, p.y) < std::tuple(-q.area(), q.x, q.y);
    });
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

HaarDetector::HaarDetector(const HaarOptions& options)
    : options_(validated(options)), cascade_(options.cascade) {}

std::vector<FaceBox> HaarDetector::detect(const cv::Mat& gray) {
    const auto searched = reduced(gray);
    std::vector<FaceBox> faces;
    for (const auto& box : cascade_.find(searched.gray, {.scale_factor = options_.scale_factor,
                                                        .min_neighbors = options_.min_neighbors,
                                                        .smallest_px = searched.smallest_px}))
        faces.push_back({searched.in_frame(box)});
    sort_faces(faces);
    return faces;
}

HaarDetector::Searched HaarDetector::reduced(const cv::Mat& gray) {
    if (gray.type() != CV_8UC1 || gray.empty())
        throw std::invalid_argument("a frame of type " + std::to_string(gray.type()) +
                                    ", expected CV_8UC1 with pixels");
    Searched searched{gray, {1, 1}, 0};
    if (const int longer = std::max(gray.cols, gray.rows); longer > options_.max_side_px) {
        const double scale = static_cast<double>(options_.max_side_px) / longer;
        cv::resize(gray, reduced_,
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

std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options) {
    return std::make_unique<HaarDetector>(options);
}

}  // namespace emotion::faces
