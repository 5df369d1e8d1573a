#include "drawing/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "drawing/system_fonts.hpp"

namespace emotion::drawing {
namespace {

// Relative to the height of capital letters: room for accents and for descenders.
constexpr double kAbove = 1.4, kBelow = 0.45;

int rows_above(double height) {
    return static_cast<int>(std::ceil(kAbove * height));
}

int rows_below(double height) {
    return static_cast<int>(std::ceil(kBelow * height));
}

/// The offset of each UTF-8 character; the first is always 0.
std::vector<std::size_t> character_offsets(const std::string& text) {
    std::vector<std::size_t> offsets;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (i == 0 || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) offsets.push_back(i);
    return offsets;
}

std::string ascii_only(const std::string& text) {
    std::string plain;
    for (const auto i : character_offsets(text)) plain += text[i] >= ' ' && text[i] < '\x7f' ? text[i] : '?';
    return plain;
}

/// Renders text with OpenCV's stroke fonts.
cv::Mat stroked(const std::string& text, double height) {
    // Drawn several times too large and reduced, because strokes are clean only at a whole number of pixels.
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
    // The same few words appear in every frame, and rendering them takes longer than everything else.
    constexpr std::size_t kMaxCached = 256;
    thread_local std::map<std::pair<std::string, double>, cv::Mat> cache;
    if (const auto found = cache.find({text, height}); found != cache.end()) return found->second;
    if (cache.size() >= kMaxCached) cache.clear();
    return cache[{text, height}] = drawn_text(text, height);
}

int text_base(double height) {
    return rows_above(height);
}

std::string shortened_text(const std::string& text, double height, int width) {
    const auto fits = [&](const std::string& part) { return text_mask(part, height).cols <= width; };
    if (fits(text)) return text;
    const std::string ellipsis = SystemFonts::installed() ? "\u2026" : "...";
    const auto offsets = character_offsets(text);
    const auto part = [&](std::size_t characters) {
        auto begin = text.substr(0, offsets[characters]);
        begin.erase(begin.find_last_not_of(' ') + 1);
        return begin + ellipsis;
    };
    std::size_t least = 0, most = offsets.empty() ? 0 : offsets.size() - 1;
    while (least < most) {
        const auto middle = (least + most + 1) / 2;
        if (fits(part(middle)))
            least = middle;
        else
            most = middle - 1;
    }
    return offsets.empty() ? text : part(least);
}

std::vector<std::string> missing_letters(const std::string& text) {
    if (auto* fonts = SystemFonts::installed()) return fonts->missing(text);
    std::vector<std::string> missing;
    const auto offsets = character_offsets(text);
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const auto end = i + 1 < offsets.size() ? offsets[i + 1] : text.size();
        const auto letter = text.substr(offsets[i], end - offsets[i]);
        if (ascii_only(letter) != letter && std::ranges::count(missing, letter) == 0)
            missing.push_back(letter);
    }
    return missing;
}

std::string font_name() {
    auto* fonts = SystemFonts::installed();
    return fonts ? fonts->name() : "";
}

}  // namespace emotion::drawing
