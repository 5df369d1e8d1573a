#pragma once

#include <string>

#include "apps/detector/options.hpp"
#include "model/model_card.hpp"

namespace emotion::apps {

/// Letters that no installed font has, by script, each followed by what to install on Debian. Empty for no
/// letters.
std::string fonts_for(const std::string& letters);

/// Reports on stderr, in one line, which letters of the labels this run draws are in no installed font.
void report_missing_letters(const DetectorOptions& options, const model::ModelCard& card);

}  // namespace emotion::apps
