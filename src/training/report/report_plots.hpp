#pragma once

#include <string>
#include <utility>
#include <vector>

#include "training/evaluation/vote_figures.hpp"
#include "training/fit/training_context.hpp"
#include "training/report/report_figures.hpp"

namespace emotion::training {

// Plots of a report as SVG, with light foreground if the reader prefers dark mode.

/// Training and, if available, validation loss over epochs.
std::string loss_plot(const std::vector<TrainingStep>& history);
/// Training and, if available, validation accuracy over epochs.
std::string accuracy_plot(const std::vector<TrainingStep>& history);

/// Rows are true classes, colored by share of the row, with counts.
std::string confusion_plot(const ml::ConfusionMatrix& matrix, const std::vector<std::string>& classes);

/// ROC curves (recall over false positive rate) with the thresholds in use as points.
std::string roc_plot(const std::vector<ClassCurve>& curves);
/// Precision over recall, likewise.
std::string precision_recall_plot(const std::vector<ClassCurve>& curves);

/// The share of people who agree with each label over its probability.
std::string agreement_plot(const VoteFigures& votes);

/// Accuracy over confidence, with the frequency of each.
std::string reliability_plot(const ReportFigures& figures);

}  // namespace emotion::training
