#include "media/pictures/picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <opencv2/imgcodecs.hpp>  // its constants
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/frame.hpp"
#include "media/orientation.hpp"
#include "media/pictures/picture_codecs.hpp"
#include "media/pictures/picture_header.hpp"
#include "media/pictures/still_decoder.hpp"
#include "media/pictures/unsupported_format.hpp"
#include "media/quiet_stderr.hpp"

namespace emotion::media {
namespace {

constexpr std::uintmax_t kMaxBytes = 1 << 30;

bool is_too_large(const PictureHeader& header) {
    return header.width < 0 || header.height < 0 ||
           (header.height > 0 && header.width > kMaxPixels / header.height);
}

/// OpenCV reads these with GDCM, which aborts the program on damaged files.
bool is_dicom(std::string_view bytes) {
    constexpr std::size_t kPreamble = 128;
    return bytes.size() > kPreamble && bytes.substr(kPreamble).starts_with("DICM");
}

/// By magic bytes: OpenEXR, Radiance, PFM and TIFF.
bool may_hold_floats(std::string_view bytes) {
    using namespace std::string_view_literals;
    for (const auto start : {"\x76\x2f\x31\x01"sv, "#?"sv, "PF"sv, "Pf"sv, "II"sv, "MM"sv})
        if (bytes.starts_with(start)) return true;
    return false;
}

/// Radiance and OpenEXR store light, other formats of floats what a screen is given.
bool holds_linear_light(std::string_view bytes) {
    return bytes.starts_with("#?") || bytes.starts_with("\x76\x2f\x31\x01");
}

/// Encodes linear light of 0..1 as sRGB (IEC 61966-2-1); anything brighter is clipped.
cv::Mat srgb_of_light(const cv::Mat& light) {
    cv::Mat encoded;
    light.convertTo(encoded, CV_32F);
    for (int y = 0; y < encoded.rows; ++y) {
        auto* values = encoded.ptr<float>(y);
        for (int i = 0; i < encoded.cols * encoded.channels(); ++i) {
            const float value = values[i] > 0.0f ? std::min(values[i], 1.0f) : 0.0f;  // not a number: black
            values[i] = value <= 0.0031308f ? 12.92f * value : 1.055f * std::pow(value, 1.0f / 2.4f) - 0.055f;
        }
    }
    return encoded;
}

/// Floats unconverted: converting to 8 bits, OpenCV would clip them to 0 and 1. Empty if there are none.
cv::Mat decode_floats(const cv::Mat& buffer) {
    try {
        const cv::Mat picture = picture_codecs().decode(buffer, cv::IMREAD_ANYDEPTH | cv::IMREAD_ANYCOLOR);
        if (picture.depth() == CV_32F || picture.depth() == CV_64F) return picture;
    } catch (const cv::Exception& error) {
        if (error.code == cv::Error::StsNoMem) throw;
    }
    return {};
}

cv::Mat to_8_bit(const cv::Mat& picture) {
    cv::Mat result;
    switch (picture.depth()) {
        case CV_8U:
            return picture;
        case CV_16U:
            picture.convertTo(result, CV_8U, 1.0 / 257.0);
            return result;
        case CV_32F:
        case CV_64F:
            picture.convertTo(result, CV_8U, 255.0);
            return result;
        default:
            throw std::invalid_argument("a picture of type " + std::to_string(picture.type()) +
                                        ", expected 8 or 16 bits without a sign, or floats");
    }
}

cv::Mat over_mid_gray(const cv::Mat& bgra) {
    constexpr int kGray = 128;
    cv::Mat bgr(bgra.size(), CV_8UC3);
    for (int y = 0; y < bgra.rows; ++y) {
        const auto* in = bgra.ptr<cv::Vec4b>(y);
        auto* out = bgr.ptr<cv::Vec3b>(y);
        for (int x = 0; x < bgra.cols; ++x)
            for (int channel = 0; channel < 3; ++channel) {
                const int alpha = in[x][3];
                out[x][channel] =
                    static_cast<unsigned char>((in[x][channel] * alpha + kGray * (255 - alpha) + 127) / 255);
            }
    }
    return bgr;
}

/// OpenCV versions differ in which formats they rotate, so none may.
void take_orientation_out(std::string& bytes, const PictureHeader& header) {
    if (header.orientation_at == 0 || header.orientation_at + 2 > bytes.size()) return;
    bytes[header.orientation_at] = header.little_endian ? 1 : 0;
    bytes[header.orientation_at + 1] = header.little_endian ? 0 : 1;
}

/// Empty if OpenCV cannot decode it.
cv::Mat decode(const std::string& bytes, const PictureHeader& header, const std::string& name) try {
    const QuietStderr quiet;
    const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<char*>(bytes.data()));
    cv::Mat picture;
    if (may_hold_floats(bytes)) picture = decode_floats(buffer);
    if (!picture.empty() && holds_linear_light(bytes)) picture = srgb_of_light(picture);
    if (picture.empty())
        picture = picture_codecs().decode(buffer, header.may_have_alpha ? cv::IMREAD_UNCHANGED
                                                  : is_avif(bytes)
                                                      ? cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION
                                                      : cv::IMREAD_COLOR);
    return picture;
} catch (const cv::Exception& error) {  // OpenCV's message refers to its source code
    if (error.code == cv::Error::StsNoMem) throw Error(name + ": needs more memory than is available");
    return {};
}

/// For a truncated file, with missing parts in gray or black; empty if nothing can be decoded.
cv::Mat decode_what_is_there(std::string bytes, const PictureHeader& header, const std::string& name) {
    if (bytes.starts_with("\xff\xd8")) return decode(bytes + "\xff\xd9", header, name);
    if (bytes.starts_with("\x89PNG") || bytes.starts_with("RIFF")) return decode_still(mended_lengths(bytes));
    constexpr std::size_t kBytesPerPixel = 8, kMaxMissing = 16;  // relative to the data present
    const auto missing = kBytesPerPixel * static_cast<std::size_t>(header.width * header.height);
    if (missing > kMaxMissing * bytes.size()) return {};
    bytes.resize(bytes.size() + missing);
    return decode(bytes, header, name);
}

/// Says why a file is no picture that can be decoded.
[[noreturn]] void refuse(std::string_view bytes, const std::string& name) {
    constexpr std::size_t kTail = 32;
    const auto tail = bytes.substr(bytes.size() - std::min(bytes.size(), kTail));
    if (const auto format = unsupported_format(bytes, tail, name); !format.empty())
        throw Error(name + ": is a picture in the " + std::string(format) +
                    " format, which cannot be read here; convert it to PNG");
    throw Error(name +
                ": is not a picture that can be read, expected an undamaged PNG, JPEG, WebP, BMP, TIFF or "
                "another format that OpenCV knows");
}

}  // namespace

cv::Mat to_bgr(const cv::Mat& picture) {
    if (picture.empty()) throw std::invalid_argument("an empty picture, expected pixels");
    const cv::Mat bytes = to_8_bit(picture);
    cv::Mat bgr;
    switch (bytes.channels()) {
        case 1:
            cv::cvtColor(bytes, bgr, cv::COLOR_GRAY2BGR);
            return bgr;
        case 3:
            return bytes;
        case 4:
            return over_mid_gray(bytes);
        default:
            throw std::invalid_argument("a picture of " + std::to_string(bytes.channels()) +
                                        " channels, expected 1, 3 or 4");
    }
}

cv::Mat to_gray(const cv::Mat& picture) {
    if (picture.type() == CV_8UC1 && !picture.empty()) return picture;
    cv::Mat gray;
    cv::cvtColor(to_bgr(picture), gray, cv::COLOR_BGR2GRAY);
    return gray;
}

PictureFile decode_picture(std::string bytes, const std::string& name) {
    if (bytes.empty()) throw Error(name + ": is empty, expected a picture");
    if (is_dicom(bytes)) throw Error(name + ": is a DICOM file, expected a PNG, JPEG, WebP, BMP or TIFF");
    if (is_heic(bytes))
        throw Error(name + ": is a HEIC picture, which cannot be read here; convert it to JPEG or PNG");
    const auto header = read_picture_header(bytes);
    if (is_too_large(header))
        throw Error(name + ": claims " + std::to_string(header.width) + "x" + std::to_string(header.height) +
                    " pixels, expected at most " + std::to_string(kMaxPixels) + " in all");
    take_orientation_out(bytes, header);
    cv::Mat picture;
    if (header.cut_short) {
        picture = decode_what_is_there(bytes, header, name);
        if (picture.empty())
            throw Error(name + ": is cut short, the file ends before the picture does; copy it again");
    } else {
        picture = decode(bytes, header, name);
        if (picture.empty() && is_avif(bytes)) picture = decode_still(bytes);
        if (picture.empty() && header.pictures > 1 && bytes.starts_with("RIFF"))
            picture = decode(first_of_webp(bytes), header, name);
    }
    PictureFile file{{}, header.cut_short, header.pictures, header.damaged, header.pages};
    if (picture.empty() && file.damaged) throw Error(name + ": " + file.fault() + "; copy it again");
    if (picture.empty()) refuse(bytes, name);
    file.bgr = oriented(to_bgr(picture), orientation_of_exif(header.orientation));
    return file;
}

std::string PictureFile::fault() const {
    if (cut_short) return "is cut short, the file ends before the picture does";
    if (damaged) return "is damaged, its data breaks off or is garbled in the middle";
    return {};
}

PictureFile read_picture_file(const std::string& path) {
    return decode_picture(read_file(path, kMaxBytes), path);
}

cv::Mat read_picture(const std::string& path) {
    const auto picture = read_picture_file(path);
    if (const auto fault = picture.fault(); !fault.empty())
        throw Error(path + ": " + fault + "; copy it again");
    return picture.bgr;
}

std::string picture_bytes(const cv::Mat& picture, const std::string& ending) {
    std::vector<unsigned char> bytes;
    bool encoded = false;
    try {
        const QuietStderr quiet;
        encoded = picture_codecs().has_writer(ending) && picture_codecs().encode(ending, picture, bytes, {});
    } catch (const cv::Exception&) {  // OpenCV's message refers to its source code
    }
    if (!encoded)
        throw Error(std::to_string(picture.cols) + "x" + std::to_string(picture.rows) +
                    " pixels cannot be written as " + ending + ", expected another ending, such as .png");
    return {bytes.begin(), bytes.end()};
}

}  // namespace emotion::media
