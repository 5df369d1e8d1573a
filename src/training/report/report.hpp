#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "ml/network/graph.hpp"
#include "training/evaluation/evaluation.hpp"
#include "training/fit/training_context.hpp"

namespace emotion::training {

/// All that a report tells.
struct Report {
    std::string title;
    model::ModelCard card;
    std::optional<ml::Graph> graph;     ///< absent for models of others
    std::vector<TrainingStep> history;  ///< empty where nothing was trained
    std::string scored_on;              ///< which pictures the figures are over, as a phrase
    std::vector<ScoredFolder> scored;
    Evaluation evaluation;                                   ///< of `scored`
    std::vector<std::pair<std::string, std::string>> facts;  ///< data, seed, versions, duration ...
    std::string recipe;                                      ///< the file's text; empty: none
    std::vector<std::string> notes;
    /// A scored picture by its name, as the model saw it or larger; empty where it can no longer be had.
    std::function<cv::Mat(const std::string& name)> picture;
};

/// The files that write_report() may write into its folder, but for pictures (PNG).
std::vector<std::filesystem::path> report_files(const std::filesystem::path& folder);

/// Refuses a report that could not be written, before the long work: makes the folder and tries it. Throws
/// Error.
void prepare_report(const std::filesystem::path& folder);

/// Writes report.html, which holds everything, and beside it the plots (SVG), the pictures (PNG) and the
/// figures (metrics.json).
void write_report(const std::filesystem::path& folder, const Report& report);

}  // namespace emotion::training
