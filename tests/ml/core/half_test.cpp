#include "ml/core/half.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "support/catch.hpp"

namespace half_test {

using namespace emotion::ml;

TEST_CASE("16-bit floats have the bits of IEEE 754") {
    CHECK(half_bits(0.0f) == 0x0000);
    CHECK(half_bits(-0.0f) == 0x8000);
    CHECK(half_bits(1.0f) == 0x3c00);
    CHECK(half_bits(-2.5f) == 0xc100);
    CHECK(half_bits(65504.0f) == 0x7bff);               // the largest
    CHECK(half_bits(std::ldexp(1.0f, -24)) == 0x0001);  // the smallest
    CHECK(half_bits(1.0f + 1.0f / 2048) == 0x3c00);     // a tie: to the even one
    CHECK(half_bits(1.0f + 3.0f / 2048) == 0x3c02);
    CHECK(half_bits(1e6f) == 0x7c00);
    CHECK(from_half_bits(0x3555) == 0.333251953125f);
    for (int bits = 0; bits < 0x7c00; ++bits)
        REQUIRE(half_bits(from_half_bits(static_cast<std::uint16_t>(bits))) == bits);
}

TEST_CASE("Numbers are recognized as 16-bit floats only if all of them are") {
    CHECK(are_halves(std::array{0.0f, -1.5f, 0.333251953125f}));
    CHECK_FALSE(are_halves(std::array{0.0f, 1.0f / 3}));
    CHECK_FALSE(are_halves(std::array{1e6f}));
    CHECK_FALSE(are_halves(std::array{std::numeric_limits<float>::quiet_NaN()}));
}

}  // namespace half_test
