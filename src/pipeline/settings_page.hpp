#pragma once

#include <string>

namespace emotion::pipeline {

/// The settings with their defaults, ranges and meanings in Markdown, as included in assets/docs/options.md.
std::string settings_page();

}  // namespace emotion::pipeline
