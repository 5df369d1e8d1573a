#include "media/video/video_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <opencv2/core/utility.hpp>

#include "base/error.hpp"
#include "media/address.hpp"
#include "media/frame.hpp"
#include "media/sources.hpp"
#include "media/video/servers.hpp"

namespace emotion::media {
namespace {

/// Decoders pass through any value from the file, but an enum must not hold undefined values.
template <typename Tag>
void keep_if_known(Tag& tag, Tag end, Tag unspecified) {
    static_assert(sizeof(Tag) == sizeof(int));
    int number = 0;
    std::memcpy(&number, &tag, sizeof number);
    if (number < 0 || number >= static_cast<int>(end)) tag = unspecified;
}

void keep_known_colors(AVFrame& frame) {
    keep_if_known(frame.colorspace, AVCOL_SPC_NB, AVCOL_SPC_UNSPECIFIED);
    keep_if_known(frame.color_range, AVCOL_RANGE_NB, AVCOL_RANGE_UNSPECIFIED);
    keep_if_known(frame.color_primaries, AVCOL_PRI_NB, AVCOL_PRI_UNSPECIFIED);
    keep_if_known(frame.color_trc, AVCOL_TRC_NB, AVCOL_TRC_UNSPECIFIED);
}

}  // namespace

VideoDecoder::VideoDecoder(const std::string& name, bool remote, const std::stop_token& stop)
    : stop_(std::make_unique<const std::stop_token>(stop)),
      container_(is_pipe(name) ? libav::open_pipe(name, *pipe_.emplace(name, stop_.get()).io(), stop_.get())
                               : libav::open_input(name, remote, stop_.get())) {
    choose_stream(shown_name(name));
    open_codec(shown_name(name), remote);
    clock_.emplace(*container_);
    const bool unknown_end = clock_may_jump(*container_) || has_no_times(*container_);
    if ((!remote || pipe_) && unknown_end && LastGroup::can_tell(codec_->id)) last_group_.emplace();
}

void VideoDecoder::choose_stream(const std::string& name) {
    const int index = av_find_best_stream(container_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &codec_, 0);
    if (index == AVERROR_DECODER_NOT_FOUND)
        throw libav::NoVideo(
            name +
            ": this FFmpeg has no decoder for its video format; convert it, for example to H.264 in .mp4");
    const bool found = index >= 0 &&
                       !(container_->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) &&
                       codec_->id != AV_CODEC_ID_ANSI;  // any text can be mistaken for it
    if (!found && libav::is_called_web_page(*container_)) throw libav::web_page_error(name);
    if (!found)
        throw libav::NoVideo(name + ": holds no video, expected a video, a picture or a folder of these");
    choose_streams(*container_, index);
    stream_ = container_->streams[index];
}

void VideoDecoder::open_codec(const std::string& name, bool remote) {
    decoder_.reset(avcodec_alloc_context3(codec_));
    int failed = avcodec_parameters_to_context(decoder_.get(), stream_->codecpar);
    decoder_->pkt_timebase = stream_->time_base;
    if (has_no_times(*container_)) decoder_->framerate = {0, 1};  // newer versions pass their guess on
    decoder_->max_pixels = kMaxPixels;
    decoder_->thread_count = std::max(1, cv::getNumThreads());
    if (remote) decoder_->thread_type = FF_THREAD_SLICE;  // frame threads would add latency
    if (failed >= 0) failed = avcodec_open2(decoder_.get(), codec_, nullptr);
    if (failed < 0)
        throw Error(name + ": its video cannot be decoded (" + libav::reason(failed) +
                    "); convert it, for example to H.264 in .mp4");
}

const AVFrame* VideoDecoder::next() {
    if (!again_.empty()) {
        frame_ = std::move(again_.front());
        again_.pop_front();
        return frame_.get();
    }
    constexpr int kMaxFailuresAtEnd = 1000;
    for (int failures_at_end = 0; failures_at_end < kMaxFailuresAtEnd;) {
        const int received = avcodec_receive_frame(decoder_.get(), frame_.get());
        if (received >= 0) {
            keep_known_colors(*frame_);
            return frame_.get();
        }
        if (received == AVERROR_EOF) return nullptr;
        if (received != AVERROR(EAGAIN)) ++damaged_;
        if (draining_)
            ++failures_at_end;
        else
            feed();
    }
    return nullptr;
}

std::optional<VideoDecoder::Skipped> VideoDecoder::skip_to(std::int64_t first_pts, std::int64_t pts) {
    Skipped skipped;
    for (std::int64_t decoded_at = INT64_MIN; decoded_at <= pts && read() >= 0;
         av_packet_unref(packet_.get())) {
        if (packet_->stream_index != stream_->index) continue;
        const auto shown_at = packet_->pts != AV_NOPTS_VALUE ? packet_->pts : packet_->dts;
        decoded_at = packet_->dts != AV_NOPTS_VALUE ? packet_->dts : shown_at;
        const bool timeless = shown_at == AV_NOPTS_VALUE && waiting_.empty();
        if ((packet_->flags & AV_PKT_FLAG_KEY) && shown_at < pts) {
            waiting_.clear();
            skipped.begin_pts = shown_at;
            skipped.decoded = 0;
        }
        const bool counts =
            !(packet_->flags & AV_PKT_FLAG_DISCARD) && shown_at >= first_pts && shown_at < pts;
        if (counts) ++skipped.frames;
        if (counts && shown_at >= skipped.begin_pts) ++skipped.decoded;
        waiting_.emplace_back(av_packet_clone(packet_.get()));
        if (timeless) return std::nullopt;
    }
    return skipped;
}

bool VideoDecoder::is_cut_short() const {
    return ends_inside_packet_ || (last_group_ && last_group_->ends_inside_picture(*codec_, *stream_));
}

/// The next packet of any selected stream, on the continuous clock.
int VideoDecoder::read() {
    const int result = av_read_frame(container_.get(), packet_.get());
    if (result < 0) return result;
    ends_inside_packet_ = (packet_->flags & AV_PKT_FLAG_CORRUPT) != 0;
    clock_->correct(*packet_);
    return result;
}

/// Sends the next packet to the decoder, or the end.
void VideoDecoder::feed() {
    if (!waiting_.empty()) {
        packet_ = std::move(waiting_.front());
        waiting_.pop_front();
    } else if (const int failed = read(); failed < 0) {
        if (failed == AVERROR(EAGAIN)) return;
        end_reason_ = failed;
        draining_ = true;
        avcodec_send_packet(decoder_.get(), nullptr);
        return;
    }
    if (packet_->stream_index == stream_->index) {
        if (last_group_) last_group_->add(*packet_);
        if (avcodec_send_packet(decoder_.get(), packet_.get()) < 0) ++damaged_;
    }
    av_packet_unref(packet_.get());
}

}  // namespace emotion::media
