#pragma once

#include <nlohmann/json.hpp>

#include "training/report/report.hpp"
#include "training/report/report_figures.hpp"

namespace emotion::training {

/// The contents of a report's metrics.json; undefined values are null.
nlohmann::ordered_json report_metrics(const Report& report, const ReportFigures& figures);

}  // namespace emotion::training
