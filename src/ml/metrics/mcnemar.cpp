#include "ml/metrics/mcnemar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace emotion::ml {
namespace {

constexpr std::int64_t kFewDiscordant = 25;

double binomial_p(std::int64_t fewer, std::int64_t all) {
    double tail = 0.0, ways = 1.0;  // the number of ways to choose k of all
    for (std::int64_t k = 0; k <= fewer; ++k) {
        tail += ways;
        ways *= static_cast<double>(all - k) / static_cast<double>(k + 1);
    }
    return std::min(1.0, 2.0 * std::ldexp(tail, -static_cast<int>(all)));
}

}  // namespace

McNemarResult mcnemar_test(std::int64_t only_a_right, std::int64_t only_b_right) {
    if (only_a_right < 0 || only_b_right < 0) throw std::invalid_argument("mcnemar_test: a negative count");
    const auto all = only_a_right + only_b_right;
    if (all < kFewDiscordant) return {binomial_p(std::min(only_a_right, only_b_right), all), true};
    const auto gap =
        static_cast<double>(std::max<std::int64_t>(std::abs(only_a_right - only_b_right) - 1, 0));
    const double chi_squared = gap * gap / static_cast<double>(all);
    return {std::erfc(std::sqrt(chi_squared / 2.0)), false};
}

}  // namespace emotion::ml
