#pragma once

#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"
#include "faces/settings.hpp"

namespace emotion::faces {

/// The predicted position of a known face in a frame.
struct ExpectedFace {
    cv::Rect2f box_in_frame;
    double unseen_s = 0.0;  ///< time since its last detection
    float roll_deg = 0.0f;  ///< as in FaceBox
};

/// Detects faces in pictures and videos. Not thread-safe.
class FaceDetector {
  public:
    virtual ~FaceDetector() = default;

    /// Enables weak detections, marked as such, where there are no others; for callers that verify them.
    virtual void allow_weak([[maybe_unused]] bool allowed) {}

    /// The faces of a single picture. `gray` is CV_8UC1 (std::invalid_argument otherwise) and not modified.
    /// Boxes are sorted by decreasing size and deterministic; empty: no face.
    virtual std::vector<FaceBox> detect(const cv::Mat& gray) = 0;

    /// The same for consecutive frames of a video, whose times must not decrease. May save time by searching
    /// near expected faces first, and may take several frames to detect a new face.
    virtual std::vector<FaceBox> detect_next(const cv::Mat& gray, [[maybe_unused]] double time_s,
                                             [[maybe_unused]] const std::vector<ExpectedFace>& expected) {
        return detect(gray);
    }

    /// Starts a video, discarding state of previous frames.
    virtual void start() {}
};

/// A detector that searches every picture or frame completely. Throws ConfigError for options out of range,
/// and Error if the cascade cannot be read, naming the folders searched if it cannot be found.
std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options);

}  // namespace emotion::faces
