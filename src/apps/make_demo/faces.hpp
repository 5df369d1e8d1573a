#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::apps {

inline constexpr std::array<const char*, 3> kExpressions{"neutral", "happy", "fear"};

struct AverageFaceOptions {
    /// Faces, cropped about alike: a folder of pictures for each expression, or a table of votes (.csv) with
    /// a column for each.
    std::filesystem::path data;
    double agreement = 0.5;  ///< of a table: pictures of which more than this share of the people say so
    std::filesystem::path eye_cascade;  ///< OpenCV's haarcascade_eye.xml
    std::filesystem::path model;        ///< the card of one that knows kExpressions
    int pictures = 60;                  ///< in each average: enough that it is nobody's portrait
};

/// The same kind of person with each of kExpressions. CV_8UC1, kAverageFaceSide squared, the face in an oval
/// on mid-grey, eyes at kLeftEye and kRightEye.
using PersonFaces = std::array<cv::Mat, kExpressions.size()>;

inline constexpr int kAverageFaceSide = 240;
inline const cv::Point2f kLeftEye{84, 100}, kRightEye{156, 100};

/// Averages of many pictures that still look like faces, and like different people. Each picture is laid on
/// the others by its eyes; those alike in all but expression are found by k-means on eigenfaces (Turk and
/// Pentland, "Eigenfaces for recognition", 1991); of these the pictures that `model` is surest of are warped
/// onto their common average by optical flow (Kemelmacher-Shlizerman and Seitz, "Collection flow", CVPR 2012)
/// before they are averaged. The people whose averages the model is surest of come first. The same
/// pictures and model give nearly the same faces: where sums are rounded otherwise, k-means may end in other
/// groups. `report` is called with a line for each step. Throws Error where there are
/// too few pictures.
std::vector<PersonFaces> average_faces(const AverageFaceOptions& options,
                                       const std::function<void(const std::string&)>& report);

}  // namespace emotion::apps
