#pragma once

#include <string>
#include <utility>
#include <vector>

#include "training/report_figures.hpp"
#include "training/training_run.hpp"

namespace emotion {

/// The plots of a report as SVG files, drawn by gnuplot; their lines and letters are light where the reader
/// prefers dark. All throw Error if gnuplot fails.

/// Training and, where there are such figures, validation over the epochs.
std::string loss_plot(const std::vector<TrainingStep>& history);
std::string accuracy_plot(const std::vector<TrainingStep>& history);

/// Truth in rows, coloured by the share of the row, with counts.
std::string confusion_plot(const ml::ConfusionMatrix& matrix, const std::vector<std::string>& classes);

std::string roc_plot(const std::vector<ClassCurve>& curves);
std::string precision_recall_plot(const std::vector<ClassCurve>& curves);

/// The share of right answers over the confidence they were given with, and how often each is given.
std::string reliability_plot(const ReportFigures& figures);

}  // namespace emotion
