#pragma once

#include <string>
#include <vector>

#include "apps/detector/window.hpp"
#include "model/model_card.hpp"
#include "results/output_table.hpp"

namespace emotion::apps {

/// Letters that no installed font has, by script, each followed by what to install on Debian. Empty for no
/// letters.
std::string fonts_for(const std::vector<std::string>& letters);

/// Reports on stderr, in one line, which letters of the labels that a run with these outputs draws are in no
/// installed font. `display`: where it may open a window; null: nowhere.
void report_missing_letters(const results::OutputTargets& outputs, Display* display,
                            const model::ModelCard& card);

}  // namespace emotion::apps
