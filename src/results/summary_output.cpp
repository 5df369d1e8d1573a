#include <optional>
#include <string>
#include <vector>

#include "results/output_table.hpp"
#include "results/recording_summary.hpp"
#include "results/text_output.hpp"

namespace emotion::results {
namespace {

/// Summaries of recordings: JSON for names ending in .json, otherwise text. Live sources have none; without
/// any summary an existing file is left as it was.
class SummaryOutput : public FrameOutput {
  public:
    SummaryOutput(const std::string& target, const OutputContext& context)
        : classes_(context.card.classes),
          json_(target.ends_with(".json")),
          file_(target, TextOutput::Growth::kBeside) {}

    void start(const media::SourceInfo& source) override {
        if (source.kind == media::SourceKind::kLive)
            builder_.reset();
        else
            builder_.emplace(source.name, classes_.size());
    }
    void write(const faces::FrameResult& result, drawing::Canvas&) override {
        if (builder_) builder_->add(result);
    }
    void end(const SourceEnd& how) override {
        if (builder_) summaries_.push_back(builder_->finish(how.last_frame_s));
        builder_.reset();
    }
    void finish() override {
        if (summaries_.empty()) return;
        file_.write(json_ ? summary_json(summaries_, classes_) : summary_text(summaries_, classes_));
        file_.finish();
    }

  private:
    std::vector<std::string> classes_;
    bool json_;
    TextOutput file_;
    std::optional<SummaryBuilder> builder_;  ///< of the current recording
    std::vector<RecordingSummary> summaries_;
};

}  // namespace

std::unique_ptr<FrameOutput> make_summary_output(const std::string& target, const OutputContext& context) {
    return std::make_unique<SummaryOutput>(target, context);
}

}  // namespace emotion::results
