#include "base/formatted.hpp"

#include "support/catch.hpp"

namespace formatted_test {

using emotion::formatted;

TEST_CASE("Numbers and strings are formatted as by printf") {
    CHECK(formatted("%.1f s", 1.25) == "1.2 s");
    CHECK(formatted("%s %d:%02d", "recording", 1, 5) == "recording 1:05");
    CHECK(formatted("100%%") == "100%");
    CHECK(formatted("%s", std::string(600, 'x').c_str()) == std::string(511, 'x'));
}

}  // namespace formatted_test
