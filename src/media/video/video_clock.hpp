#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "media/frame_source.hpp"
#include "media/video/libav.hpp"

namespace emotion::media {

/// A number of frames per second, > 0, as a fraction.
Rational rational_rate(double fps);

/// The times of a video's frames on the file's own clock, in ticks of the stream. Not thread-safe.
class VideoClock {
  public:
    /// `first` is the first decoded frame of `stream`. A live stream counts from it. With `counted_fps`
    /// frames are counted at this rate, whatever their times.
    VideoClock(AVFormatContext& container, AVStream& stream, const AVFrame& first, SourceKind kind,
               std::optional<double> counted_fps = {});

    Rational tick() const { return tick_; }                  ///< in seconds
    double fps() const { return fps_; }                      ///< nominal
    double zero_s() const { return to_seconds(zero_pts_); }  ///< time 0 on the container's clock
    double first_s() const { return to_seconds(first_pts_ - zero_pts_); }  ///< time of the first frame
    double end_s() const { return end_s_; }  ///< end of the last frame, from the container; 0: unspecified
    std::int64_t first_pts() const { return first_pts_; }
    /// The first tick at or after a time; nullopt beyond the clock's range.
    std::optional<std::int64_t> pts_at(double time_s) const;

    /// When `decoded` is displayed, following the frames shown so far: a nominal step after the last one if
    /// its time is unspecified or decreases.
    std::int64_t pts_of(const AVFrame& decoded) const;
    /// Counts `decoded` as the last frame shown.
    void show(const AVFrame& decoded);
    /// Forgets the frames shown, when decoding restarts.
    void restart() { last_pts_ = INT64_MIN; }
    double shown_s() const { return to_seconds(last_pts_ - zero_pts_); }  ///< time of the last frame shown
    double shown_for_s() const { return to_seconds(last_ticks_); }  ///< its duration; 0: until the next one

  private:
    double to_seconds(std::int64_t ticks) const { return static_cast<double>(ticks) * tick_.value(); }
    std::int64_t zero_of(const AVFormatContext& container, const AVFrame& first, SourceKind kind) const;
    double end_of(const AVFormatContext& container, const AVStream& stream) const;
    std::int64_t ticks_of(const AVFrame& decoded) const;

    const bool counted_;
    Rational tick_;
    double fps_ = kDefaultFps;
    std::int64_t nominal_ticks_ = 1;
    std::int64_t first_pts_ = 0, zero_pts_ = 0;
    double end_s_ = 0.0;
    std::int64_t last_pts_ = INT64_MIN, last_ticks_ = 0;
};

/// Times frames by their arrival, for streams that store no times. Not thread-safe.
class ArrivalClock {
  public:
    static constexpr Rational kTick{1, 1'000'000};

    /// Seconds since the first call, a multiple of kTick, always later than the previous one.
    double now_s();

  private:
    std::optional<std::chrono::steady_clock::time_point> first_;
    std::int64_t last_microseconds_ = -1;
};

}  // namespace emotion::media
