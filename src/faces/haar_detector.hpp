#pragma once

#include "faces/face_detector.hpp"
#include "faces/haar_cascade.hpp"

namespace emotion::faces {

/// Searches all of every picture, large ones in a reduced copy.
class HaarDetector : public FaceDetector {
  public:
    /// As make_haar_detector().
    explicit HaarDetector(const HaarOptions& options);

    std::vector<FaceBox> detect(const cv::Mat& gray) override;

  protected:
    /// A frame, or its reduced copy, as it is searched.
    struct Searched {
        cv::Mat gray;
        cv::Point2f to_frame;  ///< pixels of the frame to one of these
        int smallest_px = 0;   ///< side of the smallest face searched, in these pixels

        cv::Rect2f in_frame(const cv::Rect2f& box) const;
        cv::Rect2f from_frame(const cv::Rect2f& box) const;
    };

    const HaarOptions& options() const { return options_; }
    HaarCascade& cascade() { return cascade_; }
    /// Throws std::invalid_argument for a picture that is no CV_8UC1 or has no pixels. The next call may
    /// overwrite the pixels.
    Searched reduced(const cv::Mat& gray);

  private:
    HaarOptions options_;
    HaarCascade cascade_;
    cv::Mat reduced_;
};

/// The box in a picture so many times as wide and as high.
cv::Rect2f scaled(const cv::Rect2f& box, double x, double y);

/// Puts the largest first, and of equal ones the leftmost and uppermost.
void sort_faces(std::vector<FaceBox>& faces);

}  // namespace emotion::faces
