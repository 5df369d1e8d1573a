#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"

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

/// Settings of Haar cascade detection, in OpenCV's terms.
struct HaarOptions {
    std::filesystem::path cascade;  ///< empty: the default frontal face cascade
    double scale_factor = 1.1;      ///< [1.01, 2]: ratio of successive search sizes
    int min_neighbors = 5;          ///< [0, 100]: a face has more overlapping detections than this
    int weak_neighbors = 2;         ///< [0, 100]: a weak one has more than this, if enabled
    int min_face_px = 0;    ///< smallest side to search, in pixels of the frame; 0: 1/16 of its shorter side
    int max_side_px = 640;  ///< [64, 10000]: larger frames are reduced to this
    /// [0, 60]: if there is no upright face, also search for heads tilted by about this angle to either side,
    /// for faces cut by the frame and for faces in dark parts; 0: do not.
    double tilt_deg = 35.0;
    int full_contrast =
        128;  ///< [0, 255]: frames with a smaller range of gray levels are stretched; 0: never

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

/// A detector that searches every picture or frame completely. Throws ConfigError for options out of range,
/// and Error if the cascade cannot be read, naming the folders searched if it cannot be found.
std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options);

}  // namespace emotion::faces
