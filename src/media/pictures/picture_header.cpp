#include "media/pictures/picture_header.hpp"

#include <cstdlib>

#include "media/iso_boxes.hpp"
#include "media/pictures/header_readers.hpp"
#include "media/stored_numbers.hpp"

namespace emotion::media {

PictureHeader bmp_header(std::string_view bytes) {
    constexpr std::int64_t kOldHeader = 12;  // of OS/2, with shorter numbers
    if (little_endian(bytes, 14, 4) == kOldHeader)
        return {little_endian(bytes, 18, 2), little_endian(bytes, 20, 2), false};
    PictureHeader header{little_endian(bytes, 18, 4),
                         std::abs(std::int64_t{static_cast<std::int32_t>(little_endian(bytes, 22, 4))}),
                         false};
    const auto start = little_endian(bytes, 10, 4), bits = little_endian(bytes, 28, 2);
    const bool packed = little_endian(bytes, 30, 4) != 0;
    constexpr std::int64_t kMaxSide = 1 << 20;
    if (!packed && header.width > 0 && header.width < kMaxSide && header.height < kMaxSide)
        header.cut_short = start + (header.width * bits + 31) / 32 * 4 * header.height >
                           static_cast<std::int64_t>(bytes.size());
    return header;
}

PictureHeader read_picture_header(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG")) return png_header(bytes);
    if (bytes.starts_with("\xff\xd8")) return jpeg_header(bytes);
    if (bytes.starts_with("RIFF") && bytes.substr(0, 12).find("WEBP") == 8) return webp_header(bytes);
    if (bytes.starts_with("BM")) return bmp_header(bytes);
    if (is_tiff(bytes)) return tiff_header(bytes);
    if (is_avif(bytes)) return avif_header(bytes);
    return {};
}

bool is_avif(std::string_view bytes) {
    return has_brand(bytes, {"avif", "avis"});
}

bool is_heic(std::string_view bytes) {
    return !is_avif(bytes) && has_brand(bytes, {"heic", "heix", "heim", "heis", "hevc", "hevx"});
}

}  // namespace emotion::media
