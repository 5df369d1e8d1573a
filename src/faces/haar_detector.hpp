#pragma once

#include <optional>

#include "faces/face_detector.hpp"
#include "faces/haar_cascade.hpp"
#include "faces/roll_meter.hpp"
#include "faces/turned_view.hpp"

namespace emotion::faces {

/// Searches all of every picture, large ones in a reduced copy.
class HaarDetector : public FaceDetector {
  public:
    /// As make_haar_detector().
    explicit HaarDetector(const HaarOptions& options);

    std::vector<FaceBox> detect(const cv::Mat& gray) override;
    void allow_weak(bool allowed) override { allows_weak_ = allowed; }

  protected:
    /// A frame as it is searched: in full contrast, and where it is large in a reduced copy.
    struct Searched {
        cv::Mat frame;         ///< CV_8UC1, of the frame's size
        cv::Mat gray;          ///< the same or its reduced copy
        cv::Point2f to_frame;  ///< pixels of the frame to one of `gray`
        int smallest_px = 0;   ///< side of the smallest face searched, in pixels of `gray`

        cv::Rect2f in_frame(const cv::Rect2f& box) const;
        cv::Rect2f from_frame(const cv::Rect2f& box) const;
        FaceBox in_frame(const FaceBox& face) const;
    };

    const HaarOptions& options() const { return options_; }
    HaarCascade& cascade() { return cascade_; }
    RollMeter& roll_meter() { return roll_meter_; }
    /// Throws std::invalid_argument for a picture that is no CV_8UC1 or has no pixels. The next call may
    /// overwrite the pixels.
    Searched searched(const cv::Mat& gray);
    /// A picture of the same size whose dark parts alone are in full contrast; nullopt where they are so
    /// anyway.
    std::optional<cv::Mat> dark_parts(const cv::Mat& gray) const;
    /// The faces of all of the frame: upright ones, or if there are none tilted ones and those that reach
    /// beyond the edge by `beyond_edge` of the frame's sides, or those in its dark parts. Of all the roll is
    /// measured. Weak ones only where there are no others, and if they are allowed.
    std::vector<FaceBox> find_in_all(const Searched& searched, double beyond_edge);
    /// For HaarCascade::Search: `neighbors`, or fewer where weak faces are allowed.
    int least_neighbors(int neighbors) const;

  private:
    struct Found {
        FaceBox face;
        int finds = 0;  ///< of the cascade
    };

    std::vector<Found> find_turned(const Searched& searched, const cv::Mat& gray, double roll_deg,
                                   double beyond_edge);

    HaarOptions options_;
    HaarCascade cascade_;
    RollMeter roll_meter_;
    cv::Mat reduced_;
    bool allows_weak_ = false;
};

/// The box in a picture so many times as wide and as high.
cv::Rect2f scaled(const cv::Rect2f& box, double x, double y);

/// Adds a face that is none of those known.
void add_new(const FaceBox& face, std::vector<FaceBox>& known);
bool is_new(const FaceBox& face, const std::vector<FaceBox>& known);

/// Puts the largest first, and of equal ones the leftmost and uppermost.
void sort_faces(std::vector<FaceBox>& faces);

}  // namespace emotion::faces
