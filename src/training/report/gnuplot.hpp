#pragma once

#include <string>

namespace emotion::training {

/// Throws ConfigError that says what to install where gnuplot is not found in PATH. Meant for before the long
/// work whose figures are to be drawn.
void require_gnuplot();

/// What a gnuplot script writes to its standard output. Throws Error with gnuplot's own complaint.
std::string run_gnuplot(const std::string& script);

/// A text as a gnuplot string in which nothing is special.
std::string gnuplot_string(const std::string& text);

}  // namespace emotion::training
