#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/clutter.hpp"
#include "base/error.hpp"
#include "media/address.hpp"
#include "media/cameras/camera_devices.hpp"
#include "media/natural_order.hpp"
#include "media/sources.hpp"
#include "media/turned_source.hpp"

namespace emotion::media {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExpected =
    "expected a camera number, a video, a picture, a folder of these, numbered pictures (img%04d.jpg) or a "
    "stream URL";

std::vector<fs::path> files_in(const fs::path& folder) try {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.is_regular_file() && !is_clutter(entry.path())) files.push_back(entry.path());
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
        return natural_less(a.filename().string(), b.filename().string());
    });
    return files;
} catch (const fs::filesystem_error& error) {
    throw Error(folder.string() + ": cannot be listed: " + error.code().message());
}

/// As determined by name and content, without rotation.
std::unique_ptr<FrameSource> open_as_is(const std::string& name, const OpenOptions& options) {
    if (name.empty()) return open_first_camera(options);
    if (const auto number = camera_number(name)) return open_camera(name, *number, options);
    if (is_url(name) || is_pipe(name)) return open_video(name, true, options);

    if (auto files = sequence_files(name); !files.empty())
        return open_sequence(name, std::move(files), options.fps.value_or(kDefaultFps), options);

    std::error_code failed;
    const auto status = fs::status(name, failed);
    if (status.type() == fs::file_type::none)
        throw Error(shown_name(name) + ": cannot be read: " + failed.message());
    if (!fs::exists(status)) throw Error(shown_name(name) + ": no such file, " + kExpected);
    if (fs::is_socket(status)) throw Error(name + ": is a socket, " + kExpected);
    if (name == kStandardInput && fs::is_character_file(status))
        throw Error(name +
                    ": nothing is piped in, expected a video that another program writes, as in: "
                    "ffmpeg ... -f mpegts - | emotion-detector -");
    if (fs::is_directory(status)) return open_pictures(name, files_in(name), options.warn);
    if (fs::is_regular_file(status) && fs::file_size(name, failed) == 0)
        throw Error(name + ": is empty, " + kExpected);
    if (is_picture_file(name)) return open_pictures(name, {name}, options.warn);
    auto patient = options;
    patient.stop = {};  // only cameras and streams stop early
    return open_video(name, false, patient);
}

}  // namespace

std::optional<int> camera_number(std::string_view name) {
    if (name.starts_with(kDeviceFile)) name.remove_prefix(kDeviceFile.size());
    int number = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failed != std::errc() || end != name.data() + name.size() || number < 0) return std::nullopt;
    return number;
}

bool is_pipe(const std::string& name) {
    std::error_code failed;
    const auto status = fs::status(name, failed);
    return fs::is_fifo(status) || (fs::is_socket(status) && name == kStandardInput);
}

bool takes_fps(const std::string& name) {
    const auto path = local_path(name);
    if (path.empty() || camera_number(path) || is_url(path)) return false;
    if (is_pipe(path) || !sequence_files(path).empty()) return true;
    std::error_code failed;
    return fs::is_regular_file(path, failed) && !is_picture_file(path) && is_video_without_times(path);
}

std::unique_ptr<FrameSource> open_source(const std::string& name, const OpenOptions& options) {
    return make_turned(open_as_is(local_path(name), options), options.turn);
}

}  // namespace emotion::media
