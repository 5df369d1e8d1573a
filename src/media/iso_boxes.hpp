#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace emotion::media {

/// The head of a box of the ISO base media file format (ISO 14496-12), of which MP4, MOV, AVIF and HEIC files
/// consist.
struct BoxHead {
    static constexpr std::size_t kMaxLength = 16;

    std::string_view name;     ///< four characters
    std::uint64_t length = 0;  ///< of the head
    std::uint64_t size = 0;    ///< of head and content

    /// Whether the box is valid and ends within the `left` bytes from its start on.
    bool fits(std::uint64_t left) const { return size >= length && size <= left; }
};

/// Reads the head at the start of `bytes`, of which kMaxLength suffice; `left` is the number of bytes from
/// there to the end of what contains the box. nullopt if there are too few for a head.
std::optional<BoxHead> read_box_head(std::string_view bytes, std::uint64_t left);

/// A box in memory.
struct Box {
    std::string_view name, content;
};

/// Calls `use` with every complete box in `bytes`, in order.
template <typename Use>
void read_boxes(std::string_view bytes, const Use& use) {
    while (const auto head = read_box_head(bytes, bytes.size())) {
        if (!head->fits(bytes.size())) return;
        const auto length = static_cast<std::size_t>(head->length);
        const auto size = static_cast<std::size_t>(head->size);
        use(Box{head->name, bytes.substr(length, size - length)});
        bytes.remove_prefix(size);
    }
}

/// The content of the first box of this name, without its first `skipped` bytes; empty if missing.
std::string_view box_in(std::string_view bytes, std::string_view name, std::size_t skipped = 0);

/// Whether a file, of which at least the start is given, has one of these brands.
bool has_brand(std::string_view bytes, std::initializer_list<std::string_view> brands);

}  // namespace emotion::media
