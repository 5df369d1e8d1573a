#include <cstddef>
#include <cstdint>

#include "base/sha256.hpp"
#include "fuzz/one_line_errors.hpp"
#include "training/fit/checkpoint.hpp"

/// The content is only checked if the hash at the end is right, so each input is also tried with its right
/// hash.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    for (const auto& tried : {bytes, bytes + emotion::sha256(bytes)})
        emotion::expect_result_or_one_line("run.checkpoint", [&] {
            const auto checkpoint = emotion::training::parse_checkpoint(tried, "run.checkpoint");
            emotion::expect(emotion::training::checkpoint_bytes(checkpoint) == tried,
                            "a checkpoint does not read back as it was written");
        });
    return 0;
}
