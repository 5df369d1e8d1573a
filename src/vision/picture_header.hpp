#pragma once

#include <cstdint>
#include <string_view>

namespace emotion {

struct PictureHeader {
    std::int64_t width = 0, height = 0;
    bool may_have_alpha = false;
};

/// What the first bytes of a PNG, JPEG, WebP or BMP file say of the picture, without decoding it: a small
/// file can claim a huge size. Zeros for other formats and damaged headers.
PictureHeader read_picture_header(std::string_view bytes);

}  // namespace emotion
