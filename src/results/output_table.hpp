#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "media/notes.hpp"
#include "model/model_card.hpp"
#include "pipeline/run_stats.hpp"
#include "results/frame_output.hpp"

namespace emotion::results {

class RemoteControl;

/// What the frames are of that an output gets.
enum class Scope { kRecording, kLiveSource, kRun };

/// What a page in the browser is made with.
struct ServeContext {
    RemoteControl* remote = nullptr;  ///< null: nobody handles keys
    std::string token;                ///< that it asks for; empty: none was named
};

/// What an output is made with. Referenced things outlive it.
struct OutputContext {
    const model::ModelCard& card;
    const pipeline::RunStats& stats;
    media::Notes warn;
    Scope scope = Scope::kRecording;
    ServeContext serve = {};
};

/// Whose frames one file of an output may hold.
enum class Sharing {
    kSource,       ///< those of one source; several sources need a folder
    kSourceOrRun,  ///< of one source, or of all if one file or "-" is named for several
    kRun           ///< of all
};

/// What an output needs of a frame beside its result.
enum class Needs { kResult, kDrawing, kPixels };

/// Makes an output. Throws Error if it cannot be written to.
using OutputFactory = std::unique_ptr<FrameOutput>(const std::string& target, const OutputContext& context);

/// A kind of output that the command line can ask for.
struct OutputKind {
    std::string_view option;  ///< "--csv"
    const char* help;
    /// Of its files in a folder of outputs; a picture that is drawn on keeps its own. Null: it is written to
    /// no file, and there is one for the whole run.
    const char* ending;
    Sharing sharing;
    bool of_live_sources;
    Needs needs;
    void (*check_name)(const std::string& target);  ///< throws ConfigError; null: any name will do
    OutputFactory* make;
    const char* value = nullptr;  ///< of the option, as the help names it; null: a file
    bool at_own_pace = false;     ///< recordings are worked on no faster than they play
};

/// Every kind there is, in the order in which a frame is written. The command line and its help, the plan of
/// files, --skip-done, the checks of overlaps, --jobs and the doctor read it: a new output is a class of its
/// own and a row here.
std::span<const OutputKind> output_kinds();

/// The kind of `option`. Throws std::out_of_range for an option that is none.
const OutputKind& output_kind(std::string_view option);

/// The files of outputs, or what else they are written to, by option.
using OutputTargets = std::map<std::string, std::string, std::less<>>;

}  // namespace emotion::results
