#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/common/source_list.hpp"
#include "apps/detector/options.hpp"
#include "apps/detector/output_plan.hpp"
#include "pipeline/detector_config.hpp"

namespace emotion::apps {

/// Prints a line on stderr.
void say(const std::string& message);

/// Whether it is live by its name; streams are only known to be once opened.
bool is_camera(const std::string& name);

/// The sources named on the command line, without those in output folders, results of them, and, if
/// requested, those already done; registers them and other inputs with `plan`. Throws ConfigError for options
/// that do not fit them.
std::vector<Source> sources_to_do(const DetectorOptions& options, const pipeline::DetectorConfig& config,
                                  OutputPlan& plan);

/// "2 of 9 sources failed: a.mp4, b.mp4"
std::string list_of_failed(const std::vector<std::string>& failed, std::size_t sources);

}  // namespace emotion::apps
