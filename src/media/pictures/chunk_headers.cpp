// Formats made of named chunks: PNG and WebP.

#include <algorithm>
#include <cctype>

#include "media/pictures/header_readers.hpp"
#include "media/stored_numbers.hpp"

namespace emotion::media {
namespace {

bool is_chunk_name(std::string_view name) {
    return name.size() == 4 &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalpha(c); });
}

}  // namespace

PictureHeader png_header(std::string_view bytes) {
    constexpr std::int64_t kAlphaBit = 4;
    PictureHeader header{big_endian(bytes, 16, 4), big_endian(bytes, 20, 4),
                         (big_endian(bytes, 25, 1) & kAlphaBit) != 0};
    header.cut_short = true;
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const auto length = static_cast<std::size_t>(big_endian(bytes, at, 4));
        const auto name = bytes.substr(at + 4, 4);
        if (!is_chunk_name(name) || length > bytes.size() - at - 12) break;
        const auto data = bytes.substr(at + 8, length);
        if (name == "tRNS") header.may_have_alpha = true;
        if (name == "acTL") header.pictures = std::max<std::int64_t>(1, big_endian(data, 0, 4));
        if (name == "eXIf") read_exif(data, at + 8, header);
        if (name == "IEND") {
            header.cut_short = false;
            break;
        }
        at += length + 12;
    }
    return header;
}

PictureHeader webp_header(std::string_view bytes) {
    const auto kind = bytes.substr(12, 4);
    PictureHeader header;
    if (kind == "VP8X") {
        header = {little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1,
                  (big_endian(bytes, 20, 1) & 0x10) != 0};
    } else if (kind == "VP8L") {
        const auto packed = little_endian(bytes, 21, 4);
        header = {(packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1, (packed >> 28 & 1) != 0};
    } else {
        header = {little_endian(bytes, 26, 2) & 0x3fff, little_endian(bytes, 28, 2) & 0x3fff, false};
    }
    header.cut_short = little_endian(bytes, 4, 4) + 8 > static_cast<std::int64_t>(bytes.size());
    std::int64_t frames = 0;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const auto length = static_cast<std::size_t>(little_endian(bytes, at + 4, 4));
        const auto name = bytes.substr(at, 4);
        if (name == "ANMF") ++frames;
        if (name == "EXIF") read_exif(bytes.substr(at + 8, length), at + 8, header);
        if (length > bytes.size() - at - 8) break;
        at += 8 + length + length % 2;
    }
    header.pictures = std::max<std::int64_t>(1, frames);
    return header;
}

}  // namespace emotion::media
