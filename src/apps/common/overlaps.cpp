#include "apps/common/overlaps.hpp"

#include <system_error>

#include "base/error.hpp"
#include "base/files.hpp"

namespace emotion::apps {
namespace {

namespace fs = std::filesystem;

/// Whether there is no content that could be overwritten.
bool holds_nothing(const fs::path& path) {
    return path.empty() || path == "-" || !is_regular_or_new(path);
}

bool same_file(const fs::path& one, const fs::path& other) {
    std::error_code failed;
    return identity(one) == identity(other) || fs::equivalent(one, other, failed);
}

}  // namespace

std::string identity(const fs::path& file) {
    std::error_code failed;
    const auto known = fs::weakly_canonical(fs::absolute(file, failed), failed);
    return failed ? file.string() : known.string();
}

void refuse_overlaps(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const auto& [option, path] = outputs[i];
        if (holds_nothing(path)) continue;
        for (const auto& input : inputs)
            if (!input.path.empty() && same_file(path, input.path))
                throw ConfigError(option + " " + path.string() + ": is " + input.what +
                                  ", expected another file for results");
        for (std::size_t j = 0; j < i; ++j)
            if (!holds_nothing(outputs[j].path) && same_file(path, outputs[j].path))
                throw ConfigError(option + " " + path.string() + ": is written by " + outputs[j].what +
                                  " already, expected a different file");
    }
}

}  // namespace emotion::apps
