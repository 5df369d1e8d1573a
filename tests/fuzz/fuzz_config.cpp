#include <cstddef>
#include <cstdint>

#include <unistd.h>

#include "base/files.hpp"
#include "fuzz/one_line_errors.hpp"
#include "pipeline/detector_config.hpp"

/// Settings are rejected in one line, or written so that they read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto file =
        std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(::getpid()) + "-detector.yaml");
    const auto config_of = [](std::string_view text) {
        emotion::write_file(file, text);
        return emotion::pipeline::read_detector_config(file);
    };
    emotion::expect_result_or_one_line(file.filename().string(), [&] {
        const auto written =
            emotion::pipeline::config_text(config_of({reinterpret_cast<const char*>(data), size}));
        emotion::expect(emotion::pipeline::config_text(config_of(written)) == written,
                        "settings do not read back as they were written");
    });
    return 0;
}
