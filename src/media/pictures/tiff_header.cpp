#include <algorithm>
#include <set>

#include "media/pictures/header_readers.hpp"
#include "media/stored_numbers.hpp"

namespace emotion::media {
namespace {

using namespace std::string_view_literals;

constexpr std::int64_t kOrientationTag = 274;

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

    /// Calls `use` with every tag of the directory, only the first time if it is repeated, as libtiff does;
    /// returns the offset of the next directory, 0 if none.
    template <typename Use>
    std::int64_t read_directory(std::int64_t directory, const Use& use) const {
        if (!holds(directory)) return 0;
        auto at = static_cast<std::size_t>(directory);
        const std::size_t entry_size = big_ ? 20 : 12;
        auto entries = number(at, big_ ? 8 : 2);
        std::set<std::int64_t> used;
        for (at += big_ ? 8 : 2; entries-- > 0 && at + entry_size <= bytes_.size(); at += entry_size)
            if (const auto tag = number(at, 2); used.insert(tag).second)
                use(Entry{tag, number(at + 2, 2), number(at + 4, wide()), at + (big_ ? 12 : 8)});
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
        constexpr std::int64_t kByte = 1, kShort = 3, kSignedByte = 6, kSignedShort = 8, kLong8 = 16,
                               kSignedLong8 = 17;
        if (type == kByte || type == kSignedByte) return 1;
        if (type == kShort || type == kSignedShort) return 2;
        return type == kLong8 || type == kSignedLong8 ? 8 : 4;
    }

    std::string_view bytes_;
    bool little_, big_;
};

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

}  // namespace

bool is_tiff(std::string_view bytes) {
    for (const auto start : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
        if (bytes.starts_with(start)) return true;
    return false;
}

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
    header.pages = true;
    return header;
}

}  // namespace emotion::media
