#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "media/warning_handler.hpp"
#include "model/model_card.hpp"
#include "pipeline/run_stats.hpp"
#include "results/frame_output.hpp"

namespace emotion::results {

class RemoteControl;

/// The frames that an output gets.
enum class Scope { kRecording, kLiveSource, kRun };

/// Parameters of the page in the browser.
struct ServeContext {
    RemoteControl* remote = nullptr;  ///< null: no keys are handled
    std::string token;                ///< required by the page; empty: none was given
};

/// Everything needed to create an output. Referenced objects must outlive it.
struct OutputContext {
    const model::ModelCard& card;
    const pipeline::RunStats& stats;
    media::WarningHandler warn;
    Scope scope = Scope::kRecording;
    ServeContext serve = {};
};

/// Which sources can share one file of an output.
enum class Sharing {
    kSource,       ///< one source per file; several sources need a folder
    kSourceOrRun,  ///< one source, or all if one file or "-" is given for several
    kRun           ///< of all
};

/// What an output needs of a frame in addition to its result.
enum class Needs { kResult, kDrawing, kPixels };

/// Creates an output. Throws Error if it cannot be written to.
using OutputFactory = std::unique_ptr<FrameOutput>(const std::string& target, const OutputContext& context);

/// An output option of the command line.
struct OutputKind {
    std::string_view option;  ///< "--csv"
    const char* help;
    /// The extension of its files in a folder; annotated pictures keep their own. Null: it is not written to
    /// a file, and there is one for the whole run.
    const char* ending;
    Sharing sharing;
    bool of_live_sources;
    Needs needs;
    void (*check_name)(const std::string& target);  ///< throws ConfigError; null: any name is valid
    OutputFactory* make;
    const char* value = nullptr;  ///< name of the value in the help; null: a file
    bool at_own_pace = false;     ///< recordings are processed no faster than they play
};

/// All kinds of outputs, in the order in which a frame is written. Command line and help, file plan,
/// --skip-done, overlap checks, --jobs and the doctor are derived from it: a new output is a class and a row
/// here.
std::span<const OutputKind> output_kinds();

/// The kind of `option`. Throws std::out_of_range for an unknown option.
const OutputKind& output_kind(std::string_view option);

/// The files or other targets of outputs, by option.
using OutputTargets = std::map<std::string, std::string, std::less<>>;

}  // namespace emotion::results
