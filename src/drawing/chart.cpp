#include "drawing/chart.hpp"

#include <cmath>
#include <cstdint>
#include <string_view>

#include <opencv2/core.hpp>

#include "base/base64.hpp"
#include "base/formatted.hpp"
#include "media/picture.hpp"

namespace emotion::drawing {
namespace {

class PixelPainter {
  public:
    explicit PixelPainter(cv::Size size) : canvas_(size, CV_8UC3, cv::Scalar::all(255)) {}

    void operator()(const Chart::Bar& bar) {
        const cv::Point from(cvRound(bar.place.x), cvRound(bar.place.y));
        const cv::Point to(cvRound(bar.place.br().x), cvRound(bar.place.br().y));
        fill_rounded(canvas_, {from, to}, 0, bar.color);
    }
    void operator()(const Chart::Text& text) {
        const cv::Mat mask = text_mask(text.text, text.height), base = text_mask("H", text.height);
        // The foot of the capitals, wherever the font's room below begins.
        cv::Mat rows;
        cv::reduce(base, rows, 1, cv::REDUCE_MAX);
        int foot = rows.rows - 1;
        while (foot > 0 && rows.at<std::uint8_t>(foot) < 128) --foot;
        const int left = cvRound(text.at.x) - (text.ends_here ? mask.cols : 0);
        blend(canvas_, mask, {left, cvRound(text.at.y) - foot - 1}, text.color);
    }
    void operator()(const Chart::Picture& picture) {
        const cv::Rect place(picture.corner, picture.bgr.size());
        picture.bgr.copyTo(canvas_(place));
    }

    const cv::Mat& canvas() const { return canvas_; }

  private:
    cv::Mat canvas_;
};

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '<')
            result += "&lt;";
        else if (c == '&')
            result += "&amp;";
        else
            result += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
    return result;
}

std::string hex(Color bgr) {
    return formatted("#%02x%02x%02x", bgr[2], bgr[1], bgr[0]);
}

struct SvgWriter {
    std::string text;

    void operator()(const Chart::Bar& bar) {
        text +=
            formatted("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n",
                      bar.place.x, bar.place.y, bar.place.width, bar.place.height, hex(bar.color).c_str());
    }
    void operator()(const Chart::Text& part) {
        constexpr double kCapitalShare = 0.72;  // of a font's size, in Helvetica and its like
        text += formatted("<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" fill=\"%s\"%s>", part.at.x,
                          part.at.y, part.height / kCapitalShare, hex(part.color).c_str(),
                          part.ends_here ? " text-anchor=\"end\"" : "") +
                escaped(part.text) + "</text>\n";
    }
    void operator()(const Chart::Picture& picture) {
        text +=
            formatted("<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" href=\"data:image/jpeg;base64,",
                      picture.corner.x, picture.corner.y, picture.bgr.cols, picture.bgr.rows) +
            base64(media::picture_bytes(picture.bgr, ".jpg")) + "\"/>\n";
    }
};

}  // namespace

cv::Mat chart_pixels(const Chart& chart) {
    PixelPainter painter(chart.size);
    for (const auto& part : chart.parts) std::visit([&](const auto& any) { painter(any); }, part);
    return painter.canvas();
}

std::string chart_svg(const Chart& chart) {
    SvgWriter writer;
    writer.text = formatted(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
        "font-family=\"Helvetica, Arial, sans-serif\">\n<rect width=\"100%%\" height=\"100%%\" "
        "fill=\"white\"/>\n",
        chart.size.width, chart.size.height, chart.size.width, chart.size.height);
    for (const auto& part : chart.parts) std::visit([&](const auto& any) { writer(any); }, part);
    return writer.text + "</svg>\n";
}

}  // namespace emotion::drawing
