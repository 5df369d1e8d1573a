#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/bgr_converter.hpp"
#include "media/libav.hpp"
#include "media/sinks.hpp"
#include "media/sound_track.hpp"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
}

namespace emotion::media {
namespace {

constexpr const char* kPieceMicroseconds = "1000000";

/// MPEG-4's clock has 16 bits; a container without times counts frames.
AVRational time_base_for(const SourceInfo& info, const VideoFormat& format, AVCodecID codec) {
    const AVRational frame_rate = av_d2q(info.fps > 0 ? info.fps : kUsualFps, 60'000);
    if (format.constant_rate) return av_inv_q(frame_rate);
    constexpr int kMaxMpeg4Clock = 65'535;
    if (codec == AV_CODEC_ID_MPEG4 && info.time_base.den > kMaxMpeg4Clock) return {1, 60'000};
    return {info.time_base.num, info.time_base.den};
}

/// As OpenCV converts; said, because players would guess something else for large pictures. What red, green
/// and blue are and how bright, as in the wide ranges of today's phones, is still the source's.
ColorTags colors_from_bgr(const ColorTags& stored) {
    const auto told = [](int tag, int usual) {
        return tag == 0 || tag == AVCOL_PRI_UNSPECIFIED ? usual : tag;
    };
    return {AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, told(stored.primaries, AVCOL_PRI_SMPTE170M),
            told(stored.transfer, AVCOL_TRC_SMPTE170M)};
}

class VideoSink : public FrameSink {
  public:
    VideoSink(const std::filesystem::path& target, const VideoFormat& format, const SourceInfo& info,
              Notes notes);

    void write(double time_s, const cv::Mat& canvas) override;
    void write(double time_s, const DecodedPicture& picture) override;
    void cut_short() override { cut_short_ = true; }
    void last_frame_lasts(double seconds) override { last_frame_s_ = seconds; }
    void finish() override;

  private:
    [[noreturn]] void fail(const std::string& what, int error) const;
    void check(int result, const std::string& what) const {
        if (result < 0) fail(what, result);
    }
    libav::Codec open_encoder(const char* name, const SourceInfo& info) const;
    void open_any_encoder(const SourceInfo& info);
    void open_container(const SourceInfo& info);
    void add_pictures(const SourceInfo& info);
    double frame_s() const { return static_cast<double>(nominal_ticks_) * av_q2d(encoder_->time_base); }
    double last_frame_s() const { return last_frame_s_ > 0.0 ? last_frame_s_ : frame_s(); }
    void convert(const cv::Mat& canvas);
    double longest_step_s() const;
    void leave_out(double gap_s);
    void begin(double time_s);
    void encode(double time_s);
    void take_packets();
    void write_packet(AVPacket& packet);
    void write_last_packet();
    void put_together();

    std::filesystem::path target_;
    VideoFormat format_;
    Notes notes_;
    PartFile part_;
    std::optional<ColorTags> as_decoded_;  // the colours of the pictures to come
    BgrToDecoded to_decoded_;              // for those among them that come in BGR
    libav::Codec encoder_;
    libav::Output output_;
    AVStream* stream_ = nullptr;
    std::optional<SoundTrack> sound_;
    libav::Frame picture_{av_frame_alloc()};
    libav::Packet packet_{av_packet_alloc()};
    libav::Packet held_{av_packet_alloc()};  ///< the newest, as the last one's duration comes later
    std::int64_t frames_ = 0, last_pts_ = -1, nominal_ticks_ = 1, first_pts_ = 0, first_dts_ = AV_NOPTS_VALUE;
    const double start_s_;
    double first_s_ = 0.0, last_s_ = 0.0, last_frame_s_ = 0.0, last_packet_s_ = 0.0;
    bool cut_short_ = false, told_of_gap_ = false;
};

VideoSink::VideoSink(const std::filesystem::path& target, const VideoFormat& format, const SourceInfo& info,
                     Notes notes)
    : target_(target),
      format_(format),
      notes_(std::move(notes)),
      part_(target),
      as_decoded_(info.decoded_colors),
      start_s_(info.start_s) {
    if (info.width < 1 || info.height < 1)
        throw std::invalid_argument("a video without a size, expected pixels");
    libav::be_quiet();
    open_any_encoder(info);
    open_container(info);
}

void VideoSink::fail(const std::string& what, int error) const {
    throw Error(target_.string() + ": " + what + ": " + libav::reason(error));
}

/// Null if it is not there, or does not work here for this video.
libav::Codec VideoSink::open_encoder(const char* name, const SourceInfo& info) const {
    const AVCodec* codec = avcodec_find_encoder_by_name(name);
    if (!codec) return {};
    libav::Codec encoder(avcodec_alloc_context3(codec));
    const auto stored = info.stored_size();
    encoder->width = stored.width + stored.width % 2;
    encoder->height = stored.height + stored.height % 2;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    const auto colors = info.decoded_colors.value_or(colors_from_bgr(info.colors));
    encoder->colorspace = static_cast<AVColorSpace>(colors.space);
    encoder->color_range = static_cast<AVColorRange>(colors.range);
    encoder->color_primaries = static_cast<AVColorPrimaries>(colors.primaries);
    encoder->color_trc = static_cast<AVColorTransferCharacteristic>(colors.transfer);
    encoder->time_base = time_base_for(info, format_, codec->id);
    encoder->framerate = av_d2q(info.fps > 0 ? info.fps : kUsualFps, 60'000);
    encoder->sample_aspect_ratio = {info.pixel_aspect.num, info.pixel_aspect.den};
    encoder->thread_count = std::max(1, cv::getNumThreads());
    if (codec->id == AV_CODEC_ID_H264) {
        av_opt_set(encoder->priv_data, "preset", "veryfast", 0);
        const bool by_quality = av_opt_set(encoder->priv_data, "crf", "20", 0) >= 0;
        constexpr double kBitsPerPixel = 0.15;
        if (!by_quality)
            encoder->bit_rate =
                std::llround(kBitsPerPixel * encoder->width * encoder->height * av_q2d(encoder->framerate));
    } else {
        encoder->flags |= AV_CODEC_FLAG_QSCALE;
        encoder->global_quality = 3 * FF_QP2LAMBDA;
    }
    if (const auto* muxer = av_guess_format(format_.muxer, nullptr, nullptr);
        muxer && (muxer->flags & AVFMT_GLOBALHEADER))
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (avcodec_open2(encoder.get(), codec, nullptr) < 0) return {};
    return encoder;
}

void VideoSink::open_any_encoder(const SourceInfo& info) {
    std::string tried;
    for (const char* name : format_.encoders) {
        if (!name) break;
        encoder_ = open_encoder(name, info);
        if (encoder_) {
            if (notes_ && !tried.empty() && encoder_->codec_id != AV_CODEC_ID_H264)
                notes_(target_.string() + ": written with " + name + ", as none of " + tried +
                       " works here; FFmpeg with libx264 would make a smaller file that browsers play");
            return;
        }
        tried += (tried.empty() ? "" : ", ") + std::string(name);
    }
    throw Error(target_.string() + ": no encoder works here for " + std::to_string(info.width) + "x" +
                std::to_string(info.height) + " pixels, tried " + tried +
                "; install FFmpeg with libx264, or choose another ending");
}

void VideoSink::open_container(const SourceInfo& info) {
    output_ = libav::open_output(part_.path(), format_.muxer, target_.string());
    output_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    add_pictures(info);
    if (!info.sound_file.empty()) sound_.emplace(info.sound_file, info.clock_zero_s, *output_, notes_);
    if (format_.in_pieces) {
        av_opt_set(output_->priv_data, "movflags", "+delay_moov+default_base_moof", 0);
        av_opt_set(output_->priv_data, "frag_duration", kPieceMicroseconds, 0);
    }
    const int failed = avformat_write_header(output_.get(), nullptr);
    if (failed < 0 && sound_ && !sound_->empty()) {
        if (notes_)
            notes_(target_.string() +
                   ": written without the sound, which does not fit: " + libav::reason(failed));
        sound_.reset();
        auto silent = info;
        silent.sound_file.clear();
        open_container(silent);
        return;
    }
    check(failed, "cannot be written");
}

void VideoSink::add_pictures(const SourceInfo& info) {
    stream_ = avformat_new_stream(output_.get(), nullptr);
    if (!stream_) throw std::bad_alloc();
    check(avcodec_parameters_from_context(stream_->codecpar, encoder_.get()), "cannot be written");
    stream_->time_base = encoder_->time_base;
    stream_->avg_frame_rate = encoder_->framerate;
    stream_->sample_aspect_ratio = encoder_->sample_aspect_ratio;
    nominal_ticks_ = std::max<std::int64_t>(
        1, std::llround(1.0 / ((info.fps > 0 ? info.fps : kUsualFps) * av_q2d(encoder_->time_base))));
}

/// The canvas as picture_, in the encoder's size and colours; an odd edge is repeated.
void VideoSink::convert(const cv::Mat& canvas) {
    if (canvas.type() != CV_8UC3 || canvas.empty())
        throw std::invalid_argument("a canvas of type " + std::to_string(canvas.type()) +
                                    ", expected CV_8UC3");
    const int width = encoder_->width, height = encoder_->height;
    cv::Mat bgr = canvas;
    const int right = width - canvas.cols, below = height - canvas.rows;
    if (right < 0 || right > 1 || below < 0 || below > 1)
        cv::resize(canvas, bgr, {width, height}, 0, 0, cv::INTER_AREA);
    else if (right || below)
        cv::copyMakeBorder(canvas, bgr, 0, below, 0, right, cv::BORDER_REPLICATE | cv::BORDER_ISOLATED);

    // A buffer of its own, as the encoder keeps frames that it has not come to yet.
    av_frame_unref(picture_.get());
    picture_->format = encoder_->pix_fmt;
    picture_->width = width;
    picture_->height = height;
    if (as_decoded_) {
        to_decoded_.convert(bgr, *as_decoded_, *picture_);
        return;
    }
    picture_->buf[0] =
        av_buffer_alloc(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3 / 2);
    if (!picture_->buf[0]) throw std::bad_alloc();
    cv::Mat planes(height * 3 / 2, width, CV_8UC1, picture_->buf[0]->data);
    cv::cvtColor(bgr, planes, cv::COLOR_BGR2YUV_I420);
    av_image_fill_arrays(picture_->data, picture_->linesize, planes.data, encoder_->pix_fmt, width, height,
                         1);
}

void VideoSink::write(double time_s, const cv::Mat& canvas) {
    convert(canvas);
    encode(time_s);
}

void VideoSink::write(double time_s, const DecodedPicture& picture) {
    if (picture->width != encoder_->width || picture->height != encoder_->height)
        throw std::invalid_argument("a decoded picture of another size than the video's");
    av_frame_unref(picture_.get());
    check(av_frame_ref(picture_.get(), picture.get()), "a frame cannot be encoded");
    picture_->format = encoder_->pix_fmt;        // full range is told by the encoder's colours
    picture_->pict_type = AV_PICTURE_TYPE_NONE;  // the encoder's choice, not what it was decoded from
    encode(time_s);
}

/// MP4 and its kin count from packet to packet in 31 bits, and FFmpeg drops a whole table of theirs that has
/// more than 28 when it reads them.
double VideoSink::longest_step_s() const {
    constexpr double kMostTicks = 1 << 28;
    double longest = std::numeric_limits<double>::infinity();
    if (!format_.in_pieces) return longest;
    for (unsigned i = 0; i < output_->nb_streams; ++i)
        longest = std::min(longest, kMostTicks * av_q2d(output_->streams[i]->time_base));
    return longest;
}

/// Of the time after the last frame, for pictures and sound.
void VideoSink::leave_out(double gap_s) {
    if (sound_) {
        check(sound_->copy_until(last_s_ + frame_s()), "the sound cannot be written");
        sound_->leave_out(gap_s);
    }
    first_s_ += gap_s;
    if (notes_ && !std::exchange(told_of_gap_, true))
        notes_(target_.string() + ": the source's clock jumps by " + std::to_string(std::llround(gap_s)) +
               " seconds, more than it can hold, and the gap is left out; an .mkv keeps it");
}

/// Time 0 of the output is where the recording was begun, or its first sound or picture.
void VideoSink::begin(double time_s) {
    first_s_ = time_s;
    if (!sound_) return;
    const double sound_s = std::max(0.0, sound_->first_s().value_or(time_s));
    const bool sound_first = start_s_ <= 0.0 && sound_s < time_s;
    if (sound_first && !format_.constant_rate) first_s_ = sound_s;
    constexpr double kHeard = 0.1;
    if (sound_first && format_.constant_rate && notes_ && time_s - sound_s > kHeard)
        notes_(target_.string() +
               ": begins with its first picture, the sound before that is left out; an .mkv keeps it");
    sound_->start_at(first_s_, start_s_ > 0.0 || (sound_first && format_.constant_rate));
}

void VideoSink::encode(double time_s) {
    if (const double step_s = time_s - last_s_; frames_ > 0 && step_s > longest_step_s())
        leave_out(step_s - frame_s());
    if (frames_ == 0) begin(time_s);
    const auto told =
        format_.constant_rate ? frames_ : std::llround((time_s - first_s_) / av_q2d(encoder_->time_base));
    picture_->pts = last_pts_ = std::max<std::int64_t>(told, last_pts_ + 1);
    if (frames_ == 0) first_pts_ = last_pts_;
    last_s_ = time_s;
    ++frames_;
    check(avcodec_send_frame(encoder_.get(), picture_.get()), "a frame cannot be encoded");
    av_frame_unref(picture_.get());  // its pixels can be used again unless the encoder keeps them
    take_packets();
    if (sound_) check(sound_->copy_until(last_s_), "the sound cannot be written");
}

void VideoSink::take_packets() {
    for (;;) {
        const int received = avcodec_receive_packet(encoder_.get(), packet_.get());
        if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return;
        check(received, "a frame cannot be encoded");
        if (first_dts_ == AV_NOPTS_VALUE) first_dts_ = packet_->dts;
        if (held_->data) write_packet(*held_);
        av_packet_move_ref(held_.get(), packet_.get());
    }
}

void VideoSink::write_packet(AVPacket& packet) {
    if (packet.duration == 0) packet.duration = nominal_ticks_;
    av_packet_rescale_ts(&packet, encoder_->time_base, stream_->time_base);
    packet.stream_index = stream_->index;
    check(av_interleaved_write_frame(output_.get(), &packet), "cannot be written on");
}

/// Containers take the end of the packet that was coded last for the end of the video.
void VideoSink::write_last_packet() {
    if (!held_->data) return;
    const auto end_pts =
        last_pts_ + std::max<std::int64_t>(1, std::llround(last_frame_s() / av_q2d(encoder_->time_base)));
    const auto coded_before_shown = first_pts_ - first_dts_;
    held_->duration = std::max<std::int64_t>(1, end_pts - coded_before_shown - held_->dts);
    last_packet_s_ = static_cast<double>(held_->duration) * av_q2d(encoder_->time_base);
    write_packet(*held_);
}

void VideoSink::finish() {
    if (frames_ == 0) return;
    check(avcodec_send_frame(encoder_.get(), nullptr), "cannot be finished");
    take_packets();
    write_last_packet();
    if (sound_)
        check(sound_->copy_until(cut_short_ ? last_s_ + last_frame_s()
                                            : std::numeric_limits<double>::infinity()),
              "the sound cannot be written");
    check(av_write_trailer(output_.get()), "cannot be finished");
    check(avio_closep(&output_->pb), "cannot be finished");
    if (format_.in_pieces) put_together();
    part_.commit();
}

/// Takes the room of the video once more; where there is none, the pieces are better than nothing.
void VideoSink::put_together() try {
    PartFile whole(part_.path());
    libav::remux(part_.path(), whole.path(), format_.muxer, target_.string(), last_packet_s_);
    whole.commit();
} catch (const Error& error) {
    std::error_code unknown;
    if (!std::filesystem::exists(part_.path(), unknown)) throw;
    if (notes_)
        notes_(std::string(error.what()) +
               "; it is whole but stays in pieces, which some players wind through slowly");
}

}  // namespace

std::unique_ptr<FrameSink> make_video_sink(const std::filesystem::path& target, const VideoFormat& format,
                                           const SourceInfo& info, Notes notes) {
    return std::make_unique<VideoSink>(target, format, info, std::move(notes));
}

}  // namespace emotion::media
