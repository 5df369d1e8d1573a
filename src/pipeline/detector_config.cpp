#include "pipeline/detector_config.hpp"

#include <vector>

#include "base/files.hpp"
#include "config/settings.hpp"
#include "faces/settings.hpp"
#include "pipeline/settings_page.hpp"

namespace emotion::pipeline {
namespace {

constexpr const char* kIntroduction =
    "How emotion-detector finds, follows and labels faces. How a face is cut out for the model, and which "
    "labels there are, is not set here: the model's card says so. A setting that is left out keeps the "
    "value given here. Brackets hold the range of a number; a round one excludes its end.";

config::SettingsSection settings_of(SmoothingOptions& options) {
    return {"smoothing",
            "Steadying the label.",
            {{"time_constant_s",
              &options.time_constant_s,
              {0, 60},
              "Seconds after which 63 % of a change is through; 0: no smoothing."},
             {"hysteresis",
              &options.hysteresis,
              {0, 0.5},
              "Head start in probability of the label that is shown already."},
             {"min_hold_s", &options.min_hold_s, {0, 60}, "Seconds for which a label stays at least."}}};
}

std::vector<config::SettingsSection> sections(DetectorConfig& config) {
    return {settings_of(config.haar), settings_of(config.search), settings_of(config.tracker),
            settings_of(config.smoothing)};
}

}  // namespace

void SmoothingOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

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
