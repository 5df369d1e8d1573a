#include "pipeline/detector_config.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "config/yaml_map.hpp"

namespace emotion::pipeline {
namespace {

faces::HaarOptions read_haar(config::YamlMap map, const std::filesystem::path& folder) {
    faces::HaarOptions haar;
    haar.cascade = map.get<std::string>("cascade", "");
    if (haar.cascade.is_relative() && !haar.cascade.empty())
        haar.cascade = std::filesystem::absolute(folder / haar.cascade).lexically_normal();
    haar.scale_factor = map.get_in("scale_factor", haar.scale_factor, 1.01, 2.0);
    haar.min_neighbors = map.get_in("min_neighbors", haar.min_neighbors, 0, 100);
    haar.weak_neighbors = map.get_in("weak_neighbors", haar.weak_neighbors, 0, 100);
    haar.min_face_px = map.get_in("min_face_px", haar.min_face_px, 0, 10'000);
    haar.max_side_px = map.get_in("max_side_px", haar.max_side_px, 64, 10'000);
    haar.tilt_deg = map.get_in("tilt_deg", haar.tilt_deg, 0.0, 60.0);
    haar.full_contrast = map.get_in("full_contrast", haar.full_contrast, 0, 255);
    return haar;
}

faces::SearchOptions read_search(config::YamlMap map) {
    faces::SearchOptions search;
    search.sweep_s = map.get_in("sweep_s", search.sweep_s, 0.0, 10.0);
    search.sweep_scale_factor = map.get_in("sweep_scale_factor", search.sweep_scale_factor, 1.01, 2.0);
    search.sweep_min_neighbors = map.get_in("sweep_min_neighbors", search.sweep_min_neighbors, 0, 100);
    search.tilted_sweep_s = map.get_in("tilted_sweep_s", search.tilted_sweep_s, 0.1, 60.0);
    search.sudden_change = map.get_in("sudden_change", search.sudden_change, 0.0, 1.0);
    if (search.sudden_change == 0.0) map.fail("sudden_change", "expected a number above 0");
    search.rare_s = map.get_in("rare_s", search.rare_s, 0.0, 10.0);
    search.near_margin = map.get_in("near_margin", search.near_margin, 0.0, 2.0);
    search.near_speed = map.get_in("near_speed", search.near_speed, 0.0, 20.0);
    search.near_max_margin = map.get_in("near_max_margin", search.near_max_margin, 0.0, 2.0);
    search.near_size_ratio = map.get_in("near_size_ratio", search.near_size_ratio, 1.0, 3.0);
    search.near_min_neighbors = map.get_in("near_min_neighbors", search.near_min_neighbors, 0, 100);
    search.retry_s = map.get_in("retry_s", search.retry_s, 0.0, 10.0);
    search.retry_min_neighbors = map.get_in("retry_min_neighbors", search.retry_min_neighbors, 0, 100);
    return search;
}

faces::TrackerOptions read_tracker(config::YamlMap map) {
    faces::TrackerOptions tracker;
    tracker.min_iou = map.get_in("min_iou", tracker.min_iou, 0.0, 1.0);
    if (tracker.min_iou == 0.0 || tracker.min_iou == 1.0)
        map.fail("min_iou", "expected a number between 0 and 1");
    tracker.keep_s = map.get_in("keep_s", tracker.keep_s, 0.0, 60.0);
    tracker.carry_s = map.get_in("carry_s", tracker.carry_s, 0.0, 60.0);
    tracker.smoothing_s = map.get_in("smoothing_s", tracker.smoothing_s, 0.0, 10.0);
    return tracker;
}

SmoothingOptions read_smoothing(config::YamlMap map) {
    SmoothingOptions smoothing;
    smoothing.time_constant_s = map.get_in("time_constant_s", smoothing.time_constant_s, 0.0, 60.0);
    smoothing.hysteresis = map.get_in("hysteresis", smoothing.hysteresis, 0.0, 0.5);
    smoothing.min_hold_s = map.get_in("min_hold_s", smoothing.min_hold_s, 0.0, 60.0);
    return smoothing;
}

/// A setting with what it means above it. Numbers and texts look the same in JSON and in YAML.
template <typename T>
std::string setting(const char* meaning, const char* key, const T& value) {
    return std::string("  # ") + meaning + "\n  " + key + ": " + nlohmann::json(value).dump() + "\n";
}

}  // namespace

void DetectorConfig::validate() const {
    haar.validate();
    search.validate();
    tracker.validate();
    smoothing.validate();
}

DetectorConfig read_detector_config(const std::filesystem::path& path) {
    auto map = config::YamlMap::read_text(
        read_file(path, config::YamlMap::kMaxBytes, "settings such as config/detector.yaml"), path.string());
    DetectorConfig config;
    config.haar = read_haar(map.map("haar"), path.parent_path());
    config.search = read_search(map.map("search"));
    config.tracker = read_tracker(map.map("tracker"));
    config.smoothing = read_smoothing(map.map("smoothing"));
    map.finish();
    config.validate();
    return config;
}

std::string config_text(const DetectorConfig& config) {
    const auto& [haar, search, tracker, smoothing] = config;
    return "# How emotion-detector finds, follows and labels faces. What the model wants to see of a face "
           "and which\n"
           "# labels it knows is not set here: its card says so. What is left out keeps the value given "
           "here.\n"
           "\n"
           "# Finding faces: OpenCV's Haar cascade.\n"
           "haar:\n" +
           setting(
               "Cascade file, counted from this file's folder; \"\": the frontal face cascade that came "
               "along.",
               "cascade", haar.cascade.string()) +
           setting(
               "Ratio of one face size searched to the next, [1.01, 2]; nearer to 1 finds more and takes "
               "longer.",
               "scale_factor", haar.scale_factor) +
           setting("More overlapping finds than these make a face, [0, 100]; higher means fewer false faces.",
                   "min_neighbors", haar.min_neighbors) +
           setting(
               "And more than these a weak one: looked for where there is no other, and shown if the model "
               "knows what is no face and is sure of it.",
               "weak_neighbors", haar.weak_neighbors) +
           setting(
               "Side of the smallest face searched, pixels of the frame, [0, 10000]; 0: chosen by the frame.",
               "min_face_px", haar.min_face_px) +
           setting("Longer side from which frames are searched in a reduced copy, pixels, [64, 10000].",
                   "max_side_px", haar.max_side_px) +
           setting(
               "Degrees by which heads are tilted that are looked for too, [0, 60]; 0: upright heads alone.",
               "tilt_deg", haar.tilt_deg) +
           setting(
               "Gray levels that a frame spans; flatter ones are stretched for the search, [0, 255]; 0: "
               "none.",
               "full_contrast", haar.full_contrast) +
           "\n"
           "# Searching videos at little cost: known faces near where they should be, in every frame; new "
           "ones "
           "by\n"
           "# sweeps over all of the picture, one face size after another, spread over the frames. Seconds "
           "are those\n"
           "# of the frames. Pictures, and a video's first frame, are searched whole.\n"
           "search:\n" +
           setting("Seconds that a sweep takes, [0, 10]; 0: no sweeps, all of every frame is searched.",
                   "sweep_s", search.sweep_s) +
           setting("Ratio of one face size of a sweep to the next, [1.01, 2].", "sweep_scale_factor",
                   search.sweep_scale_factor) +
           setting("More overlapping finds than these make a new face, [0, 100].", "sweep_min_neighbors",
                   search.sweep_min_neighbors) +
           setting(
               "Seconds that a sweep for tilted heads, and faces in dark parts of the picture, takes, [0.1, "
               "60].",
               "tilted_sweep_s", search.tilted_sweep_s) +
           setting("Share of the picture that must change at once for a sweep to be done at once, (0, 1].",
                   "sudden_change", search.sudden_change) +
           setting("A frame that comes no sooner after another is swept whole, seconds, [0, 10].", "rare_s",
                   search.rare_s) +
           setting("How far beyond its box a known face is looked for, in its widths, [0, 2].", "near_margin",
                   search.near_margin) +
           setting("If in vain, so much farther for each second since it was found, [0, 20].", "near_speed",
                   search.near_speed) +
           setting("But no farther than this, [0, 2].", "near_max_margin", search.near_max_margin) +
           setting("And so much larger or smaller, [1, 3].", "near_size_ratio", search.near_size_ratio) +
           setting("More overlapping finds than these make a known face, [0, 100].", "near_min_neighbors",
                   search.near_min_neighbors) +
           setting("Seconds for which a lost face is looked for in all pixels of its surroundings, [0, 10].",
                   "retry_s", search.retry_s) +
           setting("More overlapping finds than these make a known face there, [0, 100].",
                   "retry_min_neighbors", search.retry_min_neighbors) +
           "\n"
           "# Following faces from frame to frame.\n"
           "tracker:\n" +
           setting("Least overlap (intersection over union) with a face's last box to be that face, (0, 1).",
                   "min_iou", tracker.min_iou) +
           setting(
               "Seconds for which a lost face keeps its number, [0, 60]; from one searched frame to the next "
               "it always does.",
               "keep_s", tracker.keep_s) +
           setting("Seconds for which a lost face is still shown where it was, [0, 60], at most keep_s.",
                   "carry_s", tracker.carry_s) +
           setting("Time constant of a still face's box, seconds, [0, 10]; 0: none.", "smoothing_s",
                   tracker.smoothing_s) +
           "\n"
           "# Steadying the label.\n"
           "smoothing:\n" +
           setting("Seconds after which 63 % of a change is through, [0, 60]; 0: no smoothing.",
                   "time_constant_s", smoothing.time_constant_s) +
           setting("Head start in probability of the label that is shown already, [0, 0.5].", "hysteresis",
                   smoothing.hysteresis) +
           setting("Seconds for which a label stays at least, [0, 60].", "min_hold_s", smoothing.min_hold_s);
}

}  // namespace emotion::pipeline
