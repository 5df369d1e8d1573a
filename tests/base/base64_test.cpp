#include "base/base64.hpp"

#include "support/catch.hpp"

namespace base64_test {

using namespace emotion;

TEST_CASE("Base64 agrees with the examples of RFC 4648") {
    CHECK(base64("").empty());
    CHECK(base64("f") == "Zg==");
    CHECK(base64("fo") == "Zm8=");
    CHECK(base64("foo") == "Zm9v");
    CHECK(base64("foobar") == "Zm9vYmFy");
    CHECK(base64(std::string("\xfb\xff\x00", 3)) == "+/8A");
}

}  // namespace base64_test
