#pragma once

#include <filesystem>
#include <string>

#include "faces/settings.hpp"
#include "pipeline/label_smoother.hpp"

namespace emotion::pipeline {

/// The settings of detection, tracking and smoothing. What a model expects of a face and its labels are
/// specified by its card instead.
struct DetectorConfig {
    faces::HaarOptions haar;
    faces::SearchOptions search;
    faces::TrackerOptions tracker;
    SmoothingOptions smoothing;

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

/// Reads a file such as config/detector.yaml strictly; missing keys keep their defaults. A relative
/// haar.cascade is relative to the file's folder. Throws ConfigError naming file, line, key and what was
/// expected.
DetectorConfig read_detector_config(const std::filesystem::path& path);

/// A YAML file that reads back as `config`, with every setting explained.
std::string config_text(const DetectorConfig& config);

/// The settings with their defaults, ranges and meanings in Markdown, as included in assets/docs/options.md.
std::string settings_page();

}  // namespace emotion::pipeline
