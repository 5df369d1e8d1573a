#include "results/output_table.hpp"
#include "results/text_output.hpp"

namespace emotion::results {
namespace {

/// Writes counts and times of a run as JSON when it ends.
class StatsOutput : public FrameOutput {
  public:
    StatsOutput(const std::string& target, const pipeline::RunStats& stats)
        : stats_(stats), file_(target, TextOutput::Growth::kBeside) {}

    void write(const faces::FrameResult&, drawing::Canvas&) override {}
    void finish() override {
        file_.write(pipeline::stats_json(stats_));
        file_.finish();
    }

  private:
    const pipeline::RunStats& stats_;
    TextOutput file_;
};

}  // namespace

std::unique_ptr<FrameOutput> make_stats_output(const std::string& target, const OutputContext& context) {
    return std::make_unique<StatsOutput>(target, context.stats);
}

}  // namespace emotion::results
