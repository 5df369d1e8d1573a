#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace emotion {

/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018), seeded through
/// SplitMix64. Unlike the standard library's distributions, it gives the same numbers on every platform, and
/// its state is plain numbers that a checkpoint can store. Not thread-safe.
class Random {
  public:
    using State = std::array<std::uint64_t, 4>;

    explicit Random(std::uint64_t seed);
    /// An independent generator for each (seed, stream): a picture gets the same augmentation whichever
    /// thread processes it.
    Random(std::uint64_t seed, std::uint64_t stream);

    std::uint64_t bits();
    /// In [0, 1), with 53 random bits.
    double uniform();
    /// In [low, high).
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    /// In [0, limit), without bias; limit must be positive.
    std::uint64_t below(std::uint64_t limit);
    /// Standard normal, by Box and Muller (1958).
    double normal();

    const State& state() const { return state_; }
    void restore(const State& state) { state_ = state; }

  private:
    State state_;
};

/// Fisher-Yates shuffle: all orders are equally likely, and the same generator gives the same order on every
/// platform.
template <typename T>
void shuffle(std::span<T> items, Random& random) {
    for (std::size_t left = items.size(); left > 1; --left)
        std::swap(items[left - 1], items[random.below(left)]);
}

}  // namespace emotion
