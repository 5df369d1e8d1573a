// The settings of detection and tracking: a new one is a member of its struct and a row here.

#include "faces/settings.hpp"

namespace emotion::faces {

config::SettingsSection settings_of(HaarOptions& options) {
    return {
        "haar",
        "Finding faces: OpenCV's Haar cascade.",
        {{"cascade",
          &options.cascade,
          {},
          "Cascade file, relative to the folder of the settings; \"\": the frontal face cascade that comes "
          "with the program."},
         {"scale_factor",
          &options.scale_factor,
          {1.01, 2},
          "Ratio of one face size searched to the next; nearer to 1 finds more and takes longer."},
         {"min_neighbors",
          &options.min_neighbors,
          {0, 100},
          "More overlapping detections than this make a face; higher means fewer false faces."},
         {"weak_neighbors",
          &options.weak_neighbors,
          {0, 100},
          "More than this make a weak one: looked for where there is no other, and shown if the model knows "
          "what is no face and is sure of it."},
         {"min_face_px",
          &options.min_face_px,
          {0, 10000},
          "Side of the smallest face searched, pixels of the frame; 0: chosen by the size of the frame."},
         {"max_side_px",
          &options.max_side_px,
          {64, 10000},
          "Frames with a longer side than this are searched in a reduced copy, pixels."},
         {"tilt_deg",
          &options.tilt_deg,
          {0, 60},
          "Degrees by which heads are tilted that are looked for too; 0: upright heads alone."},
         {"full_contrast",
          &options.full_contrast,
          {0, 255},
          "Gray levels that a frame spans; flatter ones are stretched for the search; 0: none."}}};
}

config::SettingsSection settings_of(SearchOptions& options) {
    return {
        "search",
        "Searching videos at little cost: known faces near where they should be, in every frame; new ones by "
        "sweeps over the whole picture, one face size after another, spread over the frames. Seconds are "
        "those of the frames. Pictures, and the first frame of a video, are searched whole.",
        {{"sweep_s",
          &options.sweep_s,
          {0, 10},
          "Seconds that a sweep takes; 0: no sweeps, every frame is searched whole."},
         {"sweep_scale_factor",
          &options.sweep_scale_factor,
          {1.01, 2},
          "Ratio of one face size of a sweep to the next."},
         {"sweep_min_neighbors",
          &options.sweep_min_neighbors,
          {0, 100},
          "More overlapping detections than this make a new face."},
         {"tilted_sweep_s",
          &options.tilted_sweep_s,
          {0.1, 60},
          "Seconds that a sweep for tilted heads, and faces in dark parts of the picture, takes."},
         {"sudden_change",
          &options.sudden_change,
          {0, 1, true, false},
          "Share of the picture that must change at once for a sweep within one frame."},
         {"rare_s",
          &options.rare_s,
          {0, 10},
          "A frame that comes this many seconds or more after the one before is swept whole."},
         {"near_margin",
          &options.near_margin,
          {0, 2},
          "How far beyond its box a known face is looked for, in widths of the box."},
         {"near_speed",
          &options.near_speed,
          {0, 20},
          "How much farther for each second since it was last found, in widths of the box."},
         {"near_max_margin",
          &options.near_max_margin,
          {0, 2},
          "Greatest distance at which it is looked for, in widths of the box."},
         {"near_size_ratio",
          &options.near_size_ratio,
          {1, 3},
          "How many times larger or smaller it may have become."},
         {"near_min_neighbors",
          &options.near_min_neighbors,
          {0, 100},
          "More overlapping detections than this make a known face."},
         {"retry_s",
          &options.retry_s,
          {0, 10},
          "Seconds for which a lost face is looked for in all pixels of its surroundings."},
         {"retry_min_neighbors",
          &options.retry_min_neighbors,
          {0, 100},
          "More overlapping detections than this make a known face there."}}};
}

config::SettingsSection settings_of(TrackerOptions& options) {
    return {"tracker",
            "Following faces from frame to frame.",
            {{"min_iou",
              &options.min_iou,
              {0, 1, true, true},
              "Least overlap (intersection over union) with a face's last box to be that face."},
             {"keep_s",
              &options.keep_s,
              {0, 60},
              "Seconds for which a lost face keeps its number; from one searched frame to the next it always "
              "does."},
             {"carry_s",
              &options.carry_s,
              {0, 60},
              "Seconds for which a lost face is still shown where it was, at most keep_s."},
             {"smoothing_s",
              &options.smoothing_s,
              {0, 10},
              "Time constant of a still face's box, seconds; 0: none."}}};
}

void HaarOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

void SearchOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

void TrackerOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

}  // namespace emotion::faces
