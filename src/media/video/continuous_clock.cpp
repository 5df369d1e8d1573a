#include "media/video/continuous_clock.hpp"

#include <algorithm>
#include <array>
#include <string_view>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace emotion::media {
namespace {

constexpr AVRational kMicroseconds{1, 1'000'000};
/// Smaller steps backward are inaccuracies rather than a restart.
constexpr std::int64_t kJump = 300'000;
/// The range around the other streams in which a stream has restarted with them.
constexpr std::int64_t kEarlier = 1'000'000, kLater = 10'000'000;

}  // namespace

bool clock_may_jump(const AVFormatContext& container) {
    return (container.iformat->flags & AVFMT_TS_DISCONT) ||
           std::string_view(container.iformat->name) == "flv";
}

bool has_no_times(const AVFormatContext& container) {
    // FFmpeg does not mark these.
    constexpr std::array<std::string_view, 16> kBare{
        "av1",  "avs2", "avs3", "cavsvideo", "dirac",     "dnxhd", "evc", "h261",
        "h263", "h264", "hevc", "m4v",       "mpegvideo", "obu",   "vc1", "vvc"};
    const std::string_view name = container.iformat->name;
    return (container.iformat->flags & AVFMT_NOTIMESTAMPS) || name.ends_with("_pipe") ||
           std::find(kBare.begin(), kBare.end(), name) != kBare.end();
}

void choose_streams(AVFormatContext& container, int video) {
    for (unsigned i = 0; i < container.nb_streams; ++i) {
        auto& stream = *container.streams[i];
        const bool sound = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
        const bool read = static_cast<int>(i) == video || (sound && clock_may_jump(container));
        stream.discard = read ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
}

bool has_own_zero(const AVFormatContext& container) {
    return !(container.iformat->flags & AVFMT_TS_DISCONT);
}

double clock_zero_s(const AVFormatContext& container) {
    if (has_own_zero(container) || container.start_time == AV_NOPTS_VALUE) return 0.0;
    return static_cast<double>(container.start_time) / AV_TIME_BASE;
}

ContinuousClock::ContinuousClock(const AVFormatContext& container) : may_jump_(clock_may_jump(container)) {
    for (unsigned i = 0; i < container.nb_streams; ++i) {
        const auto& source = *container.streams[i];
        Stream stream;
        stream.time_base = source.time_base;
        stream.video = source.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
        constexpr int kNoWrap = 62;
        if (source.pts_wrap_bits < kNoWrap)
            stream.half_wrap =
                av_rescale_q(std::int64_t{1} << (source.pts_wrap_bits - 1), source.time_base, kMicroseconds);
        streams_.push_back(stream);
    }
}

void ContinuousClock::correct(AVPacket& packet) {
    if (!may_jump_ || packet.stream_index >= static_cast<int>(streams_.size())) return;
    auto& stream = streams_[static_cast<std::size_t>(packet.stream_index)];
    const auto ticks = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (ticks != AV_NOPTS_VALUE) {
        const auto time = av_rescale_q(ticks, stream.time_base, kMicroseconds);
        // FFmpeg mistakes a large step backward for a wraparound and continues ahead.
        const bool back = time < stream.last - kJump || time - stream.last > stream.half_wrap;
        if (!stream.seen) stream.part = offsets_.size() - 1;
        if (stream.seen && back) change_part(stream, time);
        stream.seen = true;
        stream.last = time;
        const auto duration = av_rescale_q(packet.duration, stream.time_base, kMicroseconds);
        const auto offset = offsets_[stream.part];
        stream.end = time + offset + duration;
        const auto shown =
            packet.pts != AV_NOPTS_VALUE ? av_rescale_q(packet.pts, stream.time_base, kMicroseconds) : time;
        stream.shown_end = std::max(stream.shown_end, shown + offset + duration);
    }
    const auto shift = av_rescale_q(offsets_[stream.part], kMicroseconds, stream.time_base);
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += shift;
    if (packet.dts != AV_NOPTS_VALUE) packet.dts += shift;
}

/// Joins other streams that have already restarted, or starts a new part.
void ContinuousClock::change_part(Stream& stream, std::int64_t time) {
    for (auto part = stream.part + 1; part < offsets_.size(); ++part) {
        const auto ahead = time + offsets_[part] - stream.end;
        if (ahead < -kEarlier || ahead > kLater) continue;
        stream.part = part;
        return;
    }
    // Pictures continue without a gap, unless the preceding sound is longer.
    auto begin = stream.end;
    for (const auto& other : streams_) {
        if (!other.seen || &other == &stream) continue;
        if (stream.video)
            begin = std::max(begin, stream.end + other.shown_end - stream.shown_end);
        else
            begin = std::max(begin, other.end);
    }
    stream.part = offsets_.size();
    offsets_.push_back(begin - time);
}

}  // namespace emotion::media
