#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "media/frame.hpp"
#include "media/notes.hpp"
#include "media/orientation.hpp"

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

enum class SourceKind {
    kPicture,    ///< a picture or a folder of them, one second apart
    kRecording,  ///< a video with an end
    kLive        ///< a camera or stream: time passes by itself
};

/// What is known of a source before its first frame is asked for.
struct SourceInfo {
    std::string name;  ///< as the user wrote it, an address without its secrets; goes into the results
    SourceKind kind = SourceKind::kRecording;
    int width = 0, height = 0;    ///< of the first frame, as people see it: upright, with square pixels
    cv::Size stored{};            ///< of the first frame as it is stored, upright; empty: the same size
    double fps = 0.0;             ///< nominal; 0: pictures, or live and not known
    std::int64_t frames = 0;      ///< as the container says, an estimate; 0 where unknown
    Rational time_base{1, 1000};  ///< seconds; every Frame::time_s is a whole number of these
    Rational pixel_aspect{1, 1};  ///< width to height of one stored pixel of the upright picture
    double clock_zero_s = 0.0;    ///< files: what the container's clock shows at time_s 0
    double start_s = 0.0;         ///< recordings: where they were begun, as OpenOptions says
    std::string sound_file;       ///< the file whose sound goes with the frames; empty: there is none
    ColorTags colors{};           ///< of a video, as it is stored; 0 or 2: not said
    std::optional<ColorTags> decoded_colors{};  ///< of Frame::decoded; nullopt: no frame comes so

    cv::Size stored_size() const { return stored.empty() ? cv::Size(width, height) : stored; }
};

/// Where frames come from: a camera, a video file, a picture, a folder of pictures, a stream. Not
/// thread-safe.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    virtual const SourceInfo& info() const = 0;
    /// The next frame, never empty and in pixels of its own; nullopt at the end, however often it is asked.
    /// Index and time begin where in a file the first frame stands; time never goes backwards. Throws Error
    /// when frames can no longer be had (a camera unplugged, a stream broken off); a damaged file gives what
    /// can be decoded and a note.
    virtual std::optional<Frame> next() = 0;
};

/// The least that the frames of a recording must bring along; everything else always comes in BGR.
enum class Pixels {
    kBgr,      ///< Frame::bgr, and grey where it is at hand
    kDecoded,  ///< Frame::decoded and grey, if SourceInfo::decoded_colors is set; else, and for frames that
               ///< differ from the first in kind or size, as kBgr
    kGray      ///< grey alone where that is cheaper
};

/// What a camera is asked for, first of all for compressed frames (MJPG), as raw ones rarely fit through USB
/// at full rate. It gives what comes nearest.
struct CameraRequest {
    int width = 640, height = 480;
    double fps = 30.0;
};

struct OpenOptions {
    Notes notes{};
    double start_s = 0.0;  ///< recordings: the first frame is the one shown from this second of theirs on
    Pixels pixels = Pixels::kBgr;
    CameraRequest camera{};
    Orientation turn = Orientation::kAsStored;  ///< cameras and live streams: what is done to each frame
    std::stop_token stop{};  ///< once asked for, nobody waits for a camera or stream any longer
};

/// Opens what the user named: "" (the first camera that opens), a camera number, "/dev/videoN", a URL, a
/// video, a picture, numbered pictures ("img%04d.jpg") or a folder of pictures (in natural order, a second
/// apart; others are left out with a note). The content decides if it is a video, not the ending. Only a URL
/// makes network connections. As many threads as cv::getNumThreads() decode a video. The frames of a
/// recording are counted from its own first one wherever it is begun, and timed by its own clock. Throws
/// Error with one line that names the source and what to do. Once a stop is asked for, opening a camera or
/// stream throws Error, and its next() is at the end.
std::unique_ptr<FrameSource> open_source(const std::string& name, const OpenOptions& options = {});

}  // namespace emotion::media
