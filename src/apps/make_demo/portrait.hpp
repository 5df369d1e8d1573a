#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

namespace emotion::apps {

/// A picture in which both eyes were detected.
struct Portrait {
    cv::Mat gray;
    cv::Matx23f to_canvas;  ///< maps the eyes to kLeftEye and kRightEye
};

/// Each portrait and its mirror image, which has the index of the portrait plus their number.
std::vector<Portrait> with_mirror_images(std::vector<Portrait> portraits);

/// The mask of the face on the canvas: CV_8UC1, 255 inside.
const cv::Mat& face_oval();

/// The pictures in which both eyes are detected, sorted by name. Throws Error for a cascade or a picture that
/// cannot be read.
std::vector<Portrait> find_portraits(std::vector<std::filesystem::path> pictures,
                                     const std::string& eye_cascade);

/// The face on the canvas with normalized light and contrast: CV_32FC1, mean 0, standard deviation 1.
cv::Mat on_canvas(const Portrait& portrait);

/// The average of faces warped onto it, sharpened and toned, in a soft oval: CV_8UC1.
cv::Mat average_picture(const std::vector<Portrait>& portraits);

}  // namespace emotion::apps
