#pragma once

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"

namespace emotion::faces {

/// A rotated view of a picture in which heads tilted by `roll_deg` are upright. Boxes of the view are in
/// pixels of the picture, and the pivot is the same point in both. With a roll of 0 the view is the picture.
struct TurnedView {
    cv::Point2f pivot;
    float roll_deg = 0.0f;  ///< clockwise

    cv::Point2f to_picture(cv::Point2f point) const;
    cv::Point2f from_picture(cv::Point2f point) const;

    /// The face in the picture for an upright detection at `box` of the view.
    FaceBox face_at(const cv::Rect2f& box) const;

    /// The bounding box of the picture in the view.
    cv::Rect2f bounds(cv::Size picture) const;

    /// `region` of the view resized to `size`, of the picture's type, with antialiasing. `border` applies
    /// beyond the picture: cv::BORDER_REPLICATE, or cv::BORDER_CONSTANT for mid-gray. Throws
    /// std::invalid_argument for an empty picture, region or size.
    cv::Mat cut(const cv::Mat& picture, const cv::Rect2f& region, cv::Size size, int border) const;
};

}  // namespace emotion::faces
