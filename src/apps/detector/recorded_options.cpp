#include "apps/detector/recorded_options.hpp"

#include <algorithm>
#include <sstream>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/one_line.hpp"

namespace emotion::apps {
namespace {

/// "90", "1:30" or "0:01:30.5" in seconds; nullopt for anything else.
std::optional<double> seconds_of(const std::string& text) {
    std::istringstream stream(text);
    double seconds = 0.0;
    for (int part = 0; part < 3; ++part) {
        double number = 0.0;
        if (!(stream >> number) || number < 0.0 || number > 1e9) return std::nullopt;
        seconds = 60.0 * seconds + number;
        if (stream.peek() == std::istringstream::traits_type::eof()) return seconds;
        if (stream.get() != ':') return std::nullopt;
    }
    return std::nullopt;
}

void add_time(CLI::App& app, const std::string& name, double& seconds, const std::string& description) {
    app.add_option_function<std::string>(
           name,
           [name, &seconds](const std::string& text) {
               const auto time = seconds_of(text);
               if (!time)
                   throw CLI::ValidationError(
                       name, text + " is not a time, expected seconds or hours:minutes:seconds");
               seconds = *time;
           },
           description)
        ->type_name("TIME");
}

/// "0-3" or "1:30-1:33".
pipeline::RestInterval interval_of(const std::string& text) {
    const auto dash = std::min(text.find('-'), text.size());
    const auto from_s = seconds_of(text.substr(0, dash));
    const auto until_s = seconds_of(text.substr(std::min(dash + 1, text.size())));
    if (!from_s || !until_s || *until_s <= *from_s)
        throw ConfigError("--neutral " + one_line(text) +
                          ": expected two times such as 0-3 or 1:30-1:33, the earlier one first");
    return {*from_s, *until_s};
}

}  // namespace

void add_recorded_options(CLI::App& app, RecordedOptions& options) {
    add_time(app, "--start", options.start_s, "Start videos at this time, seconds or h:m:s; default: 0");
    add_time(app, "--end", options.end_s, "End videos at this time; default: their end");
    app.add_option("--every", options.every,
                   "Search every Nth frame of a video; the frames between keep its labels; default: 1")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000).description(""));
    app.add_option("--fps", options.fps,
                   "Frames per second of recordings and pipes without times: numbered pictures\n"
                   "(img%04d.jpg), MJPEG, raw H.264; default: the rate in the stream, or 25")
        ->type_name("N")
        ->check(CLI::Range(0.001, 1000.0).description(""));
    app.add_flag(
        "--causal", options.causal,
        "Label recordings as if live, using only earlier frames;\ndefault: smooth in both directions");
    app.add_option_function<std::string>(
           "--neutral", [&](const std::string& text) { options.rest = interval_of(text); },
           "Learn between these times how each face looks at rest, and afterwards label how\nit differs from "
           "that; default: treat all faces alike")
        ->type_name("START-END");
    app.add_option("--jobs", options.jobs, "Files to process at the same time, 0: one per core; default: 1")
        ->type_name("N")
        ->check(CLI::Range(0, 1024).description(""));
    app.add_flag("--skip-done", options.skip_done,
                 "Skip sources whose own outputs all exist, for several sources in folders;\ndefault: "
                 "process all again");
}

void check(const RecordedOptions& options) {
    if (options.end_s <= options.start_s)
        throw ConfigError("--end: is not after --start, expected a later time");
    if (options.rest && (options.rest->until_s <= options.start_s || options.rest->until_s > options.end_s))
        throw ConfigError("--neutral: ends outside of --start and --end, expected a time between them");
}

}  // namespace emotion::apps
