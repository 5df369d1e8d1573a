#include "media/orientation.hpp"

#include <array>
#include <cmath>

#include <opencv2/core.hpp>

namespace emotion::media {
namespace {

/// The 2x2 part of the matrix for rotation and mirroring: shown x = a x + c y, shown y = b x + d y.
struct Corner {
    double a, b, c, d;
};

constexpr std::array<Corner, 8> kCorners{{{1, 0, 0, 1},
                                          {-1, 0, 0, 1},
                                          {-1, 0, 0, -1},
                                          {1, 0, 0, -1},
                                          {0, 1, 1, 0},
                                          {0, 1, -1, 0},
                                          {0, -1, -1, 0},
                                          {0, -1, 1, 0}}};

}  // namespace

Orientation orientation_of_exif(std::int64_t number) {
    return number >= 1 && number <= 8 ? static_cast<Orientation>(number) : Orientation::kAsStored;
}

Orientation quarter_turns(int clockwise) {
    constexpr std::array kTurns{Orientation::kAsStored, Orientation::kQuarterTurn, Orientation::kHalfTurn,
                                Orientation::kThreeQuarters};
    return kTurns[static_cast<std::size_t>((clockwise % 4 + 4) % 4)];
}

MatrixOrientation orientation_of_matrix(const std::int32_t matrix[9]) {
    const double across = std::hypot(matrix[0], matrix[1]), down = std::hypot(matrix[3], matrix[4]);
    if (across == 0.0 || down == 0.0) return {};
    const Corner requested{matrix[0] / across, matrix[1] / across, matrix[3] / down, matrix[4] / down};
    MatrixOrientation nearest;
    double best = -3.0;
    for (std::size_t i = 0; i < kCorners.size(); ++i) {
        const auto& known = kCorners[i];
        const double agreement = requested.a * known.a + requested.b * known.b + requested.c * known.c +
                                 requested.d * known.d;  // 2 for equal matrices
        if (agreement <= best) continue;
        best = agreement;
        nearest.orientation = static_cast<Orientation>(i + 1);
    }
    constexpr double kOneDegree = 0.0174533;
    nearest.exact = best >= 2.0 * std::cos(kOneDegree);
    return nearest;
}

void orient(const cv::Mat& stored, Orientation orientation, cv::Mat& shown) {
    constexpr int kAcross = 1, kDown = 0;
    switch (orientation) {
        case Orientation::kAsStored:
            stored.copyTo(shown);
            return;
        case Orientation::kMirrored:
            cv::flip(stored, shown, kAcross);
            return;
        case Orientation::kHalfTurn:
            cv::rotate(stored, shown, cv::ROTATE_180);
            return;
        case Orientation::kUpsideDown:
            cv::flip(stored, shown, kDown);
            return;
        case Orientation::kTransposed:
            cv::transpose(stored, shown);
            return;
        case Orientation::kQuarterTurn:
            cv::rotate(stored, shown, cv::ROTATE_90_CLOCKWISE);
            return;
        case Orientation::kTransverse: {
            cv::Mat transposed;
            cv::transpose(stored, transposed);
            cv::rotate(transposed, shown, cv::ROTATE_180);
            return;
        }
        case Orientation::kThreeQuarters:
            cv::rotate(stored, shown, cv::ROTATE_90_COUNTERCLOCKWISE);
            return;
    }
}

cv::Mat oriented(const cv::Mat& stored, Orientation orientation) {
    if (orientation == Orientation::kAsStored || stored.empty()) return stored;
    cv::Mat shown;
    orient(stored, orientation, shown);
    return shown;
}

}  // namespace emotion::media
