#pragma once

#include <optional>

#include "faces/face_detector.hpp"
#include "faces/haar_cascade.hpp"
#include "faces/roll_meter.hpp"
#include "faces/turned_view.hpp"

namespace emotion::faces {

/// A face as the cascade detects it.
struct Detection {
    FaceBox face;
    int detections = 0;  ///< number of overlapping detections
};

/// Adds a detection unless a better one of the same face is known, and removes poorer ones of it: weak ones,
/// and parts such as a lens of glasses, unless these have far more overlapping detections.
void add_detection(const Detection& added, std::vector<Detection>& known);

/// Searches every picture completely, at reduced size if large.
class HaarDetector : public FaceDetector {
  public:
    /// As make_haar_detector().
    explicit HaarDetector(const HaarOptions& options);

    std::vector<FaceBox> detect(const cv::Mat& gray) override;
    void allow_weak(bool allowed) override { allows_weak_ = allowed; }

  protected:
    /// A frame prepared for the search: contrast stretched, and reduced if large.
    struct Searched {
        cv::Mat frame;         ///< CV_8UC1, of the frame's size
        cv::Mat gray;          ///< the same or a reduced copy
        cv::Point2f to_frame;  ///< scale from `gray` to the frame
        int smallest_px = 0;   ///< side of the smallest face to search for, in pixels of `gray`

        cv::Rect2f in_frame(const cv::Rect2f& box) const;
        cv::Rect2f from_frame(const cv::Rect2f& box) const;
        FaceBox in_frame(const FaceBox& face) const;
    };

    const HaarOptions& options() const { return options_; }
    HaarCascade& cascade() { return cascade_; }
    RollMeter& roll_meter() { return roll_meter_; }
    /// Throws std::invalid_argument for a picture that is not CV_8UC1 or is empty. The next call may
    /// overwrite the pixels.
    Searched searched(const cv::Mat& gray);
    /// A copy of the picture in which only dark parts are stretched; nullopt if there are none that need it.
    std::optional<cv::Mat> dark_parts(const cv::Mat& gray) const;
    /// The faces of the whole frame: upright ones or, if there are none, tilted ones or those in dark parts.
    /// With `beyond_edge`, for single pictures, also those extending beyond the edge by up to this share of
    /// the frame's sides and, as weak ones, those turned to a side. Measures the roll of each. Returns weak
    /// ones only if enabled and there are no others.
    std::vector<FaceBox> find_in_all(const Searched& searched, double beyond_edge);
    /// For HaarCascade::Search: `neighbors`, or fewer if weak faces are enabled.
    int least_neighbors(int neighbors) const;

  private:
    std::vector<Detection> find_turned(const Searched& searched, const cv::Mat& gray, double roll_deg,
                                       double beyond_edge);
    /// Faces turned to a side, as weak detections.
    std::vector<Detection> find_turned_away(const Searched& searched, double beyond_edge);

    HaarOptions options_;
    HaarCascade cascade_;
    RollMeter roll_meter_;
    cv::Mat reduced_;
    bool allows_weak_ = false;
};

/// The box in a picture scaled by these factors.
cv::Rect2f scaled(const cv::Rect2f& box, double x, double y);

/// Adds a face unless it is already known.
void add_new(const FaceBox& face, std::vector<FaceBox>& known);
bool is_new(const FaceBox& face, const std::vector<FaceBox>& known);

/// Sorts by decreasing size, equal ones from left and top.
void sort_faces(std::vector<FaceBox>& faces);

}  // namespace emotion::faces
