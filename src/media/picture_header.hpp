#pragma once

#include <cstdint>
#include <string_view>

namespace emotion::media {

struct PictureHeader {
    std::int64_t width = 0, height = 0;
    bool may_have_alpha = false;
};

/// What a PNG, JPEG, WebP, BMP or TIFF file says of its picture, without decoding it: a small file can claim
/// a huge size. Zeros for other formats, zeros or nonsense for damaged headers.
PictureHeader read_picture_header(std::string_view bytes);

}  // namespace emotion::media
