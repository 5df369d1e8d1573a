#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include <opencv2/core.hpp>

extern "C" {
#include <libavutil/parseutils.h>
}

#include "base/error.hpp"
#include "media/address.hpp"
#include "media/left_out.hpp"
#include "media/sources.hpp"
#include "media/video/seen_frame.hpp"
#include "media/video/video_decoder.hpp"

namespace emotion::media {
namespace {

using Clock = std::chrono::steady_clock;

/// A video that ends this much earlier than its container's duration causes a warning.
constexpr double kMissedSeconds = 1.0;
constexpr Rational kMicroseconds{1, 1'000'000};

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

/// Whether frames come without times, so that FFmpeg counts them up at a rate that it guesses: pictures one
/// after the other, and the bare streams of encoders, which it does not mark so.
bool brings_no_times(const AVInputFormat& format) {
    constexpr std::array<std::string_view, 9> kBare{"h264", "hevc", "vvc", "m4v",      "mpegvideo",
                                                    "h261", "h263", "vc1", "cavsvideo"};
    return (format.flags & AVFMT_NOTIMESTAMPS) ||
           std::find(kBare.begin(), kBare.end(), std::string_view(format.name)) != kBare.end();
}

class VideoSource : public FrameSource {
  public:
    VideoSource(const std::string& name, bool remote, std::unique_ptr<VideoDecoder> decoder,
                const OpenOptions& options)
        : stop_(options.stop),
          name_(name),
          remote_(remote),
          decoder_(std::move(decoder)),
          pending_(decoder_->next()),
          warn_(options.warn),
          pixels_(options.pixels) {
        info_.name = shown_name(name);
        if (!pending_)
            throw Error(info_.name +
                        ": none of its frames can be decoded, expected an undamaged video or picture");
        if (!sws_isSupportedInput(static_cast<AVPixelFormat>(pending_->format)))
            throw Error(info_.name +
                        ": its pixel format is not supported; convert it, for example to H.264 in .mp4");
        describe_times(*pending_);
        describe_pictures(*pending_);
        if (warn_)
            for (const auto& line : left_out(decoder_->container(), decoder_->stream(), remote ? "" : name))
                warn_(info_.name + ": " + line);
        if (options.start_s > 0.0 && info_.kind == SourceKind::kRecording) skip_to(options.start_s);
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        if (ended_) return std::nullopt;
        const auto* decoded = pending_ ? std::exchange(pending_, nullptr) : decoder_->next();
        if (!decoded) {
            ended_ = true;
            if (!stop_.stop_requested()) warn_of_early_end();
            return std::nullopt;
        }
        last_pts_ = presentation_time(*decoded);
        const auto showing = showing_of(decoder_->container(), decoder_->stream(), *decoded);
        const bool decoded_suffices =
            info_.decoded_colors && can_stay_decoded(*decoded, showing) && showing.stored == info_.stored;
        const auto pixels = pixels_ == Pixels::kDecoded && !decoded_suffices ? Pixels::kBgr : pixels_;
        auto frame = seen_.make(*decoded, showing, pixels, info_.kind == SourceKind::kLive);
        frame.index = next_index_++;
        frame.time_s = invented_times_ ? since_first_frame_s() : seconds();
        frame.duration_s = static_cast<double>(duration_of(*decoded)) * ticks_.value();
        last_duration_s_ = frame.duration_s;
        return frame;
    }

  private:
    void describe_pictures(const AVFrame& first);
    void describe_times(const AVFrame& first);
    std::int64_t zero_of_clock(const AVFrame& first) const;
    double expected_end_s() const;
    void skip_to(double start_s);
    void open_anew();
    bool skip_packets(std::int64_t start_pts);
    void skip_frames(std::int64_t start_pts);
    Error nothing_from(double start_s) const;
    std::int64_t presentation_time(const AVFrame& decoded) const;
    std::int64_t duration_of(const AVFrame& decoded) const;
    double since_first_frame_s();
    double seconds() const { return static_cast<double>(last_pts_ - zero_pts_) * ticks_.value(); }
    void warn_of_early_end() const;

    const std::stop_token stop_;
    const std::string name_;
    const bool remote_;
    std::unique_ptr<VideoDecoder> decoder_;
    const AVFrame* pending_;
    WarningHandler warn_;
    Pixels pixels_;
    SourceInfo info_;
    SeenFrame seen_;
    Rational ticks_;  ///< of the stream's clock, in seconds
    double expected_end_s_ = 0.0, last_duration_s_ = 0.0;
    std::int64_t next_index_ = 0, zero_pts_ = 0, first_pts_ = 0, last_pts_ = INT64_MIN, nominal_ticks_ = 1;
    bool ended_ = false;
    bool invented_times_ = false;  ///< the container has none; times of arrival are used
    std::optional<Clock::time_point> first_arrived_;
    std::int64_t last_microseconds_ = -1;
};

void VideoSource::describe_pictures(const AVFrame& first) {
    const auto showing = showing_of(decoder_->container(), decoder_->stream(), first);
    if (!showing.orientation_exact && warn_)
        warn_(info_.name + ": its rotation is not a multiple of 90 degrees; the nearest one is used");
    info_.width = showing.seen.width;
    info_.height = showing.seen.height;
    info_.stored = showing.stored;
    info_.pixel_aspect = showing.pixel_aspect;
    const int range = first.format == AV_PIX_FMT_YUVJ420P ? AVCOL_RANGE_JPEG : first.color_range;
    info_.colors = {first.colorspace, range, first.color_primaries, first.color_trc};
    if (info_.kind == SourceKind::kLive) pixels_ = Pixels::kBgr;
    if (pixels_ == Pixels::kDecoded && can_stay_decoded(first, showing)) info_.decoded_colors = info_.colors;
}

void VideoSource::describe_times(const AVFrame& first) {
    auto& container = decoder_->container();
    auto& stream = decoder_->stream();
    const bool endless = container.duration <= 0;
    info_.kind = remote_ && endless ? SourceKind::kLive : SourceKind::kRecording;
    invented_times_ = info_.kind == SourceKind::kLive && brings_no_times(*container.iformat);
    ticks_ = {stream.time_base.num, stream.time_base.den};
    info_.time_base = invented_times_ ? kMicroseconds : ticks_;
    const double fps = av_q2d(av_guess_frame_rate(&container, &stream, const_cast<AVFrame*>(&first)));
    info_.fps = std::isfinite(fps) && fps > 0.0 ? fps : kDefaultFps;
    nominal_ticks_ = std::max<std::int64_t>(1, std::llround(1.0 / (info_.fps * ticks_.value())));
    if (invented_times_) info_.fps = 0.0;

    first_pts_ = presentation_time(first);
    zero_pts_ = zero_of_clock(first);
    info_.clock_zero_s = static_cast<double>(zero_pts_) * ticks_.value();
    if (!remote_) info_.sound_file = name_;

    expected_end_s_ = expected_end_s();
    const double first_s = static_cast<double>(first_pts_ - zero_pts_) * ticks_.value();
    info_.frames = stream.nb_frames > 0 ? stream.nb_frames
                                        : std::llround(std::max(0.0, expected_end_s_ - first_s) * info_.fps);
}

/// In ticks. A clock without an origin counts from the first picture; only sound that starts long before it
/// belongs to the recording, otherwise it results from how streams are cut and multiplexed.
std::int64_t VideoSource::zero_of_clock(const AVFrame& first) const {
    constexpr double kLongBefore_s = 1.0;
    if (info_.kind == SourceKind::kLive || first.best_effort_timestamp == AV_NOPTS_VALUE) return first_pts_;
    const auto& container = decoder_->container();
    const auto zero = static_cast<std::int64_t>(std::llround(clock_zero_s(container) / ticks_.value()));
    const bool long_before = static_cast<double>(first_pts_ - zero) * ticks_.value() > kLongBefore_s;
    return has_own_zero(container) || long_before ? std::min(first_pts_, zero) : first_pts_;
}

/// When the last frame ends on the file's clock, according to the container; 0 if unspecified.
double VideoSource::expected_end_s() const {
    const auto& container = decoder_->container();
    const auto& stream = decoder_->stream();
    if (stream.duration > 0) {
        const auto start = stream.start_time == AV_NOPTS_VALUE ? first_pts_ : stream.start_time;
        return static_cast<double>(start + stream.duration - zero_pts_) * ticks_.value();
    }
    if (container.duration <= 0) return 0.0;
    const double duration_s =
        std::min(static_cast<double>(container.duration) / AV_TIME_BASE, tagged_duration_s(stream));
    const bool reports_duration = std::string_view(container.iformat->name).starts_with("matroska");
    const bool from_zero = reports_duration || container.start_time == AV_NOPTS_VALUE;
    const double start_s = from_zero ? 0.0 : static_cast<double>(container.start_time) / AV_TIME_BASE;
    return start_s + duration_s - info_.clock_zero_s;
}

/// Decoding restarts, because the first frame has been decoded to get the video's properties.
void VideoSource::skip_to(double start_s) {
    const double start = static_cast<double>(zero_pts_) + std::ceil(start_s / ticks_.value() - 1e-6);
    constexpr double kNoClockGoesSoFar = 9e18;
    if (start > kNoClockGoesSoFar) throw nothing_from(start_s);
    const auto start_pts = static_cast<std::int64_t>(start);
    info_.start_s = start_s;
    if (!skip_packets(start_pts)) skip_frames(start_pts);
    if (!pending_) throw nothing_from(start_s);
}

void VideoSource::open_anew() {
    decoder_.reset();  // some servers accept one connection at a time
    decoder_ = std::make_unique<VideoDecoder>(name_, remote_, stop_);
    last_pts_ = INT64_MIN;
}

/// Decodes from the last possible position before the start. False if the numbers of packets and frames
/// differ there, so that skipped frames cannot be counted by packets: some hold half a frame, or one that is
/// never displayed.
bool VideoSource::skip_packets(std::int64_t start_pts) {
    open_anew();
    const auto skipped = decoder_->skip_to(first_pts_, start_pts);
    if (!skipped) return false;
    std::int64_t decoded = 0;
    while ((pending_ = decoder_->next())) {
        const auto shown_at = presentation_time(*pending_);
        if (shown_at >= start_pts) break;
        last_pts_ = shown_at;
        if (shown_at >= skipped->begin_pts) ++decoded;
    }
    next_index_ = skipped->frames;
    return decoded == skipped->decoded;
}

/// Decodes and drops everything before the start.
void VideoSource::skip_frames(std::int64_t start_pts) {
    open_anew();
    next_index_ = 0;
    while ((pending_ = decoder_->next())) {
        const auto shown_at = presentation_time(*pending_);
        if (shown_at >= start_pts) return;
        last_pts_ = shown_at;
        ++next_index_;
    }
}

Error VideoSource::nothing_from(double start_s) const {
    std::ostringstream line;
    line << info_.name << ": has no frame from second " << start_s << " on";
    return Error(line.str());
}

/// In units of the stream's clock. A nominal step if it is unspecified or decreases.
std::int64_t VideoSource::presentation_time(const AVFrame& decoded) const {
    const auto reported = decoded.best_effort_timestamp;
    if (last_pts_ == INT64_MIN) return reported == AV_NOPTS_VALUE ? 0 : reported;
    return reported == AV_NOPTS_VALUE || reported <= last_pts_ ? last_pts_ + nominal_ticks_ : reported;
}

/// A difference from the nominal duration within rounding is ignored.
std::int64_t VideoSource::duration_of(const AVFrame& decoded) const {
    const auto reported = stored_duration(decoded);
    return reported <= 0 || std::abs(reported - nominal_ticks_) <= 1 ? 0 : reported;
}

/// Always later than the previous frame.
double VideoSource::since_first_frame_s() {
    const auto now = Clock::now();
    if (!first_arrived_) first_arrived_ = now;
    const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now - *first_arrived_).count();
    last_microseconds_ = std::max<std::int64_t>(passed, last_microseconds_ + 1);
    return static_cast<double>(last_microseconds_) * kMicroseconds.value();
}

void VideoSource::warn_of_early_end() const {
    const int reason = decoder_->end_reason();
    if (info_.kind == SourceKind::kLive && reason != AVERROR_EOF)
        throw Error(info_.name + ": the stream was interrupted (" + libav::reason(reason) + ")");
    if (!warn_) return;
    const double end_s = seconds() + last_duration_s_;
    if (reason != AVERROR_EOF || end_s + kMissedSeconds < expected_end_s_) {
        std::ostringstream line;
        line << info_.name << ": ends after " << std::fixed << std::setprecision(1) << end_s << " of "
             << expected_end_s_ << " seconds; it may be damaged or cut short";
        warn_(line.str());
    }
    if (const int jumps = decoder_->clock_jumps(); jumps > 0)
        warn_(info_.name + ": its clock restarts " +
              (jumps == 1 ? "once" : std::to_string(jumps) + " times") +
              "; what follows is taken to come directly after what was before");
    if (decoder_->damaged() > 0)
        warn_(info_.name + ": is damaged, " + std::to_string(decoder_->damaged()) +
              " of its packets could not be decoded");
}

/// Whether this is a single picture, as on a website, rather than a stream.
bool is_picture(const AVFormatContext& container) {
    return std::string_view(container.iformat->name).ends_with("_pipe") && avio_size(container.pb) > 0;
}

}  // namespace

std::unique_ptr<FrameSource> open_video(const std::string& name, bool remote, const OpenOptions& options) {
    auto decoder = std::make_unique<VideoDecoder>(name, remote, options.stop);
    if (!remote || !is_picture(decoder->container()))
        return std::make_unique<VideoSource>(name, remote, std::move(decoder), options);
    decoder.reset();  // some servers accept one connection at a time
    return open_remote_picture(name, options);
}

}  // namespace emotion::media
