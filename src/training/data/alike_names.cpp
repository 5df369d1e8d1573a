#include "training/data/alike_names.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <string_view>

#include "base/one_line.hpp"

namespace emotion::training {
namespace {

/// Lower-case letters with an accent, each followed by the letter that a combining mark turns into it
/// (Unicode's canonical decompositions).
struct Accent {
    char32_t mark;
    std::u32string_view letters;
};
constexpr std::array<Accent, 13> kAccents{{{0x300, U"àaèeìiòoùu"},
                                           {0x301, U"áaéeíióoúuýyćcĺlńnŕrśsźz"},
                                           {0x302, U"âaêeîiôoûuĉcĝgĥhĵjŝsŵwŷy"},
                                           {0x303, U"ãañnõoĩiũu"},
                                           {0x304, U"āaēeīiōoūu"},
                                           {0x306, U"ăaĕeğgĭiŏoŭuйи"},
                                           {0x307, U"ċcėeġgżz"},
                                           {0x308, U"äaëeïiöoüuÿyёеїі"},
                                           {0x30a, U"åaůu"},
                                           {0x30b, U"őoűu"},
                                           {0x30c, U"čcďděeľlňnřršsťtžz"},
                                           {0x327, U"çcģgķkļlņnŗrşsţt"},
                                           {0x328, U"ąaęeįiųu"}}};

bool is_between(char32_t value, char32_t least, char32_t most) {
    return value >= least && value <= most;
}

char32_t lower_case(char32_t letter) {
    const bool latin = is_between(letter, 'A', 'Z') || (is_between(letter, 0xc0, 0xde) && letter != 0xd7);
    const bool greek = is_between(letter, 0x391, 0x3a9), cyrillic = is_between(letter, 0x410, 0x42f);
    if (latin || greek || cyrillic) return letter + 0x20;
    if (is_between(letter, 0x400, 0x40f)) return letter + 0x50;
    if (letter == 0x178) return 0xff;
    // Latin Extended-A has pairs of upper and lower case, of which the upper is first.
    if (is_between(letter, 0x139, 0x148) || is_between(letter, 0x179, 0x17e)) return letter + letter % 2;
    const bool single = letter == 0x130 || letter == 0x131 || letter == 0x138 || letter == 0x149;
    return is_between(letter, 0x100, 0x177) && !single ? letter | 1 : letter;
}

void add_decomposed(char32_t letter, std::u32string& text) {
    for (const auto& [mark, letters] : kAccents)
        for (std::size_t i = 0; i < letters.size(); i += 2)
            if (letters[i] == letter) {
                text += letters[i + 1];
                text += mark;
                return;
            }
    text += letter;
}

std::string_view without_blanks_at_ends(std::string_view name) {
    constexpr std::array<std::string_view, 7> kBlanks{" ", "\t", "\r", "\n", "\f", "\v", "\xc2\xa0"};
    for (bool trimmed = true; trimmed;) {
        trimmed = false;
        for (const auto blank : kBlanks) {
            const bool first = name.starts_with(blank), last = !first && name.ends_with(blank);
            if (first) name.remove_prefix(blank.size());
            if (last) name.remove_suffix(blank.size());
            trimmed = trimmed || first || last;
        }
    }
    return name;
}

/// Equal for names that look alike. All letters concerned have one or two bytes, so that other bytes can be
/// kept as they are, outside of Unicode's range.
std::u32string appearance_of(std::string_view name) {
    constexpr char32_t kOtherByte = 0x80000000;
    name = without_blanks_at_ends(name);
    std::u32string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char32_t byte = static_cast<unsigned char>(name[i]);
        const char32_t next = i + 1 < name.size() ? static_cast<unsigned char>(name[i + 1]) : 0;
        if (is_between(byte, 0xc2, 0xdf) && is_between(next, 0x80, 0xbf)) {
            add_decomposed(lower_case((byte & 0x1f) << 6 | (next & 0x3f)), text);
            ++i;
        } else {
            text += byte < 0x80 ? lower_case(byte) : byte | kOtherByte;
        }
    }
    return text;
}

}  // namespace

std::vector<std::string> alike_names(const std::vector<std::string>& names) {
    std::map<std::u32string, std::vector<std::string>> groups;
    for (const auto& name : names) groups[appearance_of(name)].push_back(name);
    std::vector<std::string> lines;
    for (const auto& [appearance, alike] : groups) {
        if (alike.size() < 2) continue;
        std::string line;
        for (std::size_t i = 0; i < alike.size(); ++i)
            line += (i == 0 ? "\"" : i + 1 == alike.size() ? " and \"" : ", \"") + one_line(alike[i]) + "\"";
        lines.push_back(line +
                        " are different classes, but their names differ only by blanks, case or how accents "
                        "are stored; if one class is meant, give its folders the same name");
    }
    return lines;
}

}  // namespace emotion::training
