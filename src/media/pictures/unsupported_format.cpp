#include "media/pictures/unsupported_format.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "base/files.hpp"
#include "media/stored_numbers.hpp"

namespace emotion::media {
namespace {

bool is_one_of(std::int64_t value, std::initializer_list<std::int64_t> values) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

/// ZSoft's PCX: version, encoding and bits per plane follow the magic byte.
bool is_pcx(std::string_view start) {
    return big_endian(start, 0, 1) == 0x0a && is_one_of(big_endian(start, 1, 1), {0, 2, 3, 4, 5}) &&
           big_endian(start, 2, 1) == 1 && is_one_of(big_endian(start, 3, 1), {1, 2, 4, 8});
}

/// Silicon Graphics' image file format: compression, bytes per channel and dimensions follow the magic bytes.
bool is_sgi(std::string_view start) {
    return big_endian(start, 0, 2) == 0x01da && is_one_of(big_endian(start, 2, 1), {0, 1}) &&
           is_one_of(big_endian(start, 3, 1), {1, 2}) && is_one_of(big_endian(start, 4, 2), {1, 2, 3});
}

/// Truevision's TGA: color map, kind of picture, size and bits per pixel.
bool has_tga_header(std::string_view start) {
    return big_endian(start, 1, 1) <= 1 && is_one_of(big_endian(start, 2, 1), {1, 2, 3, 9, 10, 11}) &&
           little_endian(start, 12, 2) > 0 && little_endian(start, 14, 2) > 0 &&
           is_one_of(big_endian(start, 16, 1), {8, 15, 16, 24, 32});
}

bool is_named_tga(const std::string& name) {
    constexpr std::array<std::string_view, 4> kEndings{".icb", ".tga", ".vda", ".vst"};
    return std::find(kEndings.begin(), kEndings.end(), lower_ending(name)) != kEndings.end();
}

}  // namespace

std::string_view unsupported_format(std::string_view start, std::string_view tail, const std::string& name) {
    if (start.starts_with("DDS ")) return "DDS";
    if (start.starts_with("8BPS")) return "PSD";
    if (is_sgi(start)) return "SGI";
    if (is_pcx(start)) return "PCX";
    const bool signed_as_tga = tail.find("TRUEVISION-XFILE") != std::string_view::npos;
    if (has_tga_header(start) && (signed_as_tga || is_named_tga(name))) return "TGA";
    return {};
}

}  // namespace emotion::media
