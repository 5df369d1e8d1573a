#include "media/turned_source.hpp"

#include <utility>

#include "base/error.hpp"

namespace emotion::media {
namespace {

SourceInfo turned(SourceInfo info, Orientation turn) {
    if (!swaps_sides(turn)) return info;
    std::swap(info.width, info.height);
    std::swap(info.stored.width, info.stored.height);
    std::swap(info.pixel_aspect.num, info.pixel_aspect.den);
    return info;
}

class TurnedSource : public FrameSource {
  public:
    TurnedSource(std::unique_ptr<FrameSource> source, Orientation turn)
        : source_(std::move(source)), turn_(turn), info_(turned(source_->info(), turn)) {}

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        auto frame = source_->next();
        if (!frame) return frame;
        frame->bgr = oriented(frame->bgr, turn_);
        if (!frame->gray.empty()) frame->gray = oriented(frame->gray, turn_);
        if (swaps_sides(turn_)) std::swap(frame->stored.width, frame->stored.height);
        return frame;
    }

  private:
    std::unique_ptr<FrameSource> source_;
    Orientation turn_;
    SourceInfo info_;
};

}  // namespace

std::unique_ptr<FrameSource> make_turned(std::unique_ptr<FrameSource> source, Orientation turn) {
    if (turn == Orientation::kAsStored) return source;
    if (source->info().kind != SourceKind::kLive)
        throw Error(source->info().name +
                    ": is not a camera or live stream, and only their pictures can be rotated; a file "
                    "contains its own orientation, which a program for pictures or ffmpeg -i FILE -c copy "
                    "-metadata:s:v rotate=90 (FFmpeg 6 and later: -display_rotation) changes");
    return std::make_unique<TurnedSource>(std::move(source), turn);
}

}  // namespace emotion::media
