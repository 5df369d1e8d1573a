#include "base/clutter.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace emotion {

bool is_clutter(const std::filesystem::path& entry) {
    constexpr std::array<std::string_view, 8> kNames{
        "__MACOSX",    "@eaDir",     "#recycle", "$RECYCLE.BIN", "System Volume Information",
        "desktop.ini", "lost+found", "Thumbs.db"};
    const auto name = entry.filename().string();
    return name.starts_with('.') || std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

}  // namespace emotion
