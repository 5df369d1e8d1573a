#pragma once

#include <string>

namespace emotion::pipeline {

/// The settings with their defaults, ranges and meanings in Markdown, as assets/docs/options.md holds them.
std::string settings_page();

}  // namespace emotion::pipeline
