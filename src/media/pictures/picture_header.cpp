#include "media/pictures/picture_header.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <vector>

namespace emotion::media {
namespace {

using namespace std::string_view_literals;

/// A big- or little-endian number of `count` bytes at `position`; 0 beyond the end.
std::int64_t big_endian(std::string_view bytes, std::size_t position, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value =
            value << 8 | (position + i < bytes.size() ? static_cast<unsigned char>(bytes[position + i]) : 0);
    return value;
}

std::int64_t little_endian(std::string_view bytes, std::size_t position, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | big_endian(bytes, position + i, 1);
    return value;
}

bool is_tiff(std::string_view bytes) {
    for (const auto start : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
        if (bytes.starts_with(start)) return true;
    return false;
}

/// The structure of TIFF files and EXIF data, in classic format and BigTIFF.
class Tiff {
  public:
    /// A tag of a directory.
    struct Entry {
        std::int64_t tag = 0, type = 0, count = 0;
        std::size_t value_at = 0;  ///< offset of its value or values
    };

    explicit Tiff(std::string_view bytes)
        : bytes_(bytes), little_(bytes.starts_with("II")), big_(number(2, 2) == 43) {}

    bool little() const { return little_; }
    std::int64_t number(std::size_t at, std::size_t size) const {
        return little_ ? little_endian(bytes_, at, size) : big_endian(bytes_, at, size);
    }
    std::int64_t first_directory() const { return number(big_ ? 8 : 4, wide()); }
    bool holds(std::int64_t at) const { return at > 0 && at < static_cast<std::int64_t>(bytes_.size()); }

    /// Calls `use` with every tag of the directory; returns the offset of the next, 0 if none.
    template <typename Use>
    std::int64_t read_directory(std::int64_t directory, const Use& use) const {
        if (!holds(directory)) return 0;
        auto at = static_cast<std::size_t>(directory);
        const std::size_t entry_size = big_ ? 20 : 12;
        auto entries = number(at, big_ ? 8 : 2);
        for (at += big_ ? 8 : 2; entries-- > 0 && at + entry_size <= bytes_.size(); at += entry_size)
            use(Entry{number(at, 2), number(at + 2, 2), number(at + 4, wide()), at + (big_ ? 12 : 8)});
        return entries < 0 ? number(at, wide()) : 0;
    }

    /// One of the entry's integers; 0 if missing.
    std::int64_t value(const Entry& entry, std::int64_t index = 0) const {
        const auto size = size_of(entry.type);
        const bool inside = static_cast<std::uint64_t>(entry.count) <= wide() / size;
        const auto start =
            inside ? static_cast<std::int64_t>(entry.value_at) : number(entry.value_at, wide());
        if (index < 0 || index >= entry.count || start < 0) return 0;
        const auto at = static_cast<std::uint64_t>(start) + static_cast<std::uint64_t>(index) * size;
        return at < bytes_.size() ? number(at, size) : 0;
    }

  private:
    std::size_t wide() const { return big_ ? 8 : 4; }
    static std::size_t size_of(std::int64_t type) {
        constexpr std::int64_t kByte = 1, kShort = 3, kLong8 = 16;
        return type == kByte ? 1 : type == kShort ? 2 : type == kLong8 ? 8 : 4;
    }

    std::string_view bytes_;
    bool little_, big_;
};

constexpr std::int64_t kOrientationTag = 274;

/// Reads the orientation from EXIF data at offset `start` of the file.
void read_exif(std::string_view exif, std::size_t start, PictureHeader& header) {
    constexpr auto kPrefix = "Exif\0\0"sv;
    if (exif.starts_with(kPrefix)) {
        exif.remove_prefix(kPrefix.size());
        start += kPrefix.size();
    }
    if (!is_tiff(exif) || header.orientation_at) return;
    const Tiff tiff(exif);
    tiff.read_directory(tiff.first_directory(), [&](const Tiff::Entry& entry) {
        if (entry.tag != kOrientationTag) return;
        header.orientation = tiff.value(entry);
        header.orientation_at = start + entry.value_at;
        header.little_endian = tiff.little();
    });
}

bool is_chunk_name(std::string_view name) {
    return name.size() == 4 &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalpha(c); });
}

PictureHeader png_header(std::string_view bytes) {
    constexpr std::int64_t kAlphaBit = 4;
    PictureHeader header{big_endian(bytes, 16, 4), big_endian(bytes, 20, 4),
                         (big_endian(bytes, 25, 1) & kAlphaBit) != 0};
    header.cut_short = true;
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const auto length = static_cast<std::size_t>(big_endian(bytes, at, 4));
        const auto name = bytes.substr(at + 4, 4);
        if (!is_chunk_name(name) || length > bytes.size() - at - 12) break;
        const auto data = bytes.substr(at + 8, length);
        if (name == "tRNS") header.may_have_alpha = true;
        if (name == "acTL") header.pictures = std::max<std::int64_t>(1, big_endian(data, 0, 4));
        if (name == "eXIf") read_exif(data, at + 8, header);
        if (name == "IEND") {
            header.cut_short = false;
            break;
        }
        at += length + 12;
    }
    return header;
}

PictureHeader webp_header(std::string_view bytes) {
    const auto kind = bytes.substr(12, 4);
    PictureHeader header;
    if (kind == "VP8X") {
        header = {little_endian(bytes, 24, 3) + 1, little_endian(bytes, 27, 3) + 1,
                  (big_endian(bytes, 20, 1) & 0x10) != 0};
    } else if (kind == "VP8L") {
        const auto packed = little_endian(bytes, 21, 4);
        header = {(packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1, (packed >> 28 & 1) != 0};
    } else {
        header = {little_endian(bytes, 26, 2) & 0x3fff, little_endian(bytes, 28, 2) & 0x3fff, false};
    }
    header.cut_short = little_endian(bytes, 4, 4) + 8 > static_cast<std::int64_t>(bytes.size());
    std::int64_t frames = 0;
    for (std::size_t at = 12; at + 8 <= bytes.size();) {
        const auto length = static_cast<std::size_t>(little_endian(bytes, at + 4, 4));
        const auto name = bytes.substr(at, 4);
        if (name == "ANMF") ++frames;
        if (name == "EXIF") read_exif(bytes.substr(at + 8, length), at + 8, header);
        if (length > bytes.size() - at - 8) break;
        at += 8 + length + length % 2;
    }
    header.pictures = std::max<std::int64_t>(1, frames);
    return header;
}

/// The offset of the next marker after a scan's coded data.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
    for (at = bytes.find('\xff', at); at != std::string_view::npos; at = bytes.find('\xff', at + 1)) {
        const auto marker = big_endian(bytes, at + 1, 1);
        const bool of_the_scan = marker == 0 || (marker >= 0xd0 && marker <= 0xd7) || marker == 0xff;
        if (!of_the_scan && at + 1 < bytes.size()) return at;
    }
    return bytes.size();
}

/// Scans the segments of a JPEG file to its end; frame headers are SOF0 to SOF15 except DHT, JPG and DAC.
PictureHeader jpeg_header(std::string_view bytes) {
    PictureHeader header;
    for (std::size_t at = 2; at + 1 < bytes.size();) {
        if (bytes[at] != '\xff') {  // decoders skip to the next marker
            at = std::min(bytes.find('\xff', at), bytes.size());
            continue;
        }
        const auto marker = big_endian(bytes, at + 1, 1);
        constexpr std::int64_t kEnd = 0xd9, kScan = 0xda, kExif = 0xe1;
        if (marker == kEnd) return header;
        const bool alone = marker <= 1 || (marker >= 0xd0 && marker <= 0xd8) || marker == 0xff;
        if (alone) {
            at += marker == 0xff ? 1 : 2;
            continue;
        }
        const auto length = static_cast<std::size_t>(big_endian(bytes, at + 2, 2));
        const bool frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (frame && header.width == 0) {
            header.width = big_endian(bytes, at + 7, 2);
            header.height = big_endian(bytes, at + 5, 2);
        }
        if (marker == kExif && at + 4 < bytes.size())
            read_exif(bytes.substr(at + 4, std::max<std::size_t>(length, 2) - 2), at + 4, header);
        at += 2 + length;
        if (marker == kScan) at = end_of_scan(bytes, std::min(at, bytes.size()));
    }
    header.cut_short = true;
    return header;
}

/// Whether all strips or tiles of a directory end within the file.
bool are_there(const Tiff& tiff, const Tiff::Entry& places, const Tiff::Entry& lengths, std::size_t size) {
    const auto count = std::min(places.count, lengths.count);
    for (std::int64_t i = 0; i < std::min(count, static_cast<std::int64_t>(size)); ++i) {
        const auto end = static_cast<std::uint64_t>(tiff.value(places, i)) +
                         static_cast<std::uint64_t>(tiff.value(lengths, i));
        if (end > size) return false;
    }
    return true;
}

PictureHeader tiff_header(std::string_view bytes) {
    constexpr std::int64_t kSubfile = 254, kWidth = 256, kHeight = 257, kStrips = 273, kStripLengths = 279,
                           kTiles = 324, kTileLengths = 325;
    const Tiff tiff(bytes);
    PictureHeader header;
    auto directory = tiff.first_directory();
    header.cut_short = directory > 0 && !tiff.holds(directory);
    std::int64_t pages = 0;
    std::size_t tags = 0;  // directories of a damaged file may form a cycle
    for (int number = 0; tiff.holds(directory) && tags < bytes.size() / 8; ++number) {
        Tiff::Entry strips, strip_lengths, tiles, tile_lengths;
        bool reduced = false;
        ++tags;
        directory = tiff.read_directory(directory, [&](const Tiff::Entry& entry) {
            ++tags;
            if (entry.tag == kSubfile) reduced = (tiff.value(entry) & 1) != 0;
            if (entry.tag == kStrips) strips = entry;
            if (entry.tag == kStripLengths) strip_lengths = entry;
            if (entry.tag == kTiles) tiles = entry;
            if (entry.tag == kTileLengths) tile_lengths = entry;
            if (number > 0) return;
            if (entry.tag == kWidth) header.width = tiff.value(entry);
            if (entry.tag == kHeight) header.height = tiff.value(entry);
            if (entry.tag != kOrientationTag) return;
            header.orientation = tiff.value(entry);
            header.orientation_at = entry.value_at;
            header.little_endian = tiff.little();
        });
        if (!reduced) ++pages;
        if (number == 0)
            header.cut_short = !are_there(tiff, strips, strip_lengths, bytes.size()) ||
                               !are_there(tiff, tiles, tile_lengths, bytes.size());
    }
    header.pictures = std::max<std::int64_t>(1, pages);
    return header;
}

PictureHeader bmp_header(std::string_view bytes) {
    constexpr std::int64_t kOldHeader = 12;  // of OS/2, with shorter numbers
    if (little_endian(bytes, 14, 4) == kOldHeader)
        return {little_endian(bytes, 18, 2), little_endian(bytes, 20, 2), false};
    PictureHeader header{little_endian(bytes, 18, 4),
                         std::abs(std::int64_t{static_cast<std::int32_t>(little_endian(bytes, 22, 4))}),
                         false};
    const auto start = little_endian(bytes, 10, 4), bits = little_endian(bytes, 28, 2);
    const bool packed = little_endian(bytes, 30, 4) != 0;
    constexpr std::int64_t kMaxSide = 1 << 20;
    if (!packed && header.width > 0 && header.width < kMaxSide && header.height < kMaxSide)
        header.cut_short = start + (header.width * bits + 31) / 32 * 4 * header.height >
                           static_cast<std::int64_t>(bytes.size());
    return header;
}

/// A box of the ISO base media file format.
struct Box {
    std::string_view name, content;
};

/// Calls `use` with every complete box in `bytes`, in order.
template <typename Use>
void read_boxes(std::string_view bytes, const Use& use) {
    constexpr std::size_t kHead = 8, kLongHead = 16;
    while (bytes.size() >= kHead) {
        auto size = static_cast<std::uint64_t>(big_endian(bytes, 0, 4));
        auto head = kHead;
        if (size == 1) {
            size = static_cast<std::uint64_t>(big_endian(bytes, 8, 8));
            head = kLongHead;
        }
        if (size == 0) size = bytes.size();  // extends to the end
        if (size < head || size > bytes.size()) return;
        use(Box{bytes.substr(4, 4), bytes.substr(head, static_cast<std::size_t>(size) - head)});
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
}

/// The content of the first box of this name, without its first `skipped` bytes; empty if missing.
std::string_view box_in(std::string_view bytes, std::string_view name, std::size_t skipped = 0) {
    std::string_view found;
    read_boxes(bytes, [&](const Box& box) {
        if (found.empty() && box.name == name && box.content.size() >= skipped)
            found = box.content.substr(skipped);
    });
    return found;
}

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
    return header;
}

/// Whether an ISO base media file has one of these brands.
bool has_brand(std::string_view bytes, std::initializer_list<std::string_view> brands) {
    if (bytes.size() < 12 || bytes.substr(4, 4) != "ftyp") return false;
    const auto length =
        std::min<std::size_t>(static_cast<std::size_t>(big_endian(bytes, 0, 4)), bytes.size());
    for (std::size_t at = 8; at + 4 <= length; at += at == 8 ? 8 : 4)
        if (std::find(brands.begin(), brands.end(), bytes.substr(at, 4)) != brands.end()) return true;
    return false;
}

}  // namespace

PictureHeader read_picture_header(std::string_view bytes) {
    if (bytes.starts_with("\x89PNG")) return png_header(bytes);
    if (bytes.starts_with("\xff\xd8")) return jpeg_header(bytes);
    if (bytes.starts_with("RIFF") && bytes.substr(0, 12).find("WEBP") == 8) return webp_header(bytes);
    if (bytes.starts_with("BM")) return bmp_header(bytes);
    if (is_tiff(bytes)) return tiff_header(bytes);
    if (is_avif(bytes)) return avif_header(bytes);
    return {};
}

bool is_avif(std::string_view bytes) {
    return has_brand(bytes, {"avif", "avis"});
}

bool is_heic(std::string_view bytes) {
    return !is_avif(bytes) && has_brand(bytes, {"heic", "heix", "heim", "heis", "hevc", "hevx"});
}

}  // namespace emotion::media
