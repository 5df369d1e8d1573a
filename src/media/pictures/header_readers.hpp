#pragma once

#include <cstddef>
#include <string_view>

#include "media/pictures/picture_header.hpp"

namespace emotion::media {

// The readers behind read_picture_header(), one for each format, which must begin with its magic bytes.

PictureHeader png_header(std::string_view bytes);
PictureHeader webp_header(std::string_view bytes);
PictureHeader jpeg_header(std::string_view bytes);
PictureHeader bmp_header(std::string_view bytes);
PictureHeader tiff_header(std::string_view bytes);
PictureHeader avif_header(std::string_view bytes);

/// Whether the bytes begin as a TIFF file, or as EXIF data without a prefix.
bool is_tiff(std::string_view bytes);

/// Reads the orientation from EXIF data at offset `start` of the file, unless the header has one.
void read_exif(std::string_view exif, std::size_t start, PictureHeader& header);

}  // namespace emotion::media
