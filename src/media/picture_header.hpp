#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace emotion::media {

struct PictureHeader {
    std::int64_t width = 0, height = 0;
    bool may_have_alpha = false;
    std::int64_t orientation = 1;    ///< as EXIF numbers it, as the file says; of AVIF by its own boxes
    std::size_t orientation_at = 0;  ///< where this number of two bytes stands; 0: nowhere
    bool little_endian = false;      ///< that number
    std::int64_t pictures = 1;       ///< frames of an animation, pages
    bool cut_short = false;          ///< the file ends before its picture does
};

/// What the bytes of a PNG, JPEG, WebP, BMP, TIFF or AVIF file say of its picture, without decoding it: a
/// small file can claim a huge size. Zeros for other formats, zeros or nonsense for damaged headers.
PictureHeader read_picture_header(std::string_view bytes);

/// Whether the file is a HEIC picture, as phones write them.
bool is_heic(std::string_view bytes);
/// Whether the file is an AVIF picture.
bool is_avif(std::string_view bytes);

}  // namespace emotion::media
