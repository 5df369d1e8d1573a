#include "faces/settings.hpp"

namespace emotion::faces {

void HaarOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

void SearchOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

void TrackerOptions::validate() const {
    auto options = *this;
    config::check_settings(settings_of(options));
}

}  // namespace emotion::faces
