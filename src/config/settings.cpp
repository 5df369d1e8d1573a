#include "config/settings.hpp"

#include <sstream>
#include <type_traits>

#include <fmt/format.h>

#include "base/option_check.hpp"
#include "config/yaml_map.hpp"
#include "config/yaml_tree.hpp"

namespace emotion::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLineLength = 100;

bool is_path(const Setting& setting) {
    return std::holds_alternative<fs::path*>(setting.value);
}

std::string value_text(const Setting& setting) {
    return std::visit(
        [](const auto* value) {
            if constexpr (std::is_same_v<decltype(value), const fs::path*>)
                return quoted_yaml(value->string());
            else
                return fmt::format("{}", *value);
        },
        setting.value);
}

std::string explained(const Setting& setting) {
    return is_path(setting) ? setting.help : fmt::format("{}: {}", setting.range.text(), setting.help);
}

void read_value(YamlMap& map, const Setting& setting, const fs::path& folder, fs::path& value) {
    fs::path read = map.get<std::string>(setting.key, value.string());
    if (read.is_relative() && !read.empty()) read = fs::absolute(folder / read).lexically_normal();
    value = std::move(read);
}

template <typename Number>
void read_value(YamlMap& map, const Setting& setting, const fs::path&, Number& value) {
    value = map.get_in(setting.key, value, setting.range);
}

}  // namespace

void read_settings(YamlMap& file, const SettingsSection& section, const fs::path& folder) {
    auto map = file.map(section.name);
    read_settings_in(map, section, folder);
}

void read_settings_in(YamlMap& map, const SettingsSection& section, const fs::path& folder) {
    for (const auto& setting : section.settings)
        std::visit([&](auto* value) { read_value(map, setting, folder, *value); }, setting.value);
}

void check_settings(const SettingsSection& section) {
    for (const auto& setting : section.settings) {
        if (is_path(setting)) continue;
        const bool whole = std::holds_alternative<int*>(setting.value);
        const double value = whole ? *std::get<int*>(setting.value) : *std::get<double*>(setting.value);
        const auto name = fmt::format("{}.{}", section.name, setting.key);
        const auto expected =
            fmt::format("{} in {}", whole ? "a whole number" : "a number", setting.range.text());
        check_option(name.c_str(), value, setting.range.contains(value), expected.c_str());
    }
}

std::string settings_yaml(const SettingsSection& section) {
    auto text = wrapped(section.help, "# ") + section.name + ":\n";
    for (const auto& setting : section.settings)
        text +=
            wrapped(explained(setting), "  # ") + fmt::format("  {}: {}\n", setting.key, value_text(setting));
    return text;
}

std::string settings_table(const SettingsSection& section) {
    std::string rows = "| setting | default | range | meaning |\n|---|---|---|---|\n";
    for (const auto& setting : section.settings)
        rows += fmt::format("| `{}.{}` | `{}` | {} | {} |\n", section.name, setting.key, value_text(setting),
                            is_path(setting) ? "a file" : setting.range.text(), setting.help);
    return rows;
}

std::string wrapped(const std::string& text, const std::string& prefix) {
    std::istringstream words(text);
    std::string lines, line = prefix;
    for (std::string word; words >> word; line += word) {
        if (line.size() == prefix.size()) continue;
        if (line.size() + 1 + word.size() > kLineLength) {
            lines += line + "\n";
            line = prefix;
        } else {
            line += ' ';
        }
    }
    return lines + line + "\n";
}

}  // namespace emotion::config
