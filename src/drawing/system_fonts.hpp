#pragma once

#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

/// The fonts that are installed: the system's choice for text without serifs, and for the letters that it
/// lacks what else there is. Any number of threads may use it.
class SystemFonts {
  public:
    /// The only one; null if the program was built without FreeType, HarfBuzz and Fontconfig, or if there is
    /// no font.
    static SystemFonts* installed();
    ~SystemFonts();

    /// The family that comes first.
    std::string name() const;
    /// A line of text as text_mask() gives it, with so many rows above and below the line that it stands on;
    /// letters that are too high for them are drawn smaller, and so is the whole line then.
    cv::Mat draw(const std::string& text, double height, int above, int below);
    /// The letters of `text` that no font has, each once.
    std::string missing(const std::string& text);

  private:
    class Fonts;
    explicit SystemFonts(std::unique_ptr<Fonts> fonts);
    std::unique_ptr<Fonts> fonts_;
};

}  // namespace emotion::drawing
