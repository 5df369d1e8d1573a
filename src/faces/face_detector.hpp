#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"

namespace emotion::faces {

/// Where a face seen before is expected in a frame.
struct ExpectedFace {
    cv::Rect2f box_in_frame;
    double unseen_s = 0.0;  ///< how long ago it was last found
    float roll_deg = 0.0f;  ///< as FaceBox's
};

/// Finds the faces in pictures and videos. Not thread-safe: one for each thread.
class FaceDetector {
  public:
    virtual ~FaceDetector() = default;

    /// From now on faces that are too weak to be taken for some by themselves are found too, and marked so,
    /// where there are no others: for callers who have a check of their own.
    virtual void allow_weak([[maybe_unused]] bool allowed) {}

    /// The faces of one picture. `gray` is CV_8UC1 and only read (std::invalid_argument otherwise). Boxes
    /// come largest first, the same for the same picture; empty: no face.
    virtual std::vector<FaceBox> detect(const cv::Mat& gray) = 0;

    /// The same for one frame after another of a video, at times that do not go backwards. A detector may
    /// save time by looking where faces are expected first, and take more than one frame to find a new face.
    virtual std::vector<FaceBox> detect_next(const cv::Mat& gray, [[maybe_unused]] double time_s,
                                             [[maybe_unused]] const std::vector<ExpectedFace>& expected) {
        return detect(gray);
    }

    /// A video begins: forgets the frames before.
    virtual void start() {}
};

/// Settings of the Haar cascade in OpenCV's terms.
struct HaarOptions {
    std::filesystem::path cascade;  ///< empty: the frontal face cascade that came with the program
    double scale_factor = 1.1;      ///< [1.01, 2]: ratio of one size searched to the next
    int min_neighbors = 5;          ///< [0, 100]: more overlapping finds than these make a face
    int weak_neighbors = 2;         ///< [0, 100]: and more than these a weak one, where those are allowed
    int min_face_px = 0;    ///< smallest side searched, pixels of the frame; 0: 1/16 of its shorter side
    int max_side_px = 640;  ///< [64, 10000]: larger frames are searched in a reduced copy
    /// [0, 60]: where no upright face is found, heads tilted by about so much to either side are looked for,
    /// those that the edge cuts, and those in dark parts; 0: none of this.
    double tilt_deg = 35.0;
    int full_contrast = 128;  ///< [0, 255]: the gray levels of flatter frames are stretched; 0: never

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// Searches all of every picture and of every frame. Throws ConfigError for options out of range, and Error
/// if the cascade cannot be read, naming the folders looked in if it cannot be found.
std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options);

}  // namespace emotion::faces
