#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emotion::apps {

/// A canonical name for a file: absolute, without links.
std::string identity(const std::filesystem::path& file);

/// A file with the option that names it, such as "--json", or for an input its description, such as "the
/// recipe".
struct NamedFile {
    std::string what;
    std::filesystem::path path;
};

/// Throws ConfigError for an output that is the same file as an input or another output, also through links.
/// Ignores empty paths, devices, pipes and "-".
void refuse_overlaps(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

}  // namespace emotion::apps
