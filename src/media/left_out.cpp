#include "media/left_out.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>

namespace emotion::media {
namespace {

/// Covers and thumbnails are no videos; the variants of a playlist are one.
int videos_in(const AVFormatContext& container, const AVStream& looked_at) {
    const std::string_view kind = container.iformat->name;
    if (kind == "hls" || kind == "dash") return 1;
    int videos = 1;
    for (unsigned i = 0; i < container.nb_streams; ++i) {
        const auto& stream = *container.streams[i];
        const bool still =
            stream.nb_frames == 1 ||
            (stream.disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS));
        if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && stream.index != looked_at.index && !still)
            ++videos;
    }
    return videos;
}

struct Boxes {
    int movies = 0;  ///< indexes of movies: moov
    bool frames = false, pieces = false;
};

/// What an MP4 or MOV file consists of. One in pieces begins anew without being another.
Boxes boxes_of(const std::string& file) {
    constexpr int kMostBoxes = 1000;
    std::ifstream in(file, std::ios::binary);
    Boxes boxes;
    std::uint64_t at = 0;
    for (int box = 0; box < kMostBoxes && in.seekg(static_cast<std::streamoff>(at)); ++box) {
        std::array<char, 16> head{};
        if (!in.read(head.data(), head.size())) break;
        const auto number = [&](std::size_t from, std::size_t bytes) {
            std::uint64_t value = 0;
            for (std::size_t i = from; i < from + bytes; ++i)
                value = value << 8 | static_cast<unsigned char>(head[i]);
            return value;
        };
        const std::string_view name(head.data() + 4, 4);
        const auto size = number(0, 4) == 1 ? number(8, 8) : number(0, 4);
        if (name == "moov") ++boxes.movies;
        if (name == "mdat") boxes.frames = true;
        if (name == "moof") boxes.pieces = true;
        constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
        if (boxes.pieces || size < 8 || size > kMost - at) break;
        at += size;
    }
    return boxes;
}

}  // namespace

bool is_movie_without_index(const std::string& file) {
    const auto boxes = boxes_of(file);
    return boxes.frames && boxes.movies == 0 && !boxes.pieces;
}

std::vector<std::string> left_out(const AVFormatContext& container, const AVStream& looked_at,
                                  const std::string& file) {
    std::vector<std::string> lines;
    if (const int videos = videos_in(container, looked_at); videos > 1)
        lines.push_back("holds " + std::to_string(videos) + " videos side by side, of which the one of " +
                        std::to_string(looked_at.codecpar->width) + "x" +
                        std::to_string(looked_at.codecpar->height) +
                        " is looked at; FFmpeg's -map 0:v:N takes out another");
    if (!file.empty() && std::string_view(container.iformat->name).starts_with("mov"))
        if (const int movies = boxes_of(file).movies; movies > 1)
            lines.push_back(
                "holds " + std::to_string(movies) +
                " videos one behind the other, of which the first is looked at; join MP4 files by "
                "FFmpeg's concat instead");
    return lines;
}

}  // namespace emotion::media
