#include "drawing/svg.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/one_line.hpp"

namespace emotion::drawing {
namespace {

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : valid_utf8(text)) {
        if (c == '<')
            result += "&lt;";
        else if (c == '&')
            result += "&amp;";
        else
            result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
    return result;
}

}  // namespace

Svg::Svg(cv::Size size, std::string_view head) {
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "font-family=\"Helvetica, Arial, sans-serif\">\n{2}",
        size.width, size.height, head);
}

void Svg::rectangle(const cv::Rect2d& place, const std::string& color, double opacity) {
    text_ +=
        fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"{}/>\n",
                    place.x, place.y, place.width, place.height, color,
                    opacity < 1.0 ? fmt::format(" opacity=\"{:.2f}\"", opacity) : "");
}

void Svg::line(const std::vector<cv::Point2d>& points, const Stroke& stroke) {
    text_ += "<polyline points=\"";
    for (const auto& point : points) text_ += fmt::format("{:.1f},{:.1f} ", point.x, point.y);
    if (!points.empty()) text_.pop_back();
    text_ +=
        fmt::format("\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:.1f}\" stroke-linejoin=\"round\"{}/>\n",
                    stroke.color, stroke.width, stroke.dashed ? " stroke-dasharray=\"6 5\"" : "");
}

void Svg::disc(const cv::Point2d& center, double radius, const std::string& color) {
    text_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\"/>\n", center.x,
                         center.y, radius, color);
}

void Svg::diamond(const cv::Point2d& center, double radius, const std::string& color) {
    const auto [x, y] = center;
    text_ += fmt::format(
        "<polygon points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\" fill=\"{}\"/>\n",
        x - radius, y, x, y - radius, x + radius, y, x, y + radius, color);
}

void Svg::text(const Text& text) {
    const char* const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    const auto turned = text.rotation_deg == 0.0 ? std::string()
                                                 : fmt::format(" transform=\"rotate({:.0f} {:.1f} {:.1f})\"",
                                                               text.rotation_deg, text.at.x, text.at.y);
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.1f}\" fill=\"{}\"{}{}>{}</text>\n",
                         text.at.x, text.at.y, text.font_size, text.color,
                         anchors[static_cast<int>(text.anchor)], turned, escaped(text.text));
}

void Svg::picture(const cv::Rect& place, const std::string& jpeg) {
    text_ += fmt::format(
        "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" href=\"data:image/jpeg;base64,{}\"/>\n", place.x,
        place.y, place.width, place.height, base64(jpeg));
}

}  // namespace emotion::drawing
