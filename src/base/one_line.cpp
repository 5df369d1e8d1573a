#include "base/one_line.hpp"

#include <algorithm>

namespace emotion {
namespace {

/// The length of the UTF-8 character that a text begins with; 0: it begins with none.
std::size_t length_of_character(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first < 0xc2 || first > 0xf4 || byte(1) < least || byte(1) > most) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    return length;
}

}  // namespace

std::string_view utf8_prefix(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return text.substr(0, most);
}

std::size_t invalid_utf8_at(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto length = length_of_character(text.substr(at));
        if (length == 0) break;
        at += length;
    }
    return at;
}

std::string valid_utf8(std::string_view text) {
    std::string valid;
    while (true) {
        const auto end = invalid_utf8_at(text);
        valid += text.substr(0, end);
        if (end == text.size()) return valid;
        valid += "\xEF\xBF\xBD";
        text.remove_prefix(end + 1);
    }
}

std::string one_line(std::string_view text, std::size_t longest) {
    std::string result(utf8_prefix(text, longest));
    const bool cut = result.size() < text.size();
    std::replace_if(
        result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return cut ? result + "..." : result;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (auto& letter : result)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return result;
}

}  // namespace emotion
