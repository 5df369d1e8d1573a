#include "pipeline/detector_config.hpp"

#include <vector>

#include "base/files.hpp"
#include "config/settings.hpp"
#include "config/yaml_map.hpp"

namespace emotion::pipeline {
namespace {

constexpr const char* kIntroduction =
    "Settings for how emotion-detector finds, tracks and labels faces. The crop of a face and the available "
    "labels are not set here: they come from the model card. A setting that is left out keeps the value "
    "given here. Brackets hold the range of a number; a round bracket excludes its end.";

std::vector<config::SettingsSection> sections(DetectorConfig& config) {
    return {settings_of(config.haar), settings_of(config.search), settings_of(config.tracker),
            settings_of(config.smoothing)};
}

}  // namespace

void DetectorConfig::validate() const {
    auto copy = *this;
    for (const auto& section : sections(copy)) config::check_settings(section);
}

DetectorConfig read_detector_config(const std::filesystem::path& path) {
    auto map = config::YamlMap::read_text(
        read_file(path, config::YamlMap::kMaxBytes, "settings such as config/detector.yaml"), path.string());
    DetectorConfig config;
    for (const auto& section : sections(config)) config::read_settings(map, section, path.parent_path());
    map.finish();
    return config;
}

std::string config_text(const DetectorConfig& config) {
    auto copy = config;
    auto text = config::wrapped(kIntroduction, "# ");
    for (const auto& section : sections(copy)) text += "\n" + config::settings_yaml(section);
    return text;
}

std::string settings_page() {
    DetectorConfig config;
    std::string text;
    for (const auto& section : sections(config))
        text += config::wrapped(section.help, "") + "\n" + config::settings_table(section) + "\n";
    return text;
}

}  // namespace emotion::pipeline
