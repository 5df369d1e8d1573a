#pragma once

#include <string>
#include <utility>
#include <vector>

#include "training/evaluation/vote_figures.hpp"
#include "training/fit/training_context.hpp"
#include "training/report/report_figures.hpp"

namespace emotion::training {

// The plots of a report, each the text of an SVG file; their lines and letters are light where the reader
// prefers dark.

/// Loss over the epochs, of the training and, where there are such figures, of the validation pictures.
std::string loss_plot(const std::vector<TrainingStep>& history);
/// The same of the share of right answers.
std::string accuracy_plot(const std::vector<TrainingStep>& history);

/// Truth in rows, coloured by the share of the row, with counts.
std::string confusion_plot(const ml::ConfusionMatrix& matrix, const std::vector<std::string>& classes);

/// Recall over the share of false alarms for each class (ROC), with the thresholds in use as points.
std::string roc_plot(const std::vector<ClassCurve>& curves);
/// Precision over recall for each class, likewise.
std::string precision_recall_plot(const std::vector<ClassCurve>& curves);

/// The share of people who say each label over the probability it was given.
std::string agreement_plot(const VoteFigures& votes);

/// The share of right answers over the confidence they were given with, and how often each is given.
std::string reliability_plot(const ReportFigures& figures);

}  // namespace emotion::training
