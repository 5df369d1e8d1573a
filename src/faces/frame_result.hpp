#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::faces {

/// What is known of one face in one frame. Probabilities are in the order of the model card's classes.
struct FaceResult {
    int track = 0;
    cv::Rect2f box_in_frame;   ///< before it is turned about its center by `roll_deg`
    std::optional<int> label;  ///< index of the shown class; nullopt: unsure
    float confidence = 0.0f;   ///< smoothed probability of the label, or of the likeliest class when unsure
    std::vector<float> probabilities;  ///< smoothed over time
    std::vector<float> raw;            ///< of this frame alone
    float roll_deg = 0.0f;             ///< how far the head is tilted, clockwise, in (-180, 180]; 0: upright
    bool neutral = false;              ///< both kinds of probabilities are shifted by how it looks at rest
};

/// Everything known about one frame.
struct FrameResult {
    std::string source;
    std::int64_t frame = 0;
    double time_s = 0.0;
    cv::Size size;  ///< as people see the frame, with square pixels: boxes are in these
    std::vector<FaceResult> faces;
    cv::Size stored{};  ///< the frame as it is stored, upright; empty: the same size
};

}  // namespace emotion::faces
