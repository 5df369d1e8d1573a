#include "media/video/video_clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "media/video/continuous_clock.hpp"

extern "C" {
#include <libavutil/parseutils.h>
}

namespace emotion::media {
namespace {

/// From Matroska's tag for the stream; the container's duration is that of the longest stream, which may be
/// the sound. Infinite if missing.
double tagged_duration_s(const AVStream& stream) {
    const auto* tag = av_dict_get(stream.metadata, "DURATION", nullptr, AV_DICT_IGNORE_SUFFIX);
    std::int64_t microseconds = 0;
    const bool reported = tag && av_parse_time(&microseconds, tag->value, 1) >= 0 && microseconds > 0;
    return reported ? static_cast<double>(microseconds) / AV_TIME_BASE
                    : std::numeric_limits<double>::infinity();
}

/// The duration of a frame from its packet, in ticks; 0 if unspecified.
std::int64_t stored_duration(const AVFrame& decoded) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return decoded.duration;
#else
    return decoded.pkt_duration;
#endif
}

}  // namespace

Rational rational_rate(double fps) {
    constexpr int kMax = 60'000;
    const auto rate = av_d2q(fps, kMax);
    return {rate.num, rate.den};
}

VideoClock::VideoClock(AVFormatContext& container, AVStream& stream, const AVFrame& first, SourceKind kind,
                       std::optional<double> counted_fps)
    : counted_(counted_fps.has_value()), tick_{stream.time_base.num, stream.time_base.den} {
    if (counted_fps) {
        const auto rate = rational_rate(*counted_fps);
        tick_ = {rate.den, rate.num};  // each frame lasts one
        fps_ = *counted_fps;
        return;
    }
    const double fps = av_q2d(av_guess_frame_rate(&container, &stream, const_cast<AVFrame*>(&first)));
    if (std::isfinite(fps) && fps > 0.0) fps_ = fps;
    nominal_ticks_ = std::max<std::int64_t>(1, std::llround(1.0 / (fps_ * tick_.value())));
    first_pts_ = pts_of(first);
    zero_pts_ = zero_of(container, first, kind);
    end_s_ = end_of(container, stream);
}

/// A clock without an origin counts from the first picture; only sound that starts long before it belongs to
/// the recording, otherwise it results from how streams are cut and multiplexed.
std::int64_t VideoClock::zero_of(const AVFormatContext& container, const AVFrame& first,
                                 SourceKind kind) const {
    constexpr double kLongBefore_s = 1.0;
    if (kind == SourceKind::kLive || first.best_effort_timestamp == AV_NOPTS_VALUE) return first_pts_;
    const auto zero = static_cast<std::int64_t>(std::llround(clock_zero_s(container) / tick_.value()));
    const bool long_before = to_seconds(first_pts_ - zero) > kLongBefore_s;
    return has_own_zero(container) || long_before ? std::min(first_pts_, zero) : first_pts_;
}

double VideoClock::end_of(const AVFormatContext& container, const AVStream& stream) const {
    if (stream.duration > 0) {
        // FFmpeg may take the time of a later picture that comes first in the file for the start.
        const auto start =
            stream.start_time == AV_NOPTS_VALUE ? first_pts_ : std::min(first_pts_, stream.start_time);
        return to_seconds(start + stream.duration - zero_pts_);
    }
    if (container.duration <= 0) return 0.0;
    const double duration_s =
        std::min(static_cast<double>(container.duration) / AV_TIME_BASE, tagged_duration_s(stream));
    const bool reports_duration = std::string_view(container.iformat->name).starts_with("matroska");
    const bool from_zero = reports_duration || container.start_time == AV_NOPTS_VALUE;
    const double start_s = from_zero ? 0.0 : static_cast<double>(container.start_time) / AV_TIME_BASE;
    return start_s + duration_s - zero_s();
}

std::optional<std::int64_t> VideoClock::pts_at(double time_s) const {
    const double pts = static_cast<double>(zero_pts_) + std::ceil(time_s / tick_.value() - 1e-6);
    constexpr double kNoClockGoesSoFar = 9e18;
    if (pts > kNoClockGoesSoFar) return std::nullopt;
    return static_cast<std::int64_t>(pts);
}

std::int64_t VideoClock::pts_of(const AVFrame& decoded) const {
    const auto reported = counted_ ? AV_NOPTS_VALUE : decoded.best_effort_timestamp;
    if (last_pts_ == INT64_MIN) return reported == AV_NOPTS_VALUE ? 0 : reported;
    return reported == AV_NOPTS_VALUE || reported <= last_pts_ ? last_pts_ + nominal_ticks_ : reported;
}

void VideoClock::show(const AVFrame& decoded) {
    last_pts_ = pts_of(decoded);
    last_ticks_ = ticks_of(decoded);
}

/// The duration of a frame; 0 if unspecified or, within rounding, nominal.
std::int64_t VideoClock::ticks_of(const AVFrame& decoded) const {
    const auto reported = stored_duration(decoded);
    return counted_ || reported <= 0 || std::abs(reported - nominal_ticks_) <= 1 ? 0 : reported;
}

double ArrivalClock::now_s() {
    const auto now = std::chrono::steady_clock::now();
    if (!first_) first_ = now;
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - *first_).count();
    last_microseconds_ = std::max<std::int64_t>(passed, last_microseconds_ + 1);
    return static_cast<double>(last_microseconds_) * kTick.value();
}

}  // namespace emotion::media
