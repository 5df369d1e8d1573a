#include <algorithm>
#include <fstream>
#include <regex>

#include "base/files.hpp"
#include "cli/documents.hpp"
#include "support/catch.hpp"

namespace layout_test {

using namespace emotion;
using namespace emotion::test;

namespace {

/// The rooms of `src` from bottom to top: files include only from their own and earlier rooms.
const std::vector<std::string> kRooms{"base",
                                      "config",
                                      "ml/core",
                                      "ml/layers",
                                      "ml/network",
                                      "ml/optim",
                                      "ml/metrics",
                                      "media",
                                      "faces",
                                      "drawing",
                                      "model",
                                      "pipeline",
                                      "results",
                                      "emotion_detector",
                                      "training/data",
                                      "training/recipe",
                                      "training/evaluation",
                                      "training/check",
                                      "training/fit",
                                      "training/report",
                                      "apps/common",
                                      "apps"};

/// The room of a path below `src`, as an index into kRooms; its size for a path in none.
std::size_t room_of(const std::string& path) {
    std::size_t found = kRooms.size();
    for (std::size_t i = 0; i < kRooms.size(); ++i)
        if (path.starts_with(kRooms[i] + "/") &&
            (found == kRooms.size() || kRooms[i].size() > kRooms[found].size()))
            found = i;
    return found;
}

/// The quoted includes in the text of a source file.
std::vector<std::string> quoted_includes(const std::string& text) {
    static const std::regex kInclude(R"re((?:^|\n)#include "([^"]+)")re");
    std::vector<std::string> found;
    for (std::sregex_iterator match(text.begin(), text.end(), kInclude), end; match != end; ++match)
        found.push_back((*match)[1]);
    return found;
}

}  // namespace

TEST_CASE("Every file of src includes only from its own room and earlier ones") {
    const auto src = kRoot / "src";
    int checked = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(src)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        const auto file = entry.path().lexically_relative(src).generic_string();
        INFO(file);
        const auto own = room_of(file);
        CHECK(own < kRooms.size());
        for (const auto& include : quoted_includes(read_file(entry.path()))) {
            INFO("includes " << include);
            CHECK(room_of(include) <= own);
            ++checked;
        }
    }
    CHECK(checked > 500);
}

}  // namespace layout_test
