#include <memory>
#include <string>
#include <utility>

#include "media/frame_sink.hpp"
#include "results/output_table.hpp"

namespace emotion::results {
namespace {

/// The annotated video or picture of a source.
class VideoOutput : public FrameOutput {
  public:
    VideoOutput(std::string target, media::WarningHandler warn)
        : target_(std::move(target)), warn_(std::move(warn)) {}

    void start(const media::SourceInfo& source) override {
        sink_ = media::make_file_sink(target_, source, warn_);
    }
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override {
        if (const auto decoded = canvas.drawn_decoded())
            sink_->write(result.time_s, decoded);
        else
            sink_->write(result.time_s, canvas.drawn(canvas.written_view()));
    }
    void end(const SourceEnd& how) override {
        if (how.last_frame_s > 0.0) sink_->last_frame_lasts(how.last_frame_s);
        if (how.continues) sink_->cut_short();
    }
    void finish() override { sink_->finish(); }

  private:
    std::string target_;
    media::WarningHandler warn_;
    std::unique_ptr<media::FrameSink> sink_;  ///< from start() on
};

}  // namespace

std::unique_ptr<FrameOutput> make_video_output(const std::string& target, const OutputContext& context) {
    return std::make_unique<VideoOutput>(target, context.warn);
}

}  // namespace emotion::results
