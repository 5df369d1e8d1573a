#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/stump_cascade.hpp"

namespace cv {
class CascadeClassifier;
}

namespace emotion::faces {

/// The default cascade. Throws Error if it is missing.
std::filesystem::path default_cascade();

/// OpenCV's cascade of boosted classifiers (Viola and Jones, "Rapid object detection using a boosted cascade
/// of simple features", CVPR 2001), which classifies windows of a fixed size. The kind that OpenCV comes
/// with is evaluated here, some three times as fast, and all others by OpenCV. Not thread-safe.
class HaarCascade {
  public:
    struct Search {
        double scale_factor = 1.1;  ///< above 1: ratio of successive search sizes
        int min_neighbors = 5;      ///< a face has more overlapping detections than this
        int smallest_px = 0;        ///< limits of face sides, in pixels of the picture; 0: none
        int largest_px = 0;
    };

    /// Throws Error for a file that cannot be read or is damaged; empty: the default cascade.
    explicit HaarCascade(const std::filesystem::path& file);
    ~HaarCascade();

    /// The side of its window, which is the smallest detectable face.
    int window_px() const;

    struct Face {
        cv::Rect box;        ///< in pixels of the picture
        int detections = 0;  ///< number of overlapping detections
    };

    /// The faces of a CV_8UC1 picture, unordered.
    std::vector<Face> find(const cv::Mat& gray, const Search& search);

    /// Detections of the size of the cascade's window, before grouping.
    std::vector<cv::Rect> find_of_window_size(const cv::Mat& gray);

    /// Groups detections into faces, by Search::min_neighbors.
    static std::vector<cv::Rect> grouped(std::vector<cv::Rect> detections, int min_neighbors);

  private:
    std::vector<cv::Rect> find_all(const cv::Mat& gray, const Search& search);

    std::optional<StumpCascade> stumps_;
    std::unique_ptr<cv::CascadeClassifier> cascade_;  ///< where stumps_ is empty
    cv::Mat reduced_;
};

}  // namespace emotion::faces
