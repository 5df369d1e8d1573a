#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace emotion::media {

/// The number of `count` bytes, at most 8, stored at `position` with its highest byte first; bytes beyond the
/// end are 0.
inline std::int64_t big_endian(std::string_view bytes, std::size_t position, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = position; i < position + count; ++i)
        value = value << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
    return static_cast<std::int64_t>(value);
}

/// The same with its lowest byte first.
inline std::int64_t little_endian(std::string_view bytes, std::size_t position, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = position + count; i-- > position;)
        value = value << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
    return static_cast<std::int64_t>(value);
}

}  // namespace emotion::media
