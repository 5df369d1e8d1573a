#pragma once

#include <memory>

#include "faces/face_detector.hpp"

namespace emotion::faces {

/// How a video is searched at little cost. In every frame each known face is looked for near where it should
/// be, in a reduced copy of its surroundings, and in all their pixels when it is not found so. A sweep looks
/// for new faces in all of the picture, one size of face after another, spread over the frames; places that
/// it finds are searched again as a search of all of the frame would. After a cut it is done in one frame.
/// Seconds are those of the frames.
struct SearchOptions {
    double sweep_s = 0.35;  ///< [0, 10]: a sweep takes so long; 0: no sweeps, all of every frame is searched
    double sweep_scale_factor = 1.3;  ///< [1.01, 2]: ratio of one face size of a sweep to the next
    int sweep_min_neighbors = 4;      ///< [0, 100]: more overlapping finds than these make a new face
    double tilted_sweep_s = 3.0;      ///< [0.1, 60]: the same for tilted heads and faces in dark parts
    double sudden_change = 0.05;      ///< (0, 1]: share of the picture that changes at a cut
    double rare_s = 0.06;             ///< [0, 10]: frames that come no sooner after another are swept whole
    double near_margin = 0.1;         ///< [0, 2]: how far beyond its box a face is looked for, in its widths
    double near_speed = 2.0;  ///< [0, 20]: if in vain, so much farther for each second since it was found
    double near_max_margin = 0.6;  ///< [0, 2]: but no farther than this
    double near_size_ratio = 1.2;  ///< [1, 3]: and so much larger or smaller
    int near_min_neighbors = 1;    ///< [0, 100]: more overlapping finds than these make a known face
    double retry_s = 0.5;          ///< [0, 10]: a face lost for no longer is looked for in all pixels
    int retry_min_neighbors = 2;   ///< [0, 100]: more overlapping finds than these make a known face there

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// A Haar detector whose detect_next() costs a fraction of detect(). Throws as make_haar_detector() does.
std::unique_ptr<FaceDetector> make_face_search(const HaarOptions& haar, const SearchOptions& search);

}  // namespace emotion::faces
