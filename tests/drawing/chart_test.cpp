#include "drawing/chart.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/base64.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"

namespace chart_test {

using namespace emotion;
using namespace emotion::drawing;

namespace {

const Color kRed(0, 0, 255), kBlue(255, 0, 0), kBlack(0, 0, 0);

cv::Rect place_of(const cv::Mat& canvas, const Color& color) {
    cv::Mat found;
    cv::inRange(canvas, cv::Scalar(color), cv::Scalar(color), found);
    return cv::boundingRect(found);
}

}  // namespace

TEST_CASE("parts of a chart are drawn at their places, in order") {
    Chart chart{{100, 60}, {}};
    const cv::Mat picture(8, 9, CV_8UC3, cv::Scalar(20, 120, 20));
    chart.parts = {Chart::Bar{{10, 10, 40, 30}, kRed}, Chart::Bar{{30, 5, 10, 50}, kBlue},
                   Chart::Picture{{70, 40}, picture}};
    const auto pixels = chart_pixels(chart);
    CHECK(pixels.size() == cv::Size(100, 60));
    CHECK(pixels.at<Color>(0, 0) == Color(255, 255, 255));
    CHECK(place_of(pixels, kRed) == cv::Rect(10, 10, 40, 30));
    CHECK(place_of(pixels, kBlue) == cv::Rect(30, 5, 10, 50));
    CHECK(place_of(pixels, {20, 120, 20}) == cv::Rect(70, 40, 9, 8));
}

TEST_CASE("text of a chart is on its baseline and aligned to its anchor") {
    for (const bool ends : {false, true}) {
        Chart chart{{200, 80}, {Chart::Text{{100, 50}, 20, "HH", kBlack, ends}}};
        cv::Mat gray;
        cv::cvtColor(chart_pixels(chart), gray, cv::COLOR_BGR2GRAY);
        const auto text = cv::boundingRect(gray < 128);
        INFO(ends);
        CHECK(text.br().y == Approx(50).margin(1));
        CHECK(text.height == Approx(20).margin(3));
        CHECK((ends ? text.br().x : text.x) ==
              Approx(100).margin(8));  // includes the advance of the last letter
    }
}

TEST_CASE("a chart as SVG has the same parts, with text escaped") {
    const cv::Mat picture(8, 9, CV_8UC3, cv::Scalar(20, 120, 20));
    const Chart chart{
        {100, 60},
        {Chart::Bar{{10, 10.25, 40, 30}, {1, 2, 255}}, Chart::Text{{5, 50}, 7.2, "<a & \n b>", kBlack, true},
         Chart::Picture{{70, 40}, picture}}};
    const auto svg = chart_svg(chart);
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK_THAT(svg, ContainsSubstring("viewBox=\"0 0 100 60\""));
    CHECK_THAT(svg, ContainsSubstring("<rect x=\"10.0\" y=\"10.2\" width=\"40.0\" height=\"30.0\" "
                                      "fill=\"#ff0201\"/>"));
    CHECK_THAT(svg, ContainsSubstring("font-size=\"10.0\" fill=\"#000000\" text-anchor=\"end\">"
                                      "&lt;a &amp; ? b></text>"));
    CHECK_THAT(svg, ContainsSubstring("<image x=\"70\" y=\"40\" width=\"9\" height=\"8\" "
                                      "href=\"data:image/jpeg;base64," +
                                      base64(media::picture_bytes(picture, ".jpg"))));
}

}  // namespace chart_test
