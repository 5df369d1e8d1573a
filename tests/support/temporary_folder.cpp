#include "support/temporary_folder.hpp"

#include <iterator>
#include <stdexcept>

#include <stdlib.h>

namespace emotion::test {

TemporaryFolder::TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "emotion-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder could be made at " + name);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

bool has_content(const std::filesystem::path& file, std::uintmax_t least) {
    std::error_code gone;
    const auto size = std::filesystem::file_size(file, gone);
    return !gone && size > least;
}

std::size_t files_in(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace emotion::test
