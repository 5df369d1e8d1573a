#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "media/sinks.hpp"

namespace emotion::media {
namespace {

constexpr VideoFormat kMp4{"mp4", {"libx264", "libopenh264", "h264_videotoolbox", "mpeg4"}, false, true};
constexpr VideoFormat kMov{"mov", {"libx264", "libopenh264", "h264_videotoolbox", "mpeg4"}, false, true};
constexpr VideoFormat kMatroska{
    "matroska", {"libx264", "libopenh264", "h264_videotoolbox", "mpeg4"}, false, false};
constexpr VideoFormat kAvi{"avi", {"mpeg4"}, true, false};

constexpr std::array<std::pair<std::string_view, const VideoFormat*>, 5> kVideoEndings{
    {{".mp4", &kMp4}, {".m4v", &kMp4}, {".mov", &kMov}, {".mkv", &kMatroska}, {".avi", &kAvi}}};
constexpr std::array<std::string_view, 8> kPictureEndings{".png", ".jpg",  ".jpeg", ".webp",
                                                          ".bmp", ".tiff", ".tif",  ".ppm"};

const VideoFormat* video_format(const std::string& ending) {
    for (const auto& [known, format] : kVideoEndings)
        if (ending == known) return format;
    return nullptr;
}

std::string known_endings() {
    std::string text;
    for (const auto& [ending, format] : kVideoEndings) text.append(text.empty() ? "" : ", ").append(ending);
    return text + " for a video, " + join(kPictureEndings) + " for a picture";
}

}  // namespace

void FrameSink::write(double, const DecodedPicture&) {
    throw std::invalid_argument("a decoded picture, expected one in BGR");
}

bool is_picture_name(const std::filesystem::path& target) {
    return std::ranges::find(kPictureEndings, lower_ending(target)) != kPictureEndings.end();
}

void check_output_name(const std::filesystem::path& target) {
    const auto ending = lower_ending(target);
    if (!video_format(ending) && !is_picture_name(target))
        throw ConfigError(target.string() + ": the ending " +
                          (ending.empty() ? "is missing" : ending + " is unknown") + ", expected " +
                          known_endings());
}

std::unique_ptr<FrameSink> make_file_sink(const std::filesystem::path& target, const SourceInfo& info,
                                          WarningHandler warn) {
    check_output_name(target);
    if (const auto* format = video_format(lower_ending(target)))
        return make_video_sink(target, *format, info, std::move(warn));
    if (info.kind != SourceKind::kPicture || info.frames > 1)
        throw Error(target.string() + ": one picture cannot hold the frames of " + info.name + ", expected " +
                    known_endings());
    return make_picture_sink(target);
}

}  // namespace emotion::media
