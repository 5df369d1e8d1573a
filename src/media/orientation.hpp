#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace emotion::media {

/// The transformation from a stored to a displayed picture: one of eight rotations and mirrorings, numbered
/// as in EXIF and TIFF.
enum class Orientation {
    kAsStored = 1,
    kMirrored = 2,      ///< flipped horizontally
    kHalfTurn = 3,      ///< rotated by 180 degrees
    kUpsideDown = 4,    ///< flipped vertically
    kTransposed = 5,    ///< rows become columns
    kQuarterTurn = 6,   ///< rotated by 90 degrees clockwise
    kTransverse = 7,    ///< transposed, then rotated by 180 degrees
    kThreeQuarters = 8  ///< rotated by 90 degrees counterclockwise
};

/// Converts an EXIF value; kAsStored for any invalid one.
Orientation orientation_of_exif(std::int64_t number);

/// This many quarter turns clockwise, any number.
Orientation quarter_turns(int clockwise);

struct MatrixOrientation {
    Orientation orientation = Orientation::kAsStored;
    bool exact = true;  ///< false: the nearest to another angle
};

/// The orientation in a video's display matrix (ISO 14496-12: a, b, u, c, d, v, x, y, w; 16.16 fixed point),
/// ignoring scale. A degenerate matrix is ignored.
MatrixOrientation orientation_of_matrix(const std::int32_t matrix[9]);

/// Whether width and height are swapped.
inline bool swaps_sides(Orientation orientation) {
    return orientation >= Orientation::kTransposed;
}

/// The picture (any type) as displayed; shared, not copied, if no change is needed.
cv::Mat oriented(const cv::Mat& stored, Orientation orientation);

/// The same into preallocated `shown` of the right size and type.
void orient(const cv::Mat& stored, Orientation orientation, cv::Mat& shown);

}  // namespace emotion::media
