#include "drawing/drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/formatted.hpp"

namespace emotion::drawing {
namespace {

/// A palette that is distinguishable with any kind of color vision (Okabe and Ito, "Color universal design",
/// 2008), without the colors too dark for a plate.
constexpr std::array<std::array<unsigned char, 3>, 6> kPalette{{{0, 159, 230},    // orange
                                                                {233, 180, 86},   // sky blue
                                                                {66, 228, 240},   // yellow
                                                                {167, 121, 204},  // reddish purple
                                                                {115, 158, 0},    // bluish green
                                                                {0, 94, 213}}};   // vermillion

}  // namespace

Color label_color(std::size_t place) {
    const auto& bgr = kPalette[place % kPalette.size()];
    return {bgr[0], bgr[1], bgr[2]};
}

std::string hex(Color color) {
    return formatted("#%02x%02x%02x", color[2], color[1], color[0]);
}

void blend(cv::Mat& canvas, const cv::Mat& mask, cv::Point at, Color color, double opacity) {
    const cv::Rect seen = cv::Rect(at, mask.size()) & cv::Rect({}, canvas.size());
    const int strength = static_cast<int>(std::lround(opacity * 256));
    for (int y = seen.y; y < seen.br().y; ++y) {
        const auto* share = mask.ptr(y - at.y) + (seen.x - at.x);
        auto* pixel = canvas.ptr<Color>(y) + seen.x;
        for (int x = 0; x < seen.width; ++x)
            for (int channel = 0; channel < 3; ++channel) {
                const int difference = color[channel] - pixel[x][channel];
                pixel[x][channel] = static_cast<unsigned char>(
                    pixel[x][channel] + difference * share[x] * strength / (255 * 256));
            }
    }
}

void fill_rounded(cv::Mat& canvas, const cv::Rect& place, int radius, Color color, double opacity) {
    if (place.empty()) return;
    const int r = std::min({radius, (place.width - 1) / 2, (place.height - 1) / 2});
    cv::Mat mask(place.size(), CV_8UC1, cv::Scalar(0));
    const int right = place.width - 1 - r, bottom = place.height - 1 - r;
    cv::rectangle(mask, {r, 0}, {right, place.height - 1}, 255, cv::FILLED);
    cv::rectangle(mask, {0, r}, {place.width - 1, bottom}, 255, cv::FILLED);
    for (const cv::Point center : {cv::Point(r, r), {right, r}, {r, bottom}, {right, bottom}})
        cv::circle(mask, center, r, 255, cv::FILLED, cv::LINE_AA);
    blend(canvas, mask, place.tl(), color, opacity);
}

std::array<cv::Rect, 4> sides_around(const cv::Rect& inside, int thickness) {
    const auto outer = grown(inside, thickness);
    return {cv::Rect(outer.x, outer.y, outer.width, thickness),
            cv::Rect(outer.x, inside.br().y, outer.width, thickness),
            cv::Rect(outer.x, inside.y, thickness, inside.height),
            cv::Rect(inside.br().x, inside.y, thickness, inside.height)};
}

void draw_outline(cv::Mat& canvas, const cv::Rect& place, int thickness, Color color) {
    const cv::Rect frame({}, canvas.size());
    const cv::Scalar paint(color[0], color[1], color[2]);
    for (const auto& side : sides_around(place, thickness))
        if (const auto seen = side & frame; !seen.empty()) canvas(seen).setTo(paint);
}

}  // namespace emotion::drawing
