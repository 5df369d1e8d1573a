#include "drawing/chart.hpp"

#include <opencv2/core.hpp>

#include "drawing/svg.hpp"
#include "drawing/text.hpp"
#include "media/pictures/picture.hpp"

namespace emotion::drawing {
namespace {

struct PixelPainter {
    cv::Mat canvas;

    void operator()(const Chart::Bar& bar) {
        const cv::Point from(cvRound(bar.place.x), cvRound(bar.place.y));
        const cv::Point to(cvRound(bar.place.br().x), cvRound(bar.place.br().y));
        fill_rounded(canvas, {from, to}, 0, bar.color);
    }
    void operator()(const Chart::Text& text) {
        const cv::Mat mask = text_mask(text.text, text.height);
        const int left = cvRound(text.at.x) - (text.ends_here ? mask.cols : 0);
        blend(canvas, mask, {left, cvRound(text.at.y) - text_base(text.height)}, text.color);
    }
    void operator()(const Chart::Picture& picture) {
        const cv::Rect place(picture.corner, picture.bgr.size());
        picture.bgr.copyTo(canvas(place));
    }
};

struct SvgPainter {
    Svg svg;

    void operator()(const Chart::Bar& bar) { svg.rectangle(bar.place, hex(bar.color)); }
    void operator()(const Chart::Text& part) {
        constexpr double kCapitalShare = 0.72;  // of the font size, in Helvetica and similar fonts
        svg.text({part.at, part.height / kCapitalShare, part.text, hex(part.color),
                  part.ends_here ? Svg::Anchor::kEnd : Svg::Anchor::kStart});
    }
    void operator()(const Chart::Picture& picture) {
        svg.picture({picture.corner, picture.bgr.size()}, media::picture_bytes(picture.bgr, ".jpg"));
    }
};

}  // namespace

cv::Mat chart_pixels(const Chart& chart) {
    PixelPainter painter{cv::Mat(chart.size, CV_8UC3, cv::Scalar::all(255))};
    for (const auto& part : chart.parts) std::visit(painter, part);
    return painter.canvas;
}

std::string chart_svg(const Chart& chart) {
    SvgPainter painter{Svg(chart.size, "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n")};
    for (const auto& part : chart.parts) std::visit(painter, part);
    return painter.svg.file();
}

}  // namespace emotion::drawing
