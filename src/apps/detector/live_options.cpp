#include "apps/detector/live_options.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "results/serve/request_policy.hpp"

namespace emotion::apps {
namespace {

constexpr int kWidest = 16'384;

/// "1280x720".
void read_size(const std::string& text, media::CameraRequest& camera) {
    const char* const end = text.data() + text.size();
    const auto [x, no_width] = std::from_chars(text.data(), end, camera.width);
    bool right = no_width == std::errc() && x != end && *x == 'x';
    if (right) {
        const auto [rest, no_height] = std::from_chars(x + 1, end, camera.height);
        right = no_height == std::errc() && rest == end && camera.width > 0 && camera.height > 0 &&
                camera.width <= kWidest && camera.height <= kWidest;
    }
    if (!right)
        throw ConfigError("--camera-size " + text +
                          ": expected WIDTHxHEIGHT such as 1280x720, each at most " +
                          std::to_string(kWidest));
}

void set_mirror(LiveOptions& options, bool mirror) {
    if (options.mirror.value_or(mirror) != mirror)
        throw ConfigError("--mirror, --no-mirror: contradict each other, expected only one of them");
    options.mirror = mirror;
}

}  // namespace

void add_live_options(CLI::App& app, LiveOptions& options) {
    app.add_option_function<std::string>(
           "--camera-size", [&](const std::string& text) { read_size(text, options.camera); },
           "Size to request from cameras; default: 640x480, which all deliver at full rate")
        ->type_name("WxH");
    app.add_option("--camera-fps", options.camera.fps,
                   "Frames per second to request from cameras; default: 30")
        ->type_name("N")
        ->check(CLI::Range(1.0, 1000.0).description(""))
        ->check([](const std::string& text) {  // not covered by a range
            return std::isnan(std::strtod(text.c_str(), nullptr)) ? text + " is not a number" : std::string();
        });
    app.add_option("--rotate", options.rotate_deg,
                   "Rotate the picture of cameras and streams clockwise by 90, 180 or 270; default: 0")
        ->type_name("DEGREES")
        ->check(CLI::IsMember({0, 90, 180, 270}).description(""));
    app.add_flag_callback(
        "--mirror", [&] { set_mirror(options, true); },
        "Mirror the pictures that are shown and written; default: only for cameras.\nBoxes in --jsonl and "
        "--csv always refer to the unmirrored source");
    app.add_flag_callback(
        "--no-mirror", [&] { set_mirror(options, false); }, "Never mirror; not together with --mirror");
    app.add_flag("--wait", options.wait,
                 "Wait for a camera or stream that is not available yet; default: exit with an error");
    app.add_option_function<std::vector<std::pair<std::string, std::string>>>(
           "--on",
           [&](const auto& given) {
               for (const auto& [when, command] : given)
                   options.on_label.push_back(results::parse_label_command(when, command));
           },
           "Run a command when a face has shown the label for so long; repeatable; default: none.\n"
           "Runs without a shell; EMOTION_LABEL, EMOTION_TRACK and EMOTION_TIME_S hold details")
        ->type_name("LABEL:SECONDS COMMAND")
        ->allow_extra_args(false);
    app.add_option_function<std::string>(
           "--serve-token",
           [&](const std::string& token) {
               results::check_serve_token(token);
               options.serve_token = token;
           },
           "Token that --serve requires before it shows anything; default: none on 127.0.0.1,\notherwise one "
           "that is generated and printed")
        ->type_name("TOKEN");
    app.add_flag("--blur", options.blur, "Make faces unrecognizable in all pictures that are written");
    app.add_flag("--list-cameras", options.list_cameras,
                 "Print the cameras with their formats, sizes and rates, and exit");
    app.add_flag("--doctor", options.doctor,
                 "Check cameras, display, cascade, model and video codecs, print how to fix what is\n"
                 "wrong, and exit; exit code 0 if everything required works");
}

}  // namespace emotion::apps
