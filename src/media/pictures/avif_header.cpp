#include <algorithm>
#include <array>
#include <vector>

#include "media/iso_boxes.hpp"
#include "media/pictures/header_readers.hpp"
#include "media/stored_numbers.hpp"

namespace emotion::media {
namespace {

/// Accumulates rotations and mirrorings, as a mirroring followed by clockwise quarter turns.
class Turns {
  public:
    void turn_counterclockwise(std::int64_t quarters) { quarters_ = (quarters_ + 4 - quarters) % 4; }
    void swap_left_and_right() {
        mirrored_ = !mirrored_;
        quarters_ = (4 - quarters_) % 4;
    }
    void swap_top_and_bottom() {
        turn_counterclockwise(2);
        swap_left_and_right();
    }
    std::int64_t exif() const {
        constexpr std::array<std::array<std::int64_t, 4>, 2> kNumbers{{{1, 6, 3, 8}, {2, 7, 4, 5}}};
        return kNumbers[mirrored_][static_cast<std::size_t>(quarters_)];
    }

  private:
    bool mirrored_ = false;
    std::int64_t quarters_ = 0;
};

/// The properties of a HEIF item (ISO 23008-12), in order of application.
std::vector<Box> properties_of(std::string_view iprp, std::int64_t item) {
    std::vector<Box> all, own;
    read_boxes(box_in(iprp, "ipco"), [&](const Box& box) { all.push_back(box); });
    const auto ipma = box_in(iprp, "ipma");
    const std::size_t id_size = big_endian(ipma, 0, 1) < 1 ? 2 : 4;
    const std::size_t place_size = big_endian(ipma, 3, 1) & 1 ? 2 : 1;
    const std::int64_t place_mask = place_size == 2 ? 0x7fff : 0x7f;
    std::size_t at = 8;
    for (auto entries = big_endian(ipma, 4, 4); entries > 0 && at < ipma.size(); --entries) {
        const bool ours = big_endian(ipma, at, id_size) == item;
        auto places = big_endian(ipma, at + id_size, 1);
        for (at += id_size + 1; places > 0; --places, at += place_size) {
            const auto place = big_endian(ipma, at, place_size) & place_mask;
            if (ours && place > 0 && place <= static_cast<std::int64_t>(all.size()))
                own.push_back(all[static_cast<std::size_t>(place) - 1]);
        }
    }
    return own;
}

/// The number of pictures of an animation, which is the track of a movie; 0 if there is none.
std::int64_t pictures_in(std::string_view moov) {
    constexpr std::size_t kHandler = 8, kCount = 8;  // offsets
    std::int64_t most = 0;
    read_boxes(moov, [&](const Box& track) {
        const auto media = box_in(track.content, "mdia");
        if (track.name != "trak" || !box_in(media, "hdlr", kHandler).starts_with("pict")) return;
        const auto samples = box_in(box_in(box_in(media, "minf"), "stbl"), "stsz");
        most = std::max(most, big_endian(samples, kCount, 4));
    });
    return most;
}

}  // namespace

PictureHeader avif_header(std::string_view bytes) {
    constexpr std::size_t kVersionAndFlags = 4;
    const auto meta = box_in(bytes, "meta", kVersionAndFlags);
    const auto pitm = box_in(meta, "pitm");
    const auto item = big_endian(pitm, kVersionAndFlags, big_endian(pitm, 0, 1) < 1 ? 2 : 4);
    PictureHeader header;
    Turns turns;
    for (const auto& [name, content] : properties_of(box_in(meta, "iprp"), item)) {
        const auto first = big_endian(content, 0, 1);
        if (name == "ispe") {
            header.width = big_endian(content, kVersionAndFlags, 4);
            header.height = big_endian(content, kVersionAndFlags + 4, 4);
        } else if (name == "irot") {
            turns.turn_counterclockwise(first & 3);
        } else if (name == "imir") {
            first & 1 ? turns.swap_left_and_right() : turns.swap_top_and_bottom();
        }
    }
    header.orientation = turns.exif();
    header.pictures = std::max<std::int64_t>(1, pictures_in(box_in(bytes, "moov")));
    return header;
}

}  // namespace emotion::media
