#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emotion::apps {

/// One name for a file however it is reached: absolute, without links.
std::string identity(const std::filesystem::path& file);

/// A file and what names it, such as "--json"; or, of one that is read, what it is, such as "the recipe".
struct NamedFile {
    std::string what;
    std::filesystem::path path;
};

/// Throws ConfigError for an output that is one of `inputs`, by another name or link too, or the same file as
/// another output. Empty paths are passed over, and devices, pipes and "-", as several may write to them.
void refuse_overlaps(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

}  // namespace emotion::apps
