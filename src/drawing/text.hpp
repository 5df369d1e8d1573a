#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

// Text is UTF-8; invalid bytes show as U+FFFD. Glyphs come from the system's fonts, shaped for their scripts.
// If the program was built without fonts, or none is installed, OpenCV's stroke fonts draw ASCII, and
// question marks for everything else. All functions are thread-safe.

/// A line of text as a mask (CV_8UC1) with capital letters `height` pixels high, as wide as the text. All
/// masks of one height have the same number of rows, with room for accents and descenders. Do not modify it:
/// it may be shared.
cv::Mat text_mask(const std::string& text, double height);

/// The number of rows above the baseline in a mask of this height.
int text_base(double height);

/// The text or, if it is wider than `width` pixels, its beginning followed by an ellipsis.
std::string shortened_text(const std::string& text, double height, int width);

/// The characters of `text` that cannot be drawn, each once.
std::vector<std::string> missing_letters(const std::string& text);

/// The name of the font in use; empty: OpenCV's stroke fonts.
std::string font_name();

}  // namespace emotion::drawing
