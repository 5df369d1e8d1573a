#pragma once

#include <memory>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

/// The installed fonts: the system's default sans-serif, with other fonts as fallbacks for missing glyphs.
/// Thread-safe.
class SystemFonts {
  public:
    /// The only instance; null if the program was built without FreeType, HarfBuzz and Fontconfig, or if no
    /// font is installed.
    static SystemFonts* installed();
    ~SystemFonts();

    /// The family of the first font.
    std::string name() const;
    /// Renders a line of text as for text_mask(), with `above` and `below` rows around the baseline. If
    /// glyphs are too high, the whole line is drawn smaller.
    cv::Mat draw(const std::string& text, double height, int above, int below);
    /// The characters of `text` that no font has, each once.
    std::vector<std::string> missing(const std::string& text);

  private:
    class Fonts;
    explicit SystemFonts(std::unique_ptr<Fonts> fonts);
    std::unique_ptr<Fonts> fonts_;
};

}  // namespace emotion::drawing
