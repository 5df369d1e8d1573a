#pragma once

#include "config/settings.hpp"
#include "faces/face_detector.hpp"
#include "faces/face_search.hpp"
#include "faces/face_tracker.hpp"

namespace emotion::faces {

/// The rows of the options in the table of settings; valid as long as the options are.
config::SettingsSection settings_of(HaarOptions& options);
config::SettingsSection settings_of(SearchOptions& options);
config::SettingsSection settings_of(TrackerOptions& options);

}  // namespace emotion::faces
