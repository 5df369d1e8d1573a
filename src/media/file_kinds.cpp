#include "media/file_kinds.hpp"

#include <algorithm>
#include <array>
#include <stop_token>
#include <string_view>
#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/sources.hpp"
#include "media/video/video_decoder.hpp"

namespace emotion::media {
namespace {

constexpr std::array<std::string_view, 68> kMedia{
    ".3g2",  ".3gp",  ".3gpp", ".asf",  ".avi",  ".avif",  ".bmp",  ".dib",  ".divx", ".dv",   ".exr", ".f4v",
    ".flv",  ".gif",  ".hdr",  ".heic", ".heif", ".ivf",   ".jfif", ".jp2",  ".jpe",  ".jpeg", ".jpg", ".jpm",
    ".m2t",  ".m2ts", ".m2v",  ".m4v",  ".mj2",  ".mjpeg", ".mjpg", ".mk3d", ".mkv",  ".mov",  ".mp4", ".mpe",
    ".mpeg", ".mpg",  ".mpv",  ".mts",  ".mxf",  ".nut",   ".nsv",  ".ogm",  ".ogv",  ".pbm",  ".pfm", ".pgm",
    ".png",  ".pnm",  ".ppm",  ".qt",   ".ras",  ".rm",    ".rmvb", ".tif",  ".tiff", ".tod",  ".trp", ".ts",
    ".vob",  ".vro",  ".webm", ".webp", ".wmv",  ".wtv",   ".xvid", ".y4m"};

/// Extensions of other files that are common next to videos and pictures.
constexpr std::array<std::string_view, 24> kOther{
    ".aac", ".aup", ".csv", ".db",  ".doc", ".docx", ".flac", ".htm", ".html", ".ini", ".json", ".jsonl",
    ".log", ".m4a", ".md",  ".mp3", ".pdf", ".srt",  ".txt",  ".vtt", ".wav",  ".xml", ".yaml", ".zip"};

bool holds_video(const std::filesystem::path& file) try {
    const std::stop_token never;
    const VideoDecoder decoder(file.string(), false, never);
    return true;
} catch (const Error&) {
    return false;
}

}  // namespace

bool is_media_file(const std::filesystem::path& file) {
    const auto ending = lower_ending(file);
    if (std::find(kMedia.begin(), kMedia.end(), ending) != kMedia.end()) return true;
    if (std::find(kOther.begin(), kOther.end(), ending) != kOther.end()) return false;
    std::error_code failed;
    return std::filesystem::is_regular_file(file, failed) && (is_picture_file(file) || holds_video(file));
}

}  // namespace emotion::media
