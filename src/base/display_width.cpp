#include "base/display_width.hpp"

#include <algorithm>
#include <array>

namespace emotion {
namespace {

// wcwidth() knows the widths, but only in a locale of UTF-8, which the programs do not set.

struct Range {
    char32_t first, last;
};

/// Combining marks of the scripts most used, joiners and variation selectors, in order.
constexpr std::array kNoWidth = std::to_array<Range>(
    {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},    {0x5bf, 0x5bf},   {0x5c1, 0x5c2},
     {0x5c4, 0x5c5},   {0x5c7, 0x5c7},   {0x610, 0x61a},    {0x64b, 0x65f},   {0x670, 0x670},
     {0x6d6, 0x6dc},   {0x6df, 0x6e4},   {0x6e7, 0x6e8},    {0x6ea, 0x6ed},   {0x900, 0x902},
     {0x93a, 0x93a},   {0x93c, 0x93c},   {0x941, 0x948},    {0x94d, 0x94d},   {0x951, 0x957},
     {0x962, 0x963},   {0x981, 0x981},   {0x9bc, 0x9bc},    {0x9c1, 0x9c4},   {0x9cd, 0x9cd},
     {0xbc0, 0xbc0},   {0xbcd, 0xbcd},   {0xe31, 0xe31},    {0xe34, 0xe3a},   {0xe47, 0xe4e},
     {0x1160, 0x11ff}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},  {0x200b, 0x200f}, {0x202a, 0x202e},
     {0x2060, 0x2064}, {0x20d0, 0x20f0}, {0x302a, 0x302d},  {0x3099, 0x309a}, {0xfe00, 0xfe0f},
     {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0xe0100, 0xe01ef}});

/// Wide and full-width characters (Unicode Standard Annex 11), in order.
constexpr std::array kWide = std::to_array<Range>(
    {{0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},   {0x2614, 0x2615},
     {0x26bd, 0x26be},   {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2753, 0x2755},   {0x2795, 0x2797},
     {0x2b50, 0x2b50},   {0x2e80, 0x303e},   {0x3041, 0x3247},   {0x3250, 0x4dbf},   {0x4e00, 0xa4cf},
     {0xa960, 0xa97c},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},
     {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c},
     {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f8, 0x1f43e},
     {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567},
     {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc},
     {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945}, {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}});

template <std::size_t size>
bool contains(const std::array<Range, size>& ranges, char32_t character) {
    const auto range = std::lower_bound(ranges.begin(), ranges.end(), character,
                                        [](const Range& one, char32_t value) { return one.last < value; });
    return range != ranges.end() && range->first <= character;
}

struct Character {
    std::size_t bytes = 1, width = 1;
};

/// The first character of a text that is not empty.
Character first_of(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t bytes = lead >= 0xf0 ? 4u : lead >= 0xe0 ? 3u : lead >= 0xc0 ? 2u : 1u;
    if (bytes == 1 || bytes > text.size()) return {};
    char32_t character = lead & (0xffu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0u) != 0x80u) return {};
        character = (character << 6) | (byte & 0x3fu);
    }
    return {bytes, contains(kNoWidth, character) ? 0u : contains(kWide, character) ? 2u : 1u};
}

std::string blanks_to(std::string_view text, std::size_t width) {
    return std::string(width - std::min(width, display_width(text)), ' ');
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto [bytes, columns] = first_of(text);
        width += columns;
        text.remove_prefix(bytes);
    }
    return width;
}

std::string_view display_prefix(std::string_view text, std::size_t most) {
    std::size_t end = 0, width = 0;
    while (end < text.size()) {
        const auto [bytes, columns] = first_of(text.substr(end));
        if (width + columns > most) break;
        width += columns;
        end += bytes;
    }
    return text.substr(0, end);
}

std::string left_aligned(std::string_view text, std::size_t width) {
    return std::string(text) + blanks_to(text, width);
}

std::string right_aligned(std::string_view text, std::size_t width) {
    return blanks_to(text, width) + std::string(text);
}

}  // namespace emotion
