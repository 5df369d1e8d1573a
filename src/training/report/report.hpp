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

/// The contents of a report.
struct Report {
    std::string title;
    model::ModelCard card;
    std::optional<ml::Graph> graph;     ///< absent for foreign models
    std::vector<TrainingStep> history;  ///< empty without training
    std::string scored_on;              ///< the evaluated pictures, as a phrase
    std::vector<ScoredFolder> scored;
    Evaluation evaluation;                                   ///< of `scored`
    std::vector<std::pair<std::string, std::string>> facts;  ///< data, seed, versions, duration ...
    std::string recipe;                                      ///< the file's text; empty: none
    std::vector<std::string> notes;
    /// A scored picture by name, as the model saw it or larger; empty if no longer available.
    std::function<cv::Mat(const std::string& name)> picture;
};

/// The files that write_report() may write into the folder, except pictures (PNG).
std::vector<std::filesystem::path> report_files(const std::filesystem::path& folder);

/// Creates the folder and checks that it is writable, before the long work. Throws Error.
void prepare_report(const std::filesystem::path& folder);

/// Writes report.html, which is self-contained, and next to it the plots (SVG), pictures (PNG) and metrics
/// (metrics.json).
void write_report(const std::filesystem::path& folder, const Report& report);

}  // namespace emotion::training
