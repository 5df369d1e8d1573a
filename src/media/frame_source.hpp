#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "media/frame.hpp"
#include "media/notes.hpp"

namespace emotion::media {

struct Rational {
    int num = 0, den = 1;
    double value() const { return static_cast<double>(num) / den; }
    bool operator==(const Rational&) const = default;
};

/// How a decoded picture's numbers stand for colours, in FFmpeg's numbers (AVColorSpace and so on).
struct ColorTags {
    int space = 0, range = 0, primaries = 0, transfer = 0;
};

/// Frames a second, taken for what does not say its rate.
inline constexpr double kUsualFps = 25.0;

/// What is known of a source before its first frame is asked for.
struct SourceInfo {
    std::string name;             ///< as the user wrote it; goes into the results
    int width = 0, height = 0;    ///< of the first frame, as it is shown
    double fps = 0.0;             ///< nominal; 0: pictures, or live and not known
    std::int64_t frames = 0;      ///< as the container says, an estimate; 0 where unknown
    bool live = false;            ///< a camera or stream: time passes by itself
    Rational time_base{1, 1000};  ///< seconds; every Frame::time_s is a whole number of these
    Rational pixel_aspect{1, 1};  ///< width to height of one pixel as it is to be shown
    double clock_start_s = 0.0;   ///< files: what the file's own clock shows at time_s 0
    std::string sound_file;       ///< the file whose sound goes with the frames; empty: there is none
    ColorTags colors{};           ///< of a video, as it is stored; 0 or 2: not said
    std::optional<ColorTags> decoded_colors;  ///< of Frame::decoded; nullopt: no frame comes so
};

/// Where frames come from: a camera, a video file, a picture, a folder of pictures, a stream. Not
/// thread-safe.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    virtual const SourceInfo& info() const = 0;
    /// The next frame, never empty and in pixels of its own; nullopt at the end, however often it is asked.
    /// Index and time begin at 0, or where in a file the first frame stands; time never goes backwards.
    /// Throws Error when frames can no longer be had (a camera unplugged, a stream broken off); a damaged
    /// file gives what can be decoded and a note.
    virtual std::optional<Frame> next() = 0;
    /// From now on frames may come in grey alone, with an empty Frame::bgr, where that is cheaper.
    virtual void gray_suffices() {}
    /// From now on frames may come as they were decoded, with grey and an empty Frame::bgr, if
    /// info().decoded_colors is set by this; those that differ from the first in kind or size still do not.
    virtual void decoded_suffices() {}
};

/// Opens what the user named: "" (the first camera that opens), a camera number, "/dev/videoN", a URL, a
/// video, a picture or a folder of pictures (in natural order, taken as one second apart; what is no picture
/// is left out with a note). The content decides between picture and video, not the ending. Nothing but a URL
/// makes network connections. As many threads as cv::getNumThreads() decode a video. What is neither live
/// nor pictures is given from its second `start_s` on, its frames counted and timed from its own start all
/// the same. Throws Error with one line that names the source and what to do. Once `stop` is asked for,
/// nobody waits for a camera or stream any longer: opening it throws Error, and its next() is at the end.
std::unique_ptr<FrameSource> open_source(const std::string& name, Notes notes = {}, double start_s = 0.0,
                                         const std::stop_token& stop = {});

}  // namespace emotion::media
