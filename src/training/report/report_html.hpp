#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emotion::training {

/// A text in which nothing is markup.
std::string html_text(std::string_view text);

/// One HTML page that needs no other file, section by section: it reads on wide and narrow windows, light and
/// dark, and prints. Texts are escaped here; pictures are embedded.
class HtmlPage {
  public:
    HtmlPage(const std::string& title, const std::string& subtitle);

    void section(const std::string& heading, const std::string& introduction = {});
    struct Tile {
        std::string name, value, note;
    };
    /// Figures that stand out.
    void tiles(const std::vector<Tile>& tiles);
    struct Figure {
        std::string media_type;  ///< "image/svg+xml" or "image/png"
        std::string bytes;
        std::string caption;
    };
    /// Side by side where there is room; `small` ones many in a row.
    void figures(const std::vector<Figure>& figures, bool small = false);
    /// The first column is the rows' names.
    void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
    void preformatted(const std::string& text);
    void list(const std::vector<std::string>& items);

    std::string text() const;

  private:
    std::string body_;
    bool in_section_ = false;
};

}  // namespace emotion::training
