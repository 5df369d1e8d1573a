#include "base/one_line.hpp"

#include <algorithm>

namespace emotion {

std::string one_line(std::string_view text, std::size_t longest) {
    const bool cut = text.size() > longest;
    if (cut) {
        while (longest > 0 && (static_cast<unsigned char>(text[longest]) & 0xc0) == 0x80) --longest;
        text = text.substr(0, longest);
    }
    std::string result(text);
    std::replace_if(
        result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return cut ? result + "..." : result;
}

}  // namespace emotion
