#include <cstddef>
#include <cstdint>

#include "fuzz/one_line_errors.hpp"
#include "model/model_card.hpp"

/// An untrusted card: rejected in one line, or written so that it reads back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    emotion::expect_result_or_one_line("card.yaml", [&] {
        const auto written = emotion::model::card_text(emotion::model::parse_card(text, "card.yaml"));
        emotion::expect(
            emotion::model::card_text(emotion::model::parse_card(written, "card.yaml")) == written,
            "a card does not read back as it was written");
    });
    return 0;
}
