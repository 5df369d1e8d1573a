#pragma once

#include <string>
#include <vector>

#include "base/subprocess.hpp"
#include "media/warning_handler.hpp"
#include "model/model_card.hpp"
#include "pipeline/label_events.hpp"
#include "results/frame_output.hpp"

namespace emotion::results {

/// An --on option: a command to run when a label has been shown for this long.
struct LabelCommand {
    std::string label;
    double seconds = 0.0;
    std::vector<std::string> words;  ///< the program, found through PATH, and its arguments
};

/// Parses `when`, "LABEL:SECONDS", and `command`, words separated by spaces, where single or double quotes
/// keep spaces in a word. No shell is involved, so nothing else is special. Throws ConfigError.
LabelCommand parse_label_command(const std::string& when, const std::string& command);

/// Runs commands when labels have held. The event is passed in environment variables: EMOTION_LABEL,
/// EMOTION_CONFIDENCE, EMOTION_TRACK, EMOTION_TIME_S and EMOTION_SOURCE. Commands run in the background with
/// empty standard input, and their output goes to stderr.
class LabelCommands : public FrameOutput {
  public:
    /// Throws ConfigError for a label that the model does not show, or a program that is not there.
    LabelCommands(std::vector<LabelCommand> commands, const model::ModelCard& card,
                  media::WarningHandler warn);

    /// Labels do not hold across sources.
    void start(const media::SourceInfo& source) override;
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;

  private:
    void run(const LabelCommand& command, const faces::FrameResult& result,
             const pipeline::LabelEvent& event);
    void reap();

    std::vector<LabelCommand> commands_;
    std::vector<pipeline::LabelRule> rules_;
    media::WarningHandler warn_;
    pipeline::LabelEvents events_;
    std::vector<Subprocess> running_;
};

}  // namespace emotion::results
