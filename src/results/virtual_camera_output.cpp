#include <memory>
#include <string>

#include "media/cameras/virtual_camera.hpp"
#include "results/output_table.hpp"

namespace emotion::results {
namespace {

/// Provides annotated pictures as a camera to other programs. All sources are scaled to the size of the
/// first.
class VirtualCameraOutput : public FrameOutput {
  public:
    explicit VirtualCameraOutput(const std::string& device) : camera_(media::open_virtual_camera(device)) {}

    void start(const media::SourceInfo& source) override { fps_ = source.fps; }
    void write(const faces::FrameResult&, drawing::Canvas& canvas) override {
        const auto& picture = canvas.drawn(canvas.written_view());
        if (!started_) camera_->start(picture.size(), fps_);
        started_ = true;
        camera_->write(picture);
    }

  private:
    const std::unique_ptr<media::VirtualCamera> camera_;
    double fps_ = 0.0;  ///< of the source; 0: unknown
    bool started_ = false;
};

}  // namespace

std::unique_ptr<FrameOutput> make_virtual_camera_output(const std::string& target, const OutputContext&) {
    return std::make_unique<VirtualCameraOutput>(target);
}

}  // namespace emotion::results
