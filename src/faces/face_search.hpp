#pragma once

#include <memory>

#include "faces/face_detector.hpp"

namespace emotion::faces {

/// How to search a video efficiently. In every frame each known face is searched for near its predicted
/// position, in a reduced copy of its surroundings, then at full resolution if it is not detected. A sweep
/// searches the whole picture for new faces, one face size after another, spread over the frames; candidates
/// are verified by a full search of their surroundings. After a cut a sweep is completed in one frame. Times
/// are those of the frames.
struct SearchOptions {
    double sweep_s =
        0.35;  ///< [0, 10]: duration of a sweep; 0: no sweeps, every frame is searched completely
    double sweep_scale_factor = 1.3;  ///< [1.01, 2]: ratio of successive face sizes of a sweep
    int sweep_min_neighbors = 4;      ///< [0, 100]: a new face has more overlapping detections than this
    double tilted_sweep_s = 3.0;      ///< [0.1, 60]: duration of a sweep for tilted heads and dark parts
    double sudden_change = 0.05;      ///< (0, 1]: share of the picture that changes at a cut
    double rare_s = 0.06;             ///< [0, 10]: frames at least this far apart are swept completely
    double near_margin = 0.1;         ///< [0, 2]: margin of the search around a known face, in box widths
    double near_speed = 2.0;          ///< [0, 20]: increase of the margin per second since its last detection
    double near_max_margin = 0.6;     ///< [0, 2]: maximum of the margin
    double near_size_ratio = 1.2;     ///< [1, 3]: maximum change in size
    int near_min_neighbors = 1;       ///< [0, 100]: a known face has more overlapping detections than this
    double retry_s = 0.5;         ///< [0, 10]: a face lost for no longer is searched for at full resolution
    int retry_min_neighbors = 2;  ///< [0, 100]: there a known face has more overlapping detections than this

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

/// A Haar detector whose detect_next() costs a fraction of detect(). Throws as make_haar_detector() does.
std::unique_ptr<FaceDetector> make_face_search(const HaarOptions& haar, const SearchOptions& search);

}  // namespace emotion::faces
