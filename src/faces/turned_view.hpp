#pragma once

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"

namespace emotion::faces {

/// A picture as seen by somebody who tilts the head with a face: turned back about a point, so that heads
/// tilted by `roll_deg` stand upright. Boxes of the view are in pixels of the picture, and the pivot has the
/// same place in both. With a roll of 0 the view is the picture.
struct TurnedView {
    cv::Point2f pivot;
    float roll_deg = 0.0f;  ///< clockwise

    cv::Point2f to_picture(cv::Point2f point) const;
    cv::Point2f from_picture(cv::Point2f point) const;

    /// The face of the picture that was found upright at `box` of the view.
    FaceBox face_at(const cv::Rect2f& box) const;

    /// The least box of the view that holds all of a picture.
    cv::Rect2f bounds(cv::Size picture) const;

    /// `region` of the view brought to `size`, of the picture's type. Finer detail than the size shows is
    /// averaged. What lies beyond the picture is `border`: cv::BORDER_REPLICATE, or cv::BORDER_CONSTANT for
    /// mid-gray. Throws std::invalid_argument for an empty picture, region or size.
    cv::Mat cut(const cv::Mat& picture, const cv::Rect2f& region, cv::Size size, int border) const;
};

}  // namespace emotion::faces
