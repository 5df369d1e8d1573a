#include "training/report/report_html.hpp"

#include "base/base64.hpp"
#include "training/report/report_style.hpp"

namespace emotion::training {

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
        html_text(title) + "</title>\n<style>" + kReportStyle + "</style>\n</head>\n<body>\n<h1>" +
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
