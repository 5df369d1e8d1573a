#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::faces {

/// The result for a face in a frame. Probabilities are in the order of the model card's classes.
struct FaceResult {
    int track = 0;
    cv::Rect2f box_in_frame;   ///< before rotation about its center by `roll_deg`
    std::optional<int> label;  ///< index of the shown class; nullopt: unsure
    float confidence = 0.0f;  ///< smoothed probability of the label or, when unsure, of the most likely class
    std::vector<float> probabilities;  ///< smoothed over time
    std::vector<float> raw;            ///< of this frame only
    float roll_deg = 0.0f;             ///< head tilt, clockwise, in (-180, 180]; 0: upright
    bool neutral = false;              ///< both kinds of probabilities are relative to its look at rest
};

/// The result for a frame.
struct FrameResult {
    std::string source;
    std::int64_t frame = 0;
    double time_s = 0.0;
    cv::Size size;  ///< of the frame as displayed, with square pixels; the unit of boxes
    std::vector<FaceResult> faces;
    cv::Size stored{};  ///< of the upright frame as stored; empty: the same size
};

}  // namespace emotion::faces
