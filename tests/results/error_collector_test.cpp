#include "results/error_collector.hpp"

#include <new>

#include "base/error.hpp"
#include "support/catch.hpp"

namespace error_collector_test {

using namespace emotion;
using namespace emotion::results;

namespace {

const auto nothing = [] {};
const auto full = [] { throw Error("a.csv: disk full"); };
const auto full_still = [] { throw Error("a.csv: cannot be closed"); };
const auto gone = [] { throw Error("b.csv: folder gone"); };
const auto no_memory = [] { throw std::bad_alloc(); };

}  // namespace

TEST_CASE("Every step runs even if earlier ones failed") {
    ErrorCollector errors;
    int done = 0;
    errors.attempt([&] { ++done; });
    CHECK_FALSE(errors.failed());
    CHECK_NOTHROW(errors.rethrow());
    errors.attempt(full);
    errors.attempt([&] { ++done; });
    CHECK(done == 2);
    CHECK(errors.failed());
}

TEST_CASE("Exceptions are rethrown at the end with all Errors combined") {
    const auto thrown_by = [](const auto&... steps) {
        ErrorCollector errors;
        (errors.attempt(steps), ...);
        errors.rethrow();
    };
    CHECK_THROWS_WITH(thrown_by(nothing, full, nothing), "a.csv: disk full");
    CHECK_THROWS_WITH(thrown_by(full, full), "a.csv: disk full");
    CHECK_THROWS_WITH(thrown_by(full, full_still),
                      "a.csv: disk full");  // the first problem explains the others
    CHECK_THROWS_WITH(thrown_by(full, gone, full), "a.csv: disk full; b.csv: folder gone");
    CHECK_THROWS_WITH(thrown_by(full, no_memory, gone), "a.csv: disk full; b.csv: folder gone");
    CHECK_THROWS_AS(thrown_by(no_memory, full, gone), std::bad_alloc);
    CHECK_THROWS_AS(thrown_by([] { throw ConfigError("--csv"); }), ConfigError);
}

}  // namespace error_collector_test
