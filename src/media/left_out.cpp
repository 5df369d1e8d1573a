#include "media/left_out.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "media/iso_boxes.hpp"

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

/// What an MP4 or MOV file consists of. One in pieces begins anew without being another. A box that is cut
/// short counts, because a recording that broke off is one.
Boxes boxes_of(const std::string& file) {
    constexpr int kMostBoxes = 1000;
    std::error_code unknown;
    const std::uint64_t size = std::filesystem::file_size(file, unknown);
    Boxes boxes;
    if (unknown) return boxes;
    std::ifstream in(file, std::ios::binary);
    std::uint64_t at = 0;
    for (int number = 0; number < kMostBoxes && at < size; ++number) {
        std::array<char, BoxHead::kMaxLength> start{};
        in.clear();  // the last head may end at the end of the file
        if (!in.seekg(static_cast<std::streamoff>(at))) break;
        in.read(start.data(), start.size());
        const auto box = read_box_head({start.data(), static_cast<std::size_t>(in.gcount())}, size - at);
        if (!box) break;
        if (box->name == "moov") ++boxes.movies;
        if (box->name == "mdat") boxes.frames = true;
        if (box->name == "moof") boxes.pieces = true;
        if (boxes.pieces || !box->fits(size - at)) break;
        at += box->size;
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
    if (!file.empty() && std::string_view(container.iformat->name) == "hls" && container.duration <= 0)
        lines.emplace_back("is a playlist without an end (#EXT-X-ENDLIST); more parts are waited for");
    if (!file.empty() && std::string_view(container.iformat->name).starts_with("mov"))
        if (const int movies = boxes_of(file).movies; movies > 1)
            lines.push_back(
                "holds " + std::to_string(movies) +
                " videos one behind the other, of which the first is looked at; join MP4 files by "
                "FFmpeg's concat instead");
    return lines;
}

}  // namespace emotion::media
