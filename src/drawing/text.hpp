#pragma once

#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

// Text is UTF-8; what is none shows as U+FFFD. Letters come from the system's fonts, shaped as their script
// asks. Where the program was built without such fonts, or none is installed, OpenCV's own strokes write
// ASCII, and question marks for all else. Any number of threads may call these.

/// A line of text as a mask (CV_8UC1), capital letters `height` pixels high, as wide as the text and with the
/// room that letters above and below need: masks of one height have as many rows. Only to be read: others may
/// share it.
cv::Mat text_mask(const std::string& text, double height);

/// How many rows of a mask of this height lie above the line that its letters stand on.
int text_base(double height);

/// The text, or if it is wider than `width` pixels as much of its beginning as leaves room for an ellipsis.
std::string shortened_text(const std::string& text, double height, int width);

/// The letters of `text` that cannot be drawn here, each once; empty: it can.
std::string missing_letters(const std::string& text);

/// What letters are drawn with: a font's name; empty: OpenCV's strokes.
std::string font_name();

}  // namespace emotion::drawing
