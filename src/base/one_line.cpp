#include "base/one_line.hpp"

#include <algorithm>

namespace emotion {

std::string_view utf8_prefix(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return text.substr(0, most);
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
