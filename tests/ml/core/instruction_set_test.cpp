#include "ml/core/instruction_set.hpp"

#include <cstdlib>
#include <string>

#include "support/catch.hpp"

namespace instruction_set_test {

TEST_CASE("The requested build of the mathematics is the one that runs") {
    const char* variant = std::getenv("EMOTION_VARIANT");
    if (!variant) SKIP_TEST("the loader chose the build: EMOTION_VARIANT names none");
    const std::string name = variant;
    if (name.ends_with("v4"))
        CHECK(emotion::ml::instruction_set() == "AVX-512");
    else if (name.ends_with("v3"))
        CHECK(emotion::ml::instruction_set() == "AVX2");
    else
        CHECK(emotion::ml::instruction_set() == "SSE2");
}

}  // namespace instruction_set_test
