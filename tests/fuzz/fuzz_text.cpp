#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "drawing/text.hpp"
#include "fuzz/one_line_errors.hpp"

using namespace emotion::drawing;

/// The first bytes are the height and width, the rest is a name: drawn and shortened.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const double height = 6.0 + data[0] / 8.0;
    const int room = data[1];
    const std::string text(reinterpret_cast<const char*>(data) + 2, std::min<std::size_t>(size - 2, 300));
    const auto mask = text_mask(text, height);
    emotion::expect(mask.type() == CV_8UC1 && mask.rows == text_mask("H", height).rows && mask.cols > 0,
                    "letters of another kind");
    const auto shorter = shortened_text(text, height, room);
    const int least = text_mask(shortened_text("H", height, 0), height).cols;
    emotion::expect(text_mask(shorter, height).cols <= std::max(room, least),
                    "a name that is still too long");
    emotion::expect(missing_letters(text).size() <= text.size(), "more letters than there are");
    return 0;
}
