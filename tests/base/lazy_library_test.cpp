#include "base/lazy_library.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

namespace lazy_library_test {

using emotion::symbol_of_library;

namespace {

#ifdef __APPLE__
constexpr const char* kMathematics = "/usr/lib/libSystem.B.dylib";
#else
constexpr const char* kMathematics = "libm.so.6";
#endif

}  // namespace

TEST_CASE("a library is loaded once and its symbol found") {
    using Function = double (*)(double);
    const auto cube_root = reinterpret_cast<Function>(symbol_of_library(kMathematics, "cbrt"));
    CHECK(cube_root(27.0) == Approx(3.0));
    CHECK(symbol_of_library(kMathematics, "cbrt") == reinterpret_cast<void*>(cube_root));
}

TEST_CASE("a library or symbol that does not exist is an error that names the library") {
    CHECK_THROWS_WITH(symbol_of_library("libemotion_nowhere.so.1", "any"),
                      ContainsSubstring("libemotion_nowhere.so.1: cannot be loaded (") &&
                          ContainsSubstring("install the program again"));
    CHECK_THROWS_WITH(symbol_of_library(kMathematics, "no_such_function"),
                      ContainsSubstring("no_such_function"));
}

}  // namespace lazy_library_test
