#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core.hpp>

namespace emotion::apps {

/// A picture of the data with both eyes found.
struct Portrait {
    cv::Mat gray;
    cv::Matx23f to_canvas;  ///< lays the eyes on kLeftEye and kRightEye
};

/// Where the face is on the canvas: CV_8UC1, 255 inside.
const cv::Mat& face_oval();

/// The pictures in which both eyes are found, in the order of their names. Throws Error for a cascade or a
/// picture that cannot be read.
std::vector<Portrait> find_portraits(std::vector<std::filesystem::path> pictures,
                                     const std::string& eye_cascade);

/// The face on the canvas, in light and contrast like every other: CV_32FC1, mean 0, standard deviation 1.
cv::Mat on_canvas(const Portrait& portrait);

/// The average of faces that are first warped onto it, sharpened and toned like a photograph, in a soft oval:
/// CV_8UC1.
cv::Mat average_picture(const std::vector<Portrait>& portraits);

}  // namespace emotion::apps
