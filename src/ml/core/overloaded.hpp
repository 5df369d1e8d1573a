#pragma once

// Internal to the library.

namespace emotion::ml {

/// One function object out of several lambdas, for std::visit.
template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace emotion::ml
