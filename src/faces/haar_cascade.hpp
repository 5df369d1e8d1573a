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

/// The cascade that came with the program. Throws Error if it is not there.
std::filesystem::path default_cascade();

/// OpenCV's cascade of boosted classifiers (Viola and Jones, "Rapid object detection using a boosted cascade
/// of simple features", CVPR 2001), which knows faces in a window of a fixed size. The kind that OpenCV comes
/// with is evaluated here, some three times as fast, and all others by OpenCV. Not thread-safe.
class HaarCascade {
  public:
    struct Search {
        double scale_factor = 1.1;  ///< above 1: ratio of one face size searched to the next
        int min_neighbors = 5;      ///< more overlapping finds than these make a face
        int smallest_px = 0;        ///< sides of the faces looked for, pixels of the picture; 0: no limit
        int largest_px = 0;
    };

    /// Throws Error for a file that cannot be read or is damaged; empty: the cascade that came with the
    /// program.
    explicit HaarCascade(const std::filesystem::path& file);
    ~HaarCascade();

    /// The side of its window: no smaller face can be found.
    int window_px() const;

    struct Face {
        cv::Rect box;   ///< pixels of the picture
        int finds = 0;  ///< that overlap there
    };

    /// The faces of a CV_8UC1 picture, in no particular order.
    std::vector<Face> find(const cv::Mat& gray, const Search& search);

    /// The single finds of the size of the cascade's window.
    std::vector<cv::Rect> find_of_window_size(const cv::Mat& gray);

    /// Single finds as the faces that they make, by Search::min_neighbors.
    static std::vector<cv::Rect> grouped(std::vector<cv::Rect> finds, int min_neighbors);

  private:
    std::vector<cv::Rect> find_all(const cv::Mat& gray, const Search& search);

    std::optional<StumpCascade> stumps_;
    std::unique_ptr<cv::CascadeClassifier> cascade_;  ///< where stumps_ is empty
    cv::Mat reduced_;
};

}  // namespace emotion::faces
