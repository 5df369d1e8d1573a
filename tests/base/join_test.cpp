#include "base/join.hpp"

#include <array>
#include <vector>

#include "support/catch.hpp"

namespace join_test {

TEST_CASE("Strings are joined with separators only between them") {
    CHECK(emotion::join(std::vector<std::string>{"a", "b", "c"}) == "a, b, c");
    CHECK(emotion::join(std::array<std::string_view, 2>{"a", "b"}, " or ") == "a or b");
    CHECK(emotion::join(std::vector<std::string>{"a"}) == "a");
    CHECK(emotion::join(std::vector<std::string>{}).empty());
}

}  // namespace join_test
