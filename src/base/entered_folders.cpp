#include "base/entered_folders.hpp"

#include <algorithm>
#include <system_error>

namespace emotion {
namespace {

/// The path without symbolic links; empty if it cannot be resolved.
std::filesystem::path real(const std::filesystem::path& folder) {
    std::error_code failed;
    auto path = std::filesystem::canonical(folder, failed);
    return failed ? std::filesystem::path() : path;
}

}  // namespace

EnteredFolders::EnteredFolders(const std::filesystem::path& root) : root_(real(root)), entered_{root_} {}

bool EnteredFolders::enter(const std::filesystem::path& folder) {
    const auto path = real(folder);
    if (path.empty()) return false;
    const bool holds_root =
        std::mismatch(path.begin(), path.end(), root_.begin(), root_.end()).first == path.end();
    return !holds_root && entered_.insert(path).second;
}

}  // namespace emotion
