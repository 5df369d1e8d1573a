#include "ml/optim/byte_matrix.hpp"

#include <stdexcept>
#include <vector>

#include "base/random.hpp"
#include "support/catch.hpp"

namespace byte_matrix_test {

using emotion::Random;
using emotion::ml::ByteMatrix;

TEST_CASE("Products of bytes and sums of rows agree with plain loops for any shape") {
    Random random(5);
    for (const int columns : {1, 3, 4, 61, 250})
        for (const int rows : {1, 2, 4, 7}) {
            std::vector<std::uint8_t> bytes(static_cast<std::size_t>(rows) * columns);
            for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
            const ByteMatrix matrix(bytes, columns);
            std::vector<std::uint32_t> chosen;  // the last row twice, then the others in reverse
            for (int i = rows; i-- > 0;) chosen.push_back(static_cast<std::uint32_t>(i));
            chosen.push_back(static_cast<std::uint32_t>(rows - 1));
            std::vector<float> vector(static_cast<std::size_t>(matrix.padded_columns())),
                products(chosen.size());
            for (auto& value : vector) value = static_cast<float>(random.normal());
            std::vector<float> sum = vector;
            matrix.multiply(chosen, vector, products);
            std::vector<float> factors;
            for (std::size_t i = 0; i < chosen.size(); ++i)
                factors.push_back(static_cast<float>(random.normal()));
            matrix.add_scaled_rows(chosen, factors, sum);

            for (std::size_t i = 0; i < chosen.size(); ++i) {
                double product = 0.0;
                for (int j = 0; j < columns; ++j)
                    product += vector[j] * double{1.0} * bytes[chosen[i] * columns + j];
                CHECK(products[i] == Approx(product).margin(0.02));
            }
            for (int j = 0; j < columns; ++j) {
                double expected = vector[j];
                for (std::size_t i = 0; i < chosen.size(); ++i)
                    expected += double{factors[i]} * bytes[chosen[i] * columns + j];
                CHECK(sum[j] == Approx(expected).margin(0.01));
                CHECK(matrix.at(0, j) == bytes[j]);
            }
        }
}

TEST_CASE("Bytes that do not fill whole rows are rejected") {
    const std::vector<std::uint8_t> bytes(10);
    CHECK_THROWS_AS(ByteMatrix(bytes, 4), std::invalid_argument);
    CHECK_THROWS_AS(ByteMatrix(bytes, 0), std::invalid_argument);
    const ByteMatrix matrix(bytes, 5);
    std::vector<float> vector(8), products(1);
    const std::vector<std::uint32_t> rows{0, 1};
    CHECK_THROWS_AS(matrix.multiply(rows, vector, products), std::invalid_argument);
}

}  // namespace byte_matrix_test
