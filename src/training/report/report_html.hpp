#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emotion::training {

/// Escapes HTML markup.
std::string html_text(std::string_view text);

/// Builds a self-contained HTML page section by section, for wide and narrow windows, light and dark mode,
/// and printing. Text is escaped; pictures are embedded.
class HtmlPage {
  public:
    HtmlPage(const std::string& title, const std::string& subtitle);

    void section(const std::string& heading, const std::string& introduction = {});
    struct Tile {
        std::string name, value, note;
    };
    /// Prominent metrics.
    void tiles(const std::vector<Tile>& tiles);
    struct Figure {
        std::string media_type;  ///< "image/svg+xml" or "image/png"
        std::string bytes;
        std::string caption;
    };
    /// Figures side by side where there is room, more per row if `small`.
    void figures(const std::vector<Figure>& figures, bool small = false);
    /// The first column contains row headings.
    void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
    void preformatted(const std::string& text);
    void list(const std::vector<std::string>& items);

    std::string text() const;

  private:
    std::string body_;
    bool in_section_ = false;
};

}  // namespace emotion::training
