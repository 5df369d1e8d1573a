#include "apps/detector/sources.hpp"

#include <algorithm>
#include <iostream>

#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
#include "faces/haar_cascade.hpp"
#include "media/sources.hpp"
#include "model/model_card.hpp"

namespace emotion::apps {
namespace {

/// The files a run reads besides its sources.
std::vector<NamedFile> files_read(const DetectorOptions& options, const pipeline::DetectorConfig& config) {
    return {
        {"the model card", options.model},
        {"the model's weights", options.model.parent_path() / model::read_card(options.model).weights_file},
        {"the settings file", options.config},
        {"the face cascade", config.haar.cascade.empty() ? faces::default_cascade() : config.haar.cascade}};
}

/// A file that is shared would be replaced by one without the sources that are skipped.
void refuse_incomplete(const results::OutputTargets& shared) {
    for (const auto& [option, file] : shared)
        if (results::output_kind(option).sharing != results::Sharing::kRun && file != "-" &&
            is_regular_or_new(file))
            throw ConfigError(option + " " + file +
                              ": would lose the sources that are skipped, expected a folder (DIR/) with "
                              "--skip-done");
}

void refuse_for_live_sources(const std::vector<std::string>& given, const std::vector<Source>& sources) {
    const auto live = std::ranges::find_if(
        sources, [](const auto& name) { return is_camera(name) || media::is_pipe(name); }, &Source::name);
    if (given.empty() || live == sources.end()) return;
    const std::string kind = is_camera(live->name) ? "camera " : "the pipe ";
    throw ConfigError(given.front() + ": is only for recordings, and " +
                      (live->name.empty() ? "the first camera" : kind + live->shown) +
                      " is live, leave it out or give a recording as SOURCE");
}

void refuse_to_read_twice(const std::vector<Source>& sources) {
    const auto is_input = [](const Source& source) {
        return source.name == media::kStandardInput && media::is_pipe(source.name);
    };
    if (std::ranges::count_if(sources, is_input) > 1)
        throw ConfigError("standard input is given twice as SOURCE, and can be read once");
}

}  // namespace

bool is_camera(const std::string& name) {
    return name.empty() || media::camera_number(name);
}

void say(const std::string& message) {
    static const std::string wipe = ::isatty(STDERR_FILENO) ? "\r\033[K" : "";  // clears a progress bar
    std::cerr << wipe + "emotion-detector: " + one_line(message, std::string::npos) + '\n';
}

std::vector<Source> sources_to_do(const DetectorOptions& options, const pipeline::DetectorConfig& config,
                                  OutputPlan& plan) {
    auto sources = expand_sources(
        options.sources, [&](const auto& file, const auto& folder) { return plan.holds(file, folder); }, say);
    plan.leave_results_out(sources, options.sources);
    refuse_for_live_sources(only_for_recordings(options), sources);
    refuse_to_read_twice(sources);
    const auto takes_fps = [](const Source& source) { return media::takes_fps(source.name); };
    if (options.recorded.fps && std::none_of(sources.begin(), sources.end(), takes_fps))
        throw ConfigError(
            "--fps: is only for recordings that store no times, such as numbered pictures (img%04d.jpg) or "
            "raw H.264, and for pipes, and no source is one, leave it out");
    plan.protect(sources, files_read(options, config));
    if (!options.recorded.skip_done) return sources;
    refuse_incomplete(plan.shared());
    const auto all = sources.size();
    std::erase_if(sources, [&](const Source& source) {
        return !media::is_pipe(source.name) && plan.is_done(source, media::is_picture_file(source.name));
    });
    if (sources.size() < all)
        say("skipped " + std::to_string(all - sources.size()) + " of " + std::to_string(all) +
            " sources that are done already");
    return sources;
}

std::string list_of_failed(const std::vector<std::string>& failed, std::size_t sources) {
    return std::to_string(failed.size()) + " of " + std::to_string(sources) +
           " sources failed: " + join(failed);
}

}  // namespace emotion::apps
