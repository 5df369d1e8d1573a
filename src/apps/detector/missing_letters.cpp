#include "apps/detector/missing_letters.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "apps/detector/sources.hpp"
#include "base/display_width.hpp"
#include "base/join.hpp"
#include "drawing/text.hpp"

namespace emotion::apps {
namespace {

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_emoji(std::string_view letter) {
    return letter.starts_with("\xf0\x9f");  // the block from U+1F000
}

bool draws(const results::OutputTargets& outputs) {
    return std::ranges::any_of(outputs, [](const auto& output) {
        return results::output_kind(output.first).needs > results::Needs::kResult;
    });
}

}  // namespace

std::string fonts_for(const std::vector<std::string>& letters) {
    std::array<std::string, 3> groups;
    auto& [east_asian, emoji, other] = groups;
    for (const auto& letter : letters)
        (is_emoji(letter) ? emoji : display_width(letter) == 2 ? east_asian : other) += letter;
    std::vector<std::string> found;
    const auto add = [&](const std::string& group, const char* advice) {
        if (!group.empty()) found.push_back(group + advice);
    };
    add(east_asian, " (Chinese, Japanese or Korean: install fonts-droid-fallback or fonts-noto-cjk)");
    add(emoji, " (symbols: install fonts-symbola)");
    add(other, " (another script: install fonts-noto-core)");
    return join(found);
}

void report_missing_letters(const results::OutputTargets& outputs, Display* display,
                            const model::ModelCard& card) {
    const auto names = join(card.shown_names());
    if (is_ascii(names)) return;
    if (!draws(outputs) && !(display && display->is_available())) return;  // to look loads the fonts
    const auto missing = drawing::missing_letters(names);
    if (missing.empty()) return;
    const std::string shape = drawing::font_name().empty() ? "question marks" : "boxes";
    say("letters that no installed font has are drawn as " + shape + ": " + fonts_for(missing));
}

}  // namespace emotion::apps
