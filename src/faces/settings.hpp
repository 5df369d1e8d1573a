#pragma once

#include <filesystem>

#include "config/settings.hpp"

namespace emotion::faces {

// A setting is a member of a struct and a row of the function below it, which holds its range and meaning.
// `./run settings` then writes config/detector.yaml.

/// Haar cascade detection, in OpenCV's terms.
struct HaarOptions {
    std::filesystem::path cascade;
    double scale_factor = 1.1;
    int min_neighbors = 5;
    int weak_neighbors = 2;  ///< if enabled by FaceDetector::allow_weak()
    int min_face_px = 0;     ///< 0: 1/16 of the frame's shorter side
    int max_side_px = 640;
    /// If there is no upright face, also search for heads tilted by about this angle to either side, for
    /// faces cut by the frame and for faces in dark parts; 0: do not.
    double tilt_deg = 35.0;
    int full_contrast = 128;
};

/// The rows of the options in the table of settings; valid as long as the options are.
inline config::SettingsSection settings_of(HaarOptions& options) {
    config::SettingsSection section{"haar", "Face detection with OpenCV's Haar cascade.", {}};
    section.add("cascade", options.cascade, {},
                "Cascade file, relative to the folder of the settings file; \"\": the frontal face cascade "
                "that comes with the program.");
    section.add(
        "scale_factor", options.scale_factor, {1.01, 2},
        "Ratio between one searched face size and the next; closer to 1 finds more and takes longer.");
    section.add("min_neighbors", options.min_neighbors, {0, 100},
                "A face needs more overlapping detections than this; higher means fewer false faces.");
    section.add("weak_neighbors", options.weak_neighbors, {0, 100},
                "A weak detection needs more than this; used where there is no other, and shown only if the "
                "model has a class not_a_face and is sure that this is a face.");
    section.add(
        "min_face_px", options.min_face_px, {0, 10000},
        "Side of the smallest face to search for, in pixels of the frame; 0: depends on the frame size.");
    section.add("max_side_px", options.max_side_px, {64, 10000},
                "Frames with a longer side than this, in pixels, are searched in a reduced copy.");
    section.add("tilt_deg", options.tilt_deg, {0, 60},
                "Heads tilted by this many degrees are searched for too; 0: only upright heads.");
    section.add("full_contrast", options.full_contrast, {0, 255},
                "Frames that span fewer gray levels than this are stretched for the search; 0: never.");
    return section;
}

/// How to search a video efficiently. In every frame each known face is searched for near its predicted
/// position, in a reduced copy of its surroundings, then at full resolution if it is not detected. A sweep
/// searches the whole picture for new faces, one face size after another, spread over the frames; candidates
/// are verified by a full search of their surroundings. After a cut a sweep is completed in one frame. Times
/// are those of the frames.
struct SearchOptions {
    double sweep_s = 0.35;
    double sweep_scale_factor = 1.3;
    int sweep_min_neighbors = 4;
    double tilted_sweep_s = 3.0;
    double sudden_change = 0.05;
    double rare_s = 0.06;
    double near_margin = 0.1;
    double near_speed = 2.0;
    double near_max_margin = 0.6;
    double near_size_ratio = 1.2;
    int near_min_neighbors = 1;
    double retry_s = 0.5;
    int retry_min_neighbors = 2;
};

/// As for HaarOptions.
inline config::SettingsSection settings_of(SearchOptions& options) {
    config::SettingsSection section{
        "search",
        "Cheap search in videos. Known faces are searched near their expected position in every frame. New "
        "faces are found by sweeps over the whole picture, one face size after another, spread over the "
        "frames. Seconds are those of the video. Single pictures and the first frame of a video get a full "
        "search.",
        {}};
    section.add("sweep_s", options.sweep_s, {0, 10},
                "Duration of a sweep in seconds; 0: no sweeps, every frame gets a full search.");
    section.add("sweep_scale_factor", options.sweep_scale_factor, {1.01, 2},
                "Ratio between one face size of a sweep and the next.");
    section.add("sweep_min_neighbors", options.sweep_min_neighbors, {0, 100},
                "A new face needs more overlapping detections than this.");
    section.add(
        "tilted_sweep_s", options.tilted_sweep_s, {0.1, 60},
        "Duration in seconds of a sweep for tilted heads and for faces in dark parts of the picture.");
    section.add("sudden_change", options.sudden_change, {0, 1, true, false},
                "If this share of the picture changes at once, the whole sweep is done in one frame.");
    section.add(
        "rare_s", options.rare_s, {0, 10},
        "If a frame comes this many seconds or more after the one before, the whole sweep is done in it.");
    section.add("near_margin", options.near_margin, {0, 2},
                "How far beyond its box a known face is searched for, in box widths.");
    section.add("near_speed", options.near_speed, {0, 20},
                "How much farther for each second since it was last found, in box widths.");
    section.add("near_max_margin", options.near_max_margin, {0, 2},
                "Maximum distance at which it is searched for, in box widths.");
    section.add("near_size_ratio", options.near_size_ratio, {1, 3},
                "How many times larger or smaller it may have become.");
    section.add("near_min_neighbors", options.near_min_neighbors, {0, 100},
                "A known face needs more overlapping detections than this.");
    section.add("retry_s", options.retry_s, {0, 10},
                "How long, in seconds, a lost face is searched for in its surroundings at full resolution.");
    section.add("retry_min_neighbors", options.retry_min_neighbors, {0, 100},
                "A lost face needs more overlapping detections than this in that search.");
    return section;
}

/// How faces are followed from frame to frame.
struct TrackerOptions {
    double min_iou = 0.3;
    double keep_s = 1.5;
    double carry_s = 0.2;
    double smoothing_s = 0.2;
};

/// As for HaarOptions.
inline config::SettingsSection settings_of(TrackerOptions& options) {
    config::SettingsSection section{"tracker", "Tracking faces from frame to frame.", {}};
    section.add(
        "min_iou", options.min_iou, {0, 1, true, true},
        "Minimum overlap (intersection over union) with a face's last box to count as the same face.");
    section.add(
        "keep_s", options.keep_s, {0, 60},
        "How long, in seconds, a lost face keeps its number; it always does until the next searched frame.");
    section.add("carry_s", options.carry_s, {0, 60},
                "How long, in seconds, a lost face is still shown in its last place; at most keep_s.");
    section.add("smoothing_s", options.smoothing_s, {0, 10},
                "Time constant for smoothing the box of a still face, in seconds; 0: no smoothing.");
    return section;
}

}  // namespace emotion::faces
