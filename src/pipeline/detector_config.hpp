#pragma once

#include <filesystem>
#include <string>

#include "faces/face_detector.hpp"
#include "faces/face_search.hpp"
#include "faces/face_tracker.hpp"
#include "pipeline/label_smoother.hpp"

namespace emotion::pipeline {

/// How faces are found, followed and labelled. What a model wants to see of a face and which labels it knows
/// is not here but in its card.
struct DetectorConfig {
    faces::HaarOptions haar;
    faces::SearchOptions search;
    faces::TrackerOptions tracker;
    SmoothingOptions smoothing;

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// Reads a file such as config/detector.yaml strictly; what it leaves out keeps its default. A relative
/// haar.cascade counts from the file's folder. Throws ConfigError naming file, line, key and what was
/// expected.
DetectorConfig read_detector_config(const std::filesystem::path& path);

/// A file that reads back as `config`, every setting explained.
std::string config_text(const DetectorConfig& config);

}  // namespace emotion::pipeline
