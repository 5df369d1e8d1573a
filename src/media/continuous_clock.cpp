#include "media/continuous_clock.hpp"

#include <algorithm>
#include <string_view>

extern "C" {
#include <libavutil/mathematics.h>
}

namespace emotion::media {
namespace {

constexpr AVRational kMicroseconds{1, 1'000'000};
/// A clock that goes back by less is a little wrong, and has not begun anew.
constexpr std::int64_t kJump = 300'000;
/// So far a stream may be from where the others are when they have begun anew.
constexpr std::int64_t kEarlier = 1'000'000, kLater = 10'000'000;

}  // namespace

bool clock_may_jump(const AVFormatContext& container) {
    return (container.iformat->flags & AVFMT_TS_DISCONT) ||
           std::string_view(container.iformat->name) == "flv";
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
        const auto& told = *container.streams[i];
        Stream stream;
        stream.time_base = told.time_base;
        stream.video = told.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
        constexpr int kNoWrap = 62;
        if (told.pts_wrap_bits < kNoWrap)
            stream.half_wrap =
                av_rescale_q(std::int64_t{1} << (told.pts_wrap_bits - 1), told.time_base, kMicroseconds);
        streams_.push_back(stream);
    }
}

void ContinuousClock::mend(AVPacket& packet) {
    if (!may_jump_ || packet.stream_index >= static_cast<int>(streams_.size())) return;
    auto& stream = streams_[static_cast<std::size_t>(packet.stream_index)];
    const auto ticks = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (ticks != AV_NOPTS_VALUE) {
        const auto told = av_rescale_q(ticks, stream.time_base, kMicroseconds);
        // FFmpeg takes a clock that goes far back for one that has run over, and lets it go on ahead.
        const bool back = told < stream.last - kJump || told - stream.last > stream.half_wrap;
        if (!stream.seen) stream.part = offsets_.size() - 1;
        if (stream.seen && back) change_part(stream, told);
        stream.seen = true;
        stream.last = told;
        const auto duration = av_rescale_q(packet.duration, stream.time_base, kMicroseconds);
        const auto offset = offsets_[stream.part];
        stream.end = told + offset + duration;
        const auto shown =
            packet.pts != AV_NOPTS_VALUE ? av_rescale_q(packet.pts, stream.time_base, kMicroseconds) : told;
        stream.shown_end = std::max(stream.shown_end, shown + offset + duration);
    }
    const auto shift = av_rescale_q(offsets_[stream.part], kMicroseconds, stream.time_base);
    if (packet.pts != AV_NOPTS_VALUE) packet.pts += shift;
    if (packet.dts != AV_NOPTS_VALUE) packet.dts += shift;
}

/// The stream goes on where others have begun anew before it, or begins a part of its own.
void ContinuousClock::change_part(Stream& stream, std::int64_t told) {
    for (auto part = stream.part + 1; part < offsets_.size(); ++part) {
        const auto ahead = told + offsets_[part] - stream.end;
        if (ahead < -kEarlier || ahead > kLater) continue;
        stream.part = part;
        return;
    }
    // Pictures follow each other without a gap, unless the sound before goes on for longer.
    auto begin = stream.end;
    for (const auto& other : streams_) {
        if (!other.seen || &other == &stream) continue;
        if (stream.video)
            begin = std::max(begin, stream.end + other.shown_end - stream.shown_end);
        else
            begin = std::max(begin, other.end);
    }
    stream.part = offsets_.size();
    offsets_.push_back(begin - told);
}

}  // namespace emotion::media
