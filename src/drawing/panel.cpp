#include "drawing/panel.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <opencv2/core.hpp>

#include "drawing/drawing.hpp"
#include "drawing/text.hpp"

namespace emotion::drawing {
namespace {

const Color kText(245, 245, 245);

/// The height of capital letters in pixels.
double text_height(cv::Size canvas) {
    return std::clamp(0.02 * std::min(canvas.width, canvas.height), 8.0, 48.0);
}

std::vector<cv::Mat> broken_lines(const std::vector<std::string>& lines, double height, int width) {
    std::vector<cv::Mat> masks;
    const auto add = [&](const std::string& part) {
        masks.push_back(text_mask(shortened_text(part, height, std::max(0, width)), height));
    };
    for (const auto& line : lines) {
        cv::Mat whole = text_mask(line, height);
        if (whole.cols <= width) {
            masks.push_back(whole);
            continue;
        }
        std::istringstream words(line);
        std::string part;
        for (std::string word; words >> word;) {
            const auto longer = part.empty() ? word : part + ' ' + word;
            if (!part.empty() && text_mask(longer, height).cols > width) {
                add(part);
                part = word;
            } else {
                part = longer;
            }
        }
        add(part);
    }
    return masks;
}

}  // namespace

cv::Rect draw_panel(cv::Mat& canvas, const std::vector<std::string>& lines, PanelPlace place, int above) {
    const double height = text_height(canvas.size());
    const int padding = static_cast<int>(std::lround(0.8 * height)), gap = padding / 2;
    const auto texts = broken_lines(lines, height, canvas.cols - 4 * padding);
    cv::Size size(0, 2 * padding - gap);
    for (const auto& text : texts) {
        size.width = std::max(size.width, text.cols + 2 * padding);
        size.height += text.rows + gap;
    }
    const int right = canvas.cols - padding - size.width;
    const int bottom = canvas.rows - padding - size.height - above;
    cv::Point corner(padding, bottom);
    if (place == PanelPlace::kTopRight) corner = {right, padding};
    if (place == PanelPlace::kBottom) corner = {(canvas.cols - size.width) / 2, bottom};
    if (place == PanelPlace::kCenter)
        corner = {(canvas.cols - size.width) / 2, (canvas.rows - size.height) / 2};

    const cv::Rect panel(corner, size);
    fill_rounded(canvas, panel, padding, kPlateColor, kPlateOpacity);
    corner += cv::Point(padding, padding);
    for (const auto& text : texts) {
        blend(canvas, text, corner, kText);
        corner.y += text.rows + gap;
    }
    return panel;
}

void dim(cv::Mat& canvas) {
    canvas.convertTo(canvas, -1, 0.4);
}

}  // namespace emotion::drawing
