#include "base/counted.hpp"

#include "support/catch.hpp"

namespace counted_test {

using emotion::counted;

TEST_CASE("Only one is singular") {
    CHECK(counted(0, "output") == "0 outputs");
    CHECK(counted(1, "output") == "1 output");
    CHECK(counted(2, "output") == "2 outputs");
}

}  // namespace counted_test
