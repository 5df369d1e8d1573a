#include "drawing/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "drawing/system_fonts.hpp"

namespace emotion::drawing {
namespace {

// Of a capital letter's height: room for accents above it, and for what hangs below the line.
constexpr double kAbove = 1.4, kBelow = 0.45;

int rows_above(double height) {
    return static_cast<int>(std::ceil(kAbove * height));
}

int rows_below(double height) {
    return static_cast<int>(std::ceil(kBelow * height));
}

/// Where each character of UTF-8 begins; the first byte always does.
std::vector<std::size_t> beginnings(const std::string& text) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i == 0 || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) places.push_back(i);
    return places;
}

std::string ascii_only(const std::string& text) {
    std::string plain;
    for (const auto i : beginnings(text)) plain += text[i] >= ' ' && text[i] < '\x7f' ? text[i] : '?';
    return plain;
}

/// In the strokes of OpenCV's fonts.
cv::Mat stroked(const std::string& text, double height) {
    // Drawn several times too large and reduced: they are only clean at a whole pixel's thickness.
    constexpr int kOversampling = 4;
    constexpr double kCapitalHeight = 21.0;  // of the font at scale 1
    const double scale = kOversampling * height / kCapitalHeight;
    const int thickness = std::max(1, static_cast<int>(std::lround(0.14 * kOversampling * height)));
    const auto size = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, scale, thickness, nullptr);
    const int columns = (size.width + thickness + kOversampling - 1) / kOversampling;
    cv::Mat large(kOversampling * (rows_above(height) + rows_below(height)), kOversampling * columns, CV_8UC1,
                  cv::Scalar(0));
    cv::putText(large, text, {thickness / 2, kOversampling * rows_above(height) - thickness / 2},
                cv::FONT_HERSHEY_SIMPLEX, scale, 255, thickness, cv::LINE_AA);
    cv::Mat mask;
    cv::resize(large, mask, large.size() / kOversampling, 0, 0, cv::INTER_AREA);
    return mask;
}

cv::Mat drawn_text(const std::string& text, double height) {
    if (auto* fonts = SystemFonts::installed())
        return fonts->draw(text, height, rows_above(height), rows_below(height));
    return stroked(ascii_only(text), height);
}

}  // namespace

cv::Mat text_mask(const std::string& text, double height) {
    // The same few words stand in frame after frame, and drawing them takes longer than all else does.
    constexpr std::size_t kMostKept = 256;
    thread_local std::map<std::pair<std::string, double>, cv::Mat> kept;
    if (const auto found = kept.find({text, height}); found != kept.end()) return found->second;
    if (kept.size() >= kMostKept) kept.clear();
    return kept[{text, height}] = drawn_text(text, height);
}

int text_base(double height) {
    return rows_above(height);
}

std::string shortened_text(const std::string& text, double height, int width) {
    const auto fits = [&](const std::string& part) { return text_mask(part, height).cols <= width; };
    if (fits(text)) return text;
    const std::string ellipsis = SystemFonts::installed() ? "\u2026" : "...";
    const auto places = beginnings(text);
    const auto part = [&](std::size_t characters) {
        auto begin = text.substr(0, places[characters]);
        begin.erase(begin.find_last_not_of(' ') + 1);
        return begin + ellipsis;
    };
    std::size_t least = 0, most = places.empty() ? 0 : places.size() - 1;
    while (least < most) {
        const auto middle = (least + most + 1) / 2;
        if (fits(part(middle)))
            least = middle;
        else
            most = middle - 1;
    }
    return places.empty() ? text : part(least);
}

std::string missing_letters(const std::string& text) {
    if (auto* fonts = SystemFonts::installed()) return fonts->missing(text);
    std::string missing;
    const auto places = beginnings(text);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto end = i + 1 < places.size() ? places[i + 1] : text.size();
        const auto letter = text.substr(places[i], end - places[i]);
        if (ascii_only(letter) != letter && missing.find(letter) == std::string::npos) missing += letter;
    }
    return missing;
}

std::string font_name() {
    auto* fonts = SystemFonts::installed();
    return fonts ? fonts->name() : "";
}

}  // namespace emotion::drawing
