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
    /// Uniformly cropped faces: a folder of pictures per expression, or a table of votes (.csv) with a column
    /// for each.
    std::filesystem::path data;
    double agreement = 0.5;             ///< for a table: the required share of votes
    std::filesystem::path eye_cascade;  ///< OpenCV's haarcascade_eye.xml
    std::filesystem::path model;        ///< a model card with kExpressions as classes
    int pictures = 60;                  ///< in each average: enough that it is nobody's portrait
};

/// A similar person with each of kExpressions: CV_8UC1, kAverageFaceSide squared, the face in an oval on
/// mid-gray, eyes at kLeftEye and kRightEye.
using PersonFaces = std::array<cv::Mat, kExpressions.size()>;

inline constexpr int kPeople = 6;  ///< that are kept of those made
inline constexpr int kAverageFaceSide = 240;
inline const cv::Point2f kLeftEye{84, 100}, kRightEye{156, 100};

/// Computes averages of many pictures that still look like faces of different people. Pictures are aligned by
/// their eyes and grouped, regardless of expression, by k-means on eigenfaces (Turk and Pentland, "Eigenfaces
/// for recognition", 1991); in each group the clearest smooth pictures that look alike are warped onto their
/// common average by optical flow (Kemelmacher-Shlizerman and Seitz, "Collection flow", CVPR 2012) before
/// averaging. Of the people with the smoothest averages, the kPeople whose averages are most probable are
/// kept, in this order. Nearly deterministic: different rounding may lead k-means to other groups. `report`
/// is called with a line per step. Throws Error if there are too few pictures or the model cannot be used.
std::vector<PersonFaces> average_faces(const AverageFaceOptions& options,
                                       const std::function<void(const std::string&)>& report);

}  // namespace emotion::apps
