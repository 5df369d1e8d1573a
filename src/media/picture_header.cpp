#include "media/picture_header.hpp"

#include <cstddef>
#include <cstdlib>

namespace emotion::media {
namespace {

/// Big or little endian number of `count` bytes at `position`; 0 beyond the end.
std::int64_t big_endian(std::string_view bytes, std::size_t position, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value =
            value << 8 | (position + i < bytes.size() ? static_cast<unsigned char>(bytes[position + i]) : 0);
    return value;
}

std::int64_t little_endian(std::string_view bytes, std::size_t position, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | big_endian(bytes, position + i, 1);
    return value;
}

PictureHeader png_header(std::string_view bytes) {
    constexpr std::int64_t kAlphaBit = 4;
    const auto data = bytes.find("IDAT");
    const bool transparent_color = bytes.substr(0, data).find("tRNS") != std::string_view::npos;
    return {big_endian(bytes, 16, 4), big_endian(bytes, 20, 4),
            (big_endian(bytes, 25, 1) & kAlphaBit) != 0 || transparent_color};
}

PictureHeader webp_header(std::string_view bytes) {
    const auto kind = bytes.substr(12, 4);
    if (kind == "VP8X")
        return {little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1,
                (big_endian(bytes, 20, 1) & 0x10) != 0};
    if (kind == "VP8L") {
        const auto packed = little_endian(bytes, 21, 4);
        return {(packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1, (packed >> 28 & 1) != 0};
    }
    return {little_endian(bytes, 26, 2) & 0x3fff, little_endian(bytes, 28, 2) & 0x3fff, false};
}

/// Walks the segments of a JPEG file up to its frame header (SOF0 to SOF15 but DHT, JPG and DAC).
PictureHeader jpeg_header(std::string_view bytes) {
    for (std::size_t at = 2; at + 9 < bytes.size();) {
        const auto marker = big_endian(bytes, at, 2);
        if (marker >= 0xffc0 && marker <= 0xffcf && marker != 0xffc4 && marker != 0xffc8 && marker != 0xffcc)
            return {big_endian(bytes, at + 7, 2), big_endian(bytes, at + 5, 2), false};
        at += marker == 0xffff ? 1 : 2 + static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
    }
    return {};
}

/// The first picture's tags, of the classic format and of BigTIFF.
PictureHeader tiff_header(std::string_view bytes) {
    const auto number = bytes.starts_with("II") ? little_endian : big_endian;
    const bool big = number(bytes, 2, 2) == 43;
    const auto directory = number(bytes, big ? 8 : 4, big ? 8 : 4);
    if (directory < 0 || directory > static_cast<std::int64_t>(bytes.size())) return {};
    PictureHeader header;
    const std::size_t entry_size = big ? 20 : 12;
    auto at = static_cast<std::size_t>(directory);
    auto entries = number(bytes, at, big ? 8 : 2);
    for (at += big ? 8 : 2; entries-- > 0 && at + entry_size <= bytes.size(); at += entry_size) {
        constexpr std::int64_t kWidth = 256, kHeight = 257, kShort = 3, kLong8 = 16;
        const auto tag = number(bytes, at, 2), type = number(bytes, at + 2, 2);
        if (tag != kWidth && tag != kHeight) continue;
        const std::size_t value_size = type == kShort ? 2 : type == kLong8 ? 8 : 4;
        (tag == kWidth ? header.width : header.height) = number(bytes, at + (big ? 12 : 8), value_size);
    }
    return header;
}

}  // namespace

PictureHeader read_picture_header(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG")) return png_header(bytes);
    if (bytes.starts_with("\xff\xd8")) return jpeg_header(bytes);
    if (bytes.starts_with("RIFF") && bytes.substr(0, 12).find("WEBP") == 8) return webp_header(bytes);
    if (bytes.starts_with("BM"))
        return {little_endian(bytes, 18, 4),
                std::abs(std::int64_t{static_cast<std::int32_t>(little_endian(bytes, 22, 4))}), false};
    using namespace std::string_view_literals;
    for (const auto start : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
        if (bytes.starts_with(start)) return tiff_header(bytes);
    return {};
}

}  // namespace emotion::media
