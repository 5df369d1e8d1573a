#include <cstddef>
#include <cstdint>

#include "fuzz/one_line_errors.hpp"
#include "training/recipe/recipe.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    emotion::expect_result_or_one_line("recipe.yaml",
                                       [&] { emotion::training::parse_recipe(text, "recipe.yaml"); });
    return 0;
}
