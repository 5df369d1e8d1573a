#include "faces/turned_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace emotion::faces {
namespace {

/// Larger pictures are first reduced to this multiple of the target scale, because the rotation interpolates
/// only four pixels.
constexpr double kFinerThanCut = 1.6;
/// The margin of pixels needed for interpolation at the edge of a part.
constexpr int kSeenByInterpolation = 2;
const cv::Scalar kMidGray = cv::Scalar::all(128);

struct Rotation {
    explicit Rotation(double degrees)
        : cosine(std::cos(degrees * std::numbers::pi / 180.0)),
          sine(std::sin(degrees * std::numbers::pi / 180.0)) {}
    /// Clockwise, because y points down.
    cv::Point2d operator()(const cv::Point2d& way) const {
        return {cosine * way.x - sine * way.y, sine * way.x + cosine * way.y};
    }
    double cosine, sine;
};

std::array<cv::Point2f, 4> corners(const cv::Rect2f& box) {
    return {box.tl(), {box.x + box.width, box.y}, box.br(), {box.x, box.y + box.height}};
}

cv::Rect2f around(const std::array<cv::Point2f, 4>& points) {
    cv::Point2f least = points[0], most = points[0];
    for (const auto& point : points) {
        least = {std::min(least.x, point.x), std::min(least.y, point.y)};
        most = {std::max(most.x, point.x), std::max(most.y, point.y)};
    }
    return {least, most};
}

}  // namespace

cv::Point2f TurnedView::to_picture(cv::Point2f point) const {
    return cv::Point2f(cv::Point2d(pivot) + Rotation(roll_deg)(cv::Point2d(point - pivot)));
}

cv::Point2f TurnedView::from_picture(cv::Point2f point) const {
    return cv::Point2f(cv::Point2d(pivot) + Rotation(-roll_deg)(cv::Point2d(point - pivot)));
}

FaceBox TurnedView::face_at(const cv::Rect2f& box) const {
    if (roll_deg == 0.0f) return {box};
    const cv::Point2f half(box.width / 2, box.height / 2);
    const auto corner = to_picture(box.tl() + half) - half;
    return {{corner.x, corner.y, box.width, box.height}, roll_deg};
}

cv::Rect2f TurnedView::bounds(cv::Size picture) const {
    auto points = corners(cv::Rect2f({}, cv::Size2f(picture)));
    for (auto& point : points) point = from_picture(point);
    return around(points);
}

cv::Mat TurnedView::cut(const cv::Mat& picture, const cv::Rect2f& region, cv::Size size, int border) const {
    if (picture.empty() || size.empty() || !(region.width > 0) || !(region.height > 0))
        throw std::invalid_argument("expected a picture, a region and a size that are not empty");
    auto seen = corners(region);
    for (auto& point : seen) point = to_picture(point);
    const auto bounds = around(seen);
    const cv::Rect part =
        cv::Rect({cvFloor(bounds.x) - kSeenByInterpolation, cvFloor(bounds.y) - kSeenByInterpolation},
                 cv::Point(cvCeil(bounds.br().x) + kSeenByInterpolation,
                           cvCeil(bounds.br().y) + kSeenByInterpolation)) &
        cv::Rect({}, picture.size());
    if (part.empty()) return {size, picture.type(), kMidGray};

    const double scale_x = size.width / static_cast<double>(region.width),
                 scale_y = size.height / static_cast<double>(region.height);
    // An integer ratio, for which OpenCV is several times as fast.
    const double ratio = std::min(1.0 / scale_x, 1.0 / scale_y);
    const int reduction = std::max(1, std::min({cvRound(ratio / kFinerThanCut), part.width, part.height}));
    const cv::Size small(part.width / reduction, part.height / reduction);
    cv::Mat source = picture(cv::Rect(part.tl(), small * reduction));
    if (reduction > 1) {
        cv::Mat reduced;
        cv::resize(source, reduced, small, 0, 0, cv::INTER_AREA);
        source = reduced;
    }
    const double to_source = 1.0 / reduction;

    // Maps centers of target pixels through the view and the picture to source pixels.
    const Rotation turn(roll_deg);
    const cv::Point2d first(region.x + 0.5 / scale_x - pivot.x, region.y + 0.5 / scale_y - pivot.y);
    const auto first_in_part = cv::Point2d(pivot) + turn(first) - cv::Point2d(part.tl());
    const auto across = turn({1.0 / scale_x, 0.0}), down = turn({0.0, 1.0 / scale_y});
    const cv::Matx23d to_pixel(across.x * to_source, down.x * to_source, first_in_part.x * to_source - 0.5,
                               across.y * to_source, down.y * to_source, first_in_part.y * to_source - 0.5);
    cv::Mat cut;
    cv::warpAffine(source, cut, to_pixel, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, border, kMidGray);
    return cut;
}

}  // namespace emotion::faces
