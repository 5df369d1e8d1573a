#include "training/report/report_html.hpp"

#include "base/base64.hpp"

namespace emotion::training {
namespace {

constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; --ink: #1c1f23; --soft: #5b646e; --paper: #ffffff; --card: #f5f7f9;
        --line: #dde2e7; --mark: #0b63b0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #a3adb8; --paper: #15181c; --card: #1f2429; --line: #343b43; --mark: #6db3f2; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 3rem; max-width: 78rem; background: var(--paper);
       color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 .4rem; padding-top: .8rem; border-top: 1px solid var(--line); }
p { margin: .3rem 0 .9rem; max-width: 46rem; }
.soft, figcaption, .tile small { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem; margin: 1rem 0; }
.tile { background: var(--card); border-radius: .6rem; padding: .7rem .9rem; }
.tile::first-letter { text-transform: uppercase; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.25; font-variant-numeric: tabular-nums; color: var(--mark); }
.tile small { display: block; font-size: .8rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem;
           align-items: start; }
.figures.small { grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); }
figure { margin: 0; background: var(--card); border-radius: .6rem; padding: .7rem; break-inside: avoid; }
figure img { display: block; width: 100%; max-width: 44rem; height: auto; margin: 0 auto; }
figure.pixels img { image-rendering: pixelated; max-width: 25rem; }
figcaption { font-size: .85rem; line-height: 1.35; margin-top: .5rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll td, .scroll th { white-space: nowrap; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .8rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
table.facts { width: 100%; table-layout: fixed; }
table.facts td { text-align: left; overflow-wrap: anywhere; }
table.facts td:first-child { width: 17rem; color: var(--soft); }
pre { background: var(--card); border-radius: .6rem; padding: .9rem; overflow-x: auto; font-size: .82rem; line-height: 1.45; }
li { overflow-wrap: anywhere; }
@media (max-width: 40rem) { table.facts td:first-child { width: 9rem; } }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --card: #fff; --line: #bbb; --mark: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  .tile, figure, pre { border: 1px solid var(--line); }
  h2 { break-after: avoid; }
  .figures { grid-template-columns: repeat(2, 1fr); }
  .figures.small { grid-template-columns: repeat(5, 1fr); }
  pre { white-space: pre-wrap; }
}
)css";

}  // namespace

std::string html_text(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += letter;
        }
    }
    return escaped;
}

HtmlPage::HtmlPage(const std::string& title, const std::string& subtitle) {
    body_ =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
        html_text(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<h1>" +
        html_text(title) + "</h1>\n<p class=\"soft\">" + html_text(subtitle) + "</p>\n";
}

void HtmlPage::section(const std::string& heading, const std::string& introduction) {
    if (in_section_) body_ += "</section>\n";
    in_section_ = true;
    body_ += "<section>\n<h2>" + html_text(heading) + "</h2>\n";
    if (!introduction.empty()) body_ += "<p>" + html_text(introduction) + "</p>\n";
}

void HtmlPage::tiles(const std::vector<Tile>& tiles) {
    body_ += "<div class=\"tiles\">\n";
    for (const auto& [name, value, note] : tiles)
        body_ += "<div class=\"tile\">" + html_text(name) + "<b>" + html_text(value) + "</b><small>" +
                 html_text(note) + "</small></div>\n";
    body_ += "</div>\n";
}

void HtmlPage::figures(const std::vector<Figure>& figures, bool small) {
    body_ += small ? "<div class=\"figures small\">\n" : "<div class=\"figures\">\n";
    for (const auto& [media_type, bytes, caption] : figures)
        body_ += std::string(media_type == "image/png" ? "<figure class=\"pixels\">" : "<figure>") +
                 "<img alt=\"" + html_text(caption) + "\" src=\"data:" + media_type + ";base64," +
                 base64(bytes) + "\"><figcaption>" + html_text(caption) + "</figcaption></figure>\n";
    body_ += "</div>\n";
}

void HtmlPage::table(const std::vector<std::string>& head,
                     const std::vector<std::vector<std::string>>& rows) {
    body_ += head.empty() ? "<table class=\"facts\">\n" : "<div class=\"scroll\"><table>\n<thead><tr>";
    for (const auto& cell : head) body_ += "<th>" + html_text(cell) + "</th>";
    if (!head.empty()) body_ += "</tr></thead>\n";
    body_ += "<tbody>\n";
    for (const auto& row : rows) {
        body_ += "<tr>";
        for (const auto& cell : row) body_ += "<td>" + html_text(cell) + "</td>";
        body_ += "</tr>\n";
    }
    body_ += head.empty() ? "</tbody></table>\n" : "</tbody></table></div>\n";
}

void HtmlPage::preformatted(const std::string& text) {
    body_ += "<pre>" + html_text(text) + "</pre>\n";
}

void HtmlPage::list(const std::vector<std::string>& items) {
    body_ += "<ul>\n";
    for (const auto& item : items) body_ += "<li>" + html_text(item) + "</li>\n";
    body_ += "</ul>\n";
}

std::string HtmlPage::text() const {
    return body_ + (in_section_ ? "</section>\n" : "") + "</body>\n</html>\n";
}

}  // namespace emotion::training
