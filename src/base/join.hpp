#pragma once

#include <string>
#include <string_view>

namespace emotion {

/// Concatenates a range of strings, separated by `between`.
template <typename Texts>
std::string join(const Texts& texts, std::string_view between = ", ") {
    std::string all;
    for (const auto& text : texts) all.append(all.empty() ? std::string_view() : between).append(text);
    return all;
}

}  // namespace emotion
