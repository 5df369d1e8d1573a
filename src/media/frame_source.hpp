#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "media/frame.hpp"
#include "media/orientation.hpp"
#include "media/warning_handler.hpp"

namespace emotion::media {

struct Rational {
    int num = 0, den = 1;
    double value() const { return static_cast<double>(num) / den; }
    bool operator==(const Rational&) const = default;
};

/// The color interpretation of decoded pictures, as FFmpeg's enums (AVColorSpace etc.).
struct ColorTags {
    int space = 0, range = 0, primaries = 0, transfer = 0;
};

/// Frames per second where a source does not specify its rate.
inline constexpr double kDefaultFps = 25.0;

enum class SourceKind {
    kPicture,    ///< a picture or a folder of them, one second apart
    kRecording,  ///< a video with an end
    kLive        ///< a camera or stream, in real time
};

/// Properties of a source known before its first frame is read.
struct SourceInfo {
    std::string name;  ///< as the user wrote it, a URL without its secrets; used in results
    SourceKind kind = SourceKind::kRecording;
    int width = 0, height = 0;    ///< of the first frame as displayed: upright, with square pixels
    cv::Size stored{};            ///< of the upright first frame as stored; empty: the same size
    double fps = 0.0;             ///< nominal; 0: pictures, or live and unknown
    std::int64_t frames = 0;      ///< estimate of the container; 0 if unknown
    Rational time_base{1, 1000};  ///< in seconds; every Frame::time_s is a multiple
    Rational pixel_aspect{1, 1};  ///< width to height of a stored pixel of the upright picture
    double clock_zero_s = 0.0;    ///< files: the container's clock at time_s 0
    double start_s = 0.0;         ///< recordings: the start requested by OpenOptions
    std::string sound_file;       ///< the file whose sound accompanies the frames; empty: none
    bool loses_sound = false;     ///< there is sound, but not in a file, from which alone it is copied
    int field_order = 0;          ///< of a video, as FFmpeg's AVFieldOrder; above 1: interlaced
    ColorTags colors{};           ///< of a video, as stored; 0 or 2: unspecified
    std::optional<ColorTags> decoded_colors{};  ///< of Frame::decoded; nullopt: never set

    cv::Size stored_size() const { return stored.empty() ? cv::Size(width, height) : stored; }
};

/// Provides frames: a camera, a video file, a picture, a folder of pictures, a stream. Not thread-safe.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    virtual const SourceInfo& info() const = 0;
    /// The next frame, never empty and with pixels of its own; nullopt at and after the end. In a file, index
    /// and time count from the first frame; time never decreases. Throws Error if no more frames can be read
    /// (a camera is unplugged, a stream is interrupted); a damaged file provides what can be decoded and a
    /// warning.
    virtual std::optional<Frame> next() = 0;
};

/// The minimum that frames of a recording must provide; everything else always comes in BGR.
enum class Pixels {
    kBgr,      ///< Frame::bgr, and gray if available
    kDecoded,  ///< Frame::decoded and gray, if SourceInfo::decoded_colors is set; otherwise, and for frames
               ///< that differ from the first in kind or size, as kBgr
    kGray      ///< only gray where that is cheaper
};

/// The mode requested of a camera. Compressed frames (MJPG) are preferred, because raw ones rarely fit
/// through USB at full rate. The camera chooses the closest mode.
struct CameraRequest {
    int width = 640, height = 480;
    double fps = 30.0;
};

struct OpenOptions {
    WarningHandler warn{};
    double start_s = 0.0;  ///< recordings: skip frames before this time
    Pixels pixels = Pixels::kBgr;
    CameraRequest camera{};
    Orientation turn = Orientation::kAsStored;  ///< cameras and live streams: rotation of each frame
    std::stop_token stop{};                     ///< stops waiting for a camera or stream
    /// Numbered pictures, and recordings and pipes that store no times: frames per second, > 0, even if the
    /// stream of an encoder has a rate of its own; unset: that rate, or kDefaultFps, and for pipes the times
    /// of arrival. Others are not changed.
    std::optional<double> fps{};
};

/// Opens a source: "" (the first camera that opens), a camera number, "/dev/videoN", a URL, a video, a
/// picture, numbered pictures ("img%04d.jpg") or a folder of pictures (in natural order, a second apart;
/// others are skipped with a warning). Videos are recognized by content, not extension. Only a URL makes
/// network connections. A video is decoded by cv::getNumThreads() threads. Frames of a recording are counted
/// from its first one regardless of the start, and timed by its own clock. Throws a one-line Error naming the
/// source and a remedy. Once a stop is requested, opening a camera or stream throws Error, and its next() is
/// at the end.
std::unique_ptr<FrameSource> open_source(const std::string& name, const OpenOptions& options = {});

}  // namespace emotion::media
