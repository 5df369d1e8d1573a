#include "media/iso_boxes.hpp"

#include <algorithm>

#include "media/stored_numbers.hpp"

namespace emotion::media {

std::optional<BoxHead> read_box_head(std::string_view bytes, std::uint64_t left) {
    constexpr std::uint64_t kShort = 8, kLong = 16;
    constexpr std::uint64_t kToTheEnd = 0, kLongSize = 1;  // instead of a size
    if (bytes.size() < kShort || left < kShort) return std::nullopt;
    BoxHead head{bytes.substr(4, 4), kShort, static_cast<std::uint64_t>(big_endian(bytes, 0, 4))};
    if (head.size == kLongSize) {
        head.length = kLong;
        head.size = static_cast<std::uint64_t>(big_endian(bytes, 8, 8));
    } else if (head.size == kToTheEnd) {
        head.size = left;
    }
    return head;
}

std::string_view box_in(std::string_view bytes, std::string_view name, std::size_t skipped) {
    std::string_view found;
    read_boxes(bytes, [&](const Box& box) {
        if (found.empty() && box.name == name && box.content.size() >= skipped)
            found = box.content.substr(skipped);
    });
    return found;
}

bool has_brand(std::string_view bytes, std::initializer_list<std::string_view> brands) {
    constexpr std::size_t kMainBrand = 8, kFurtherBrands = 16, kBrand = 4;
    const auto head = read_box_head(bytes, bytes.size());
    if (!head || head->name != "ftyp") return false;
    const auto end = std::min<std::uint64_t>(head->size, bytes.size());
    for (std::size_t at = kMainBrand; at + kBrand <= end; at = std::max(at + kBrand, kFurtherBrands))
        if (std::find(brands.begin(), brands.end(), bytes.substr(at, kBrand)) != brands.end()) return true;
    return false;
}

}  // namespace emotion::media
