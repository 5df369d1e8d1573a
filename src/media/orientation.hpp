#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// What is done to a stored picture to show it: one of the eight ways to lay a rectangle down, numbered as
/// EXIF and TIFF number them.
enum class Orientation {
    kAsStored = 1,
    kMirrored = 2,      ///< left and right change places
    kHalfTurn = 3,      ///< turned by 180 degrees
    kUpsideDown = 4,    ///< top and bottom change places
    kTransposed = 5,    ///< rows become columns
    kQuarterTurn = 6,   ///< turned by 90 degrees clockwise
    kTransverse = 7,    ///< rows become columns, then turned by 180 degrees
    kThreeQuarters = 8  ///< turned by 90 degrees counterclockwise
};

/// An EXIF number as an orientation; kAsStored for any number that is none.
Orientation orientation_of_exif(std::int64_t number);

/// So many quarter turns clockwise, any number.
Orientation quarter_turns(int clockwise);

struct MatrixOrientation {
    Orientation orientation = Orientation::kAsStored;
    bool exact = true;  ///< false: the matrix asks for another angle, and this is the nearest
};

/// What a video's display matrix (ISO 14496-12: a, b, u, c, d, v, x, y, w; 16.16 fixed point) asks for, its
/// scale left aside. A matrix that leaves nothing to see is taken for none.
MatrixOrientation orientation_of_matrix(const std::int32_t matrix[9]);

/// Whether width and height change places.
inline bool swaps_sides(Orientation orientation) {
    return orientation >= Orientation::kTransposed;
}

/// The picture (any type) as it is to be shown; shared, not copied, if that is as it is stored.
cv::Mat oriented(const cv::Mat& stored, Orientation orientation);

/// The same into `shown`, which has the right size and type already and keeps its memory.
void orient(const cv::Mat& stored, Orientation orientation, cv::Mat& shown);

}  // namespace emotion::media
