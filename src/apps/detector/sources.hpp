#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/common/source_list.hpp"
#include "apps/detector/options.hpp"
#include "apps/detector/output_plan.hpp"
#include "pipeline/detector_config.hpp"

namespace emotion::apps {

/// One line on stderr.
void say(const std::string& message);

/// The sources that the command line names, but for those that lie in folders of outputs, and those that are
/// done if they are to be skipped; `plan` protects them all, and what else is read.
std::vector<Source> sources_to_do(const DetectorOptions& options, const pipeline::DetectorConfig& config,
                                  OutputPlan& plan);

/// "2 of 9 sources failed: a.mp4, b.mp4"
std::string list_of_failed(const std::vector<std::string>& failed, std::size_t sources);

}  // namespace emotion::apps
