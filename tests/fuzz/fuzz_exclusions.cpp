#include <cstddef>
#include <cstdint>

#include <unistd.h>

#include "base/files.hpp"
#include "fuzz/one_line_errors.hpp"
#include "training/data/exclusions.hpp"

/// A list of exclusions as text or JSON: exactly the named pictures are excluded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto file =
        std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(::getpid()) + "-exclude");
    emotion::write_file(file, {reinterpret_cast<const char*>(data), size});
    emotion::expect_result_or_one_line(file.filename().string(), [&] {
        const emotion::training::Exclusions exclusions(file, "/data");
        emotion::training::ClassFolder folder;
        folder.files = {"/data/train/happy/1.png", "/data/train/happy/2.png"};
        std::vector<emotion::training::ClassFolder> folders{folder};
        const auto left_out = exclusions.apply(folders);
        emotion::expect(left_out + folders[0].files.size() == 2 && left_out <= exclusions.size(),
                        "pictures left out that were not counted");
    });
    return 0;
}
