#include <cstddef>
#include <cstdint>
#include <cstring>

#include <unistd.h>

#include "base/files.hpp"
#include "faces/preprocess.hpp"
#include "fuzz/one_line_errors.hpp"
#include "media/pictures/picture.hpp"
#include "media/quiet_stderr.hpp"

/// The first 16 bytes are a box in the picture made of the rest: decoded, cropped and normalized for a
/// network.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    [[maybe_unused]] static const bool quiet = (emotion::media::filter_stderr(), true);  // like the programs
    static const auto file =
        std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(::getpid()) + "-picture");
    float box[4];
    if (size < sizeof box) return 0;
    std::memcpy(box, data, sizeof box);
    emotion::write_file(file, {reinterpret_cast<const char*>(data) + sizeof box, size - sizeof box});
    emotion::expect_result_or_one_line(file.filename().string(), [&] {
        const cv::Mat picture = emotion::media::read_picture(file.string());
        emotion::expect(picture.type() == CV_8UC3 && !picture.empty(), "a picture that is not BGR");
        try {
            emotion::faces::CropSpec spec;
            spec.margin = 0.1;
            const auto crop = emotion::faces::preprocess(
                picture, emotion::faces::crop_region({box[0], box[1], box[2], box[3]}, spec), spec);
            emotion::expect(crop.size() == cv::Size(50, 50) && crop.type() == CV_8UC1,
                            "a crop of another kind");
        } catch (const std::invalid_argument&) {  // a region outside of the picture
        }
    });
    return 0;
}
