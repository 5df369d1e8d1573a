#pragma once

#include <filesystem>

namespace emotion {

/// A file that came with the program, by its name below share/emotion-detector. Looked for in the folder that
/// the environment variable EMOTION_DETECTOR_DATA names, where it is set, then beside the bin folder of the
/// running program and the lib folder of the library that this is part of, in a build as in an installation.
/// Throws Error naming the folders looked in, or the file if it may not be read.
std::filesystem::path find_program_file(const std::filesystem::path& name);

/// The model card and the settings that are taken where none are named.
inline constexpr const char* kUsualModel = "models/happy-fear.yaml";
inline constexpr const char* kUsualConfig = "config/detector.yaml";

}  // namespace emotion
