#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace emotion::media {

struct PictureHeader {
    std::int64_t width = 0, height = 0;
    bool may_have_alpha = false;
    std::int64_t orientation = 1;    ///< EXIF value; for AVIF from its own boxes
    std::size_t orientation_at = 0;  ///< offset of this two-byte value; 0: none
    bool little_endian = false;      ///< of that value
    std::int64_t pictures = 1;       ///< frames of an animation, or pages
    bool pages = false;              ///< TIFF: these are pages
    bool cut_short = false;          ///< the file is truncated
    bool damaged = false;            ///< JPEG: its coded data has markers where none can be
};

/// Reads the header of a PNG, JPEG, WebP, BMP, TIFF or AVIF file without decoding, because a small file can
/// claim a huge size. Zeros for other formats, arbitrary values for damaged headers.
PictureHeader read_picture_header(std::string_view bytes);

/// Whether the file is a HEIC picture, as phones write them.
bool is_heic(std::string_view bytes);
/// Whether the file is an AVIF picture.
bool is_avif(std::string_view bytes);

}  // namespace emotion::media
