#pragma once

#include <string>
#include <vector>

#include "base/subprocess.hpp"
#include "media/notes.hpp"
#include "model/model_card.hpp"
#include "pipeline/label_events.hpp"
#include "results/frame_output.hpp"

namespace emotion::results {

/// One --on: what to run when a label has held for so long.
struct LabelCommand {
    std::string label;
    double seconds = 0.0;
    std::vector<std::string> words;  ///< the program, looked up in PATH, and its arguments
};

/// Reads `when`, "LABEL:SECONDS", and `command`, words parted by spaces, where quotes of either kind keep
/// spaces in a word. No shell sees it: nothing else has a meaning. Throws ConfigError.
LabelCommand parse_label_command(const std::string& when, const std::string& command);

/// Runs commands when labels have held. What is known of the event reaches them as environment variables:
/// EMOTION_LABEL, EMOTION_CONFIDENCE, EMOTION_TRACK, EMOTION_TIME_S and EMOTION_SOURCE. Nobody waits for
/// them; their standard input is empty and what they print goes to stderr.
class LabelCommands : public FrameOutput {
  public:
    /// Throws ConfigError for a label that the model does not show.
    LabelCommands(std::vector<LabelCommand> commands, const model::ModelCard& card, media::Notes warn);

    /// No label holds from one source to the next.
    void start(const media::SourceInfo& source) override;
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;

  private:
    void run(const LabelCommand& command, const faces::FrameResult& result,
             const pipeline::LabelEvent& event);
    void reap();

    std::vector<LabelCommand> commands_;
    std::vector<pipeline::LabelRule> rules_;
    media::Notes warn_;
    pipeline::LabelEvents events_;
    std::vector<Subprocess> running_;
};

}  // namespace emotion::results
