#pragma once

#include <filesystem>

namespace emotion {

/// Finds a file installed with the program by its name below share/emotion-detector. Searches the folder that
/// the environment variable EMOTION_DETECTOR_DATA names, then next to the bin folder of the running program
/// and the lib folder of the library containing this code, in a build as in an installation. Throws Error
/// naming the folders searched, or the file if it may not be read.
std::filesystem::path find_program_file(const std::filesystem::path& name);

/// The default model card and settings.
inline constexpr const char* kDefaultModel = "models/happy-fear.yaml";
inline constexpr const char* kDefaultConfig = "config/detector.yaml";

}  // namespace emotion
