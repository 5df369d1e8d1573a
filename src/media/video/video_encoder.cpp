#include "media/video/video_encoder.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace emotion::media {
namespace {

double nominal_fps(const SourceInfo& info) {
    return info.fps > 0 ? info.fps : kDefaultFps;
}

/// MPEG-4's clock has 16 bits; a container without times counts frames.
AVRational time_base_for(const SourceInfo& info, const VideoFormat& format, AVCodecID codec) {
    if (format.constant_rate) return av_inv_q(av_d2q(nominal_fps(info), 60'000));
    constexpr int kMaxMpeg4Clock = 65'535;
    if (codec == AV_CODEC_ID_MPEG4 && info.time_base.den > kMaxMpeg4Clock) return {1, 60'000};
    return {info.time_base.num, info.time_base.den};
}

/// Specified explicitly, because players would guess differently for large pictures.
/// Primaries and transfer characteristics, such as the wide gamuts of phones, are kept from the source.
ColorTags colors_from_bgr(const ColorTags& stored) {
    const auto specified_or = [](int tag, int fallback) {
        return tag == 0 || tag == AVCOL_PRI_UNSPECIFIED ? fallback : tag;
    };
    return {AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, specified_or(stored.primaries, AVCOL_PRI_SMPTE170M),
            specified_or(stored.transfer, AVCOL_TRC_SMPTE170M)};
}

void set_quality(AVCodecContext& encoder) {
    if (encoder.codec_id != AV_CODEC_ID_H264) {
        encoder.flags |= AV_CODEC_FLAG_QSCALE;
        encoder.global_quality = 3 * FF_QP2LAMBDA;
        return;
    }
    av_opt_set(encoder.priv_data, "preset", "veryfast", 0);
    const bool by_quality = av_opt_set(encoder.priv_data, "crf", "20", 0) >= 0;
    constexpr double kBitsPerPixel = 0.15;
    if (!by_quality)
        encoder.bit_rate =
            std::llround(kBitsPerPixel * encoder.width * encoder.height * av_q2d(encoder.framerate));
}

bool is_interlaced(const SourceInfo& info) {
    return info.field_order > AV_FIELD_PROGRESSIVE;
}

}  // namespace

VideoEncoder::VideoEncoder(std::string name, const VideoFormat& format, const SourceInfo& info,
                           const WarningHandler& warn)
    : name_(std::move(name)), colors_(info.decoded_colors.value_or(colors_from_bgr(info.colors))) {
    if (warn && is_interlaced(info) && !info.decoded_colors)
        warn(name_ + ": is written without the fields of its interlaced source; ffmpeg -i " + info.name +
             " -vf yadif PROGRESSIVE.mkv turns them into whole pictures first");
    std::string tried;
    for (const char* encoder : format.encoders) {
        if (!encoder) break;
        encoder_ = open(encoder, format, info);
        if (encoder_) {
            if (warn && !tried.empty() && encoder_->codec_id != AV_CODEC_ID_H264)
                warn(name_ + ": written with " + encoder + ", as none of " + tried +
                     " works here; FFmpeg with libx264 would make a smaller file that browsers play");
            nominal_ticks_ = std::max<std::int64_t>(1, std::llround(1.0 / (nominal_fps(info) * tick_s())));
            return;
        }
        tried += (tried.empty() ? "" : ", ") + std::string(encoder);
    }
    throw Error(name_ + ": no encoder works here for " + std::to_string(info.width) + "x" +
                std::to_string(info.height) + " pixels, tried " + tried +
                "; install FFmpeg with libx264, or choose another ending");
}

void VideoEncoder::check(int result, const std::string& what) const {
    if (result < 0) throw Error(name_ + ": " + what + ": " + libav::reason(result));
}

/// Null if it is not available, or does not work for this video.
libav::Codec VideoEncoder::open(const char* name, const VideoFormat& format, const SourceInfo& info) const {
    const AVCodec* codec = avcodec_find_encoder_by_name(name);
    if (!codec) return {};
    libav::Codec encoder(avcodec_alloc_context3(codec));
    const auto stored = info.stored_size();
    encoder->width = stored.width + stored.width % 2;
    encoder->height = stored.height + stored.height % 2;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->colorspace = static_cast<AVColorSpace>(colors_.space);
    encoder->color_range = static_cast<AVColorRange>(colors_.range);
    encoder->color_primaries = static_cast<AVColorPrimaries>(colors_.primaries);
    encoder->color_trc = static_cast<AVColorTransferCharacteristic>(colors_.transfer);
    encoder->time_base = time_base_for(info, format, codec->id);
    encoder->framerate = av_d2q(nominal_fps(info), 60'000);
    encoder->sample_aspect_ratio = {info.pixel_aspect.num, info.pixel_aspect.den};
    encoder->thread_count = std::max(1, cv::getNumThreads());
    set_quality(*encoder);
    if (is_interlaced(info) && info.decoded_colors) {
        encoder->field_order = static_cast<AVFieldOrder>(info.field_order);
        encoder->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    }
    if (const auto* muxer = av_guess_format(format.muxer, nullptr, nullptr);
        muxer && (muxer->flags & AVFMT_GLOBALHEADER))
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (avcodec_open2(encoder.get(), codec, nullptr) < 0) return {};
    return encoder;
}

/// Converts the canvas to picture_, in the encoder's size and colors.
void VideoEncoder::convert(const cv::Mat& canvas) {
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

    // A new buffer, because the encoder may still use earlier frames.
    av_frame_unref(picture_.get());
    picture_->format = encoder_->pix_fmt;
    picture_->width = width;
    picture_->height = height;
    from_bgr_.convert(bgr, colors_, *picture_);
}

void VideoEncoder::encode(const cv::Mat& canvas, std::int64_t pts) {
    convert(canvas);
    send(pts);
}

void VideoEncoder::encode(const DecodedPicture& picture, std::int64_t pts) {
    if (picture->width != encoder_->width || picture->height != encoder_->height)
        throw std::invalid_argument("a decoded picture of another size than the video's");
    av_frame_unref(picture_.get());
    check(av_frame_ref(picture_.get(), picture.get()), "a frame cannot be encoded");
    picture_->format = encoder_->pix_fmt;        // range is set by the encoder's colors
    picture_->pict_type = AV_PICTURE_TYPE_NONE;  // let the encoder choose
    send(pts);
}

void VideoEncoder::send(std::int64_t pts) {
    picture_->pts = pts;
    check(avcodec_send_frame(encoder_.get(), picture_.get()), "a frame cannot be encoded");
    av_frame_unref(picture_.get());  // allows reuse of its buffer unless the encoder holds it
}

void VideoEncoder::end() {
    check(avcodec_send_frame(encoder_.get(), nullptr), "cannot be finished");
}

AVPacket* VideoEncoder::receive() {
    const int received = avcodec_receive_packet(encoder_.get(), packet_.get());
    if (received == AVERROR(EAGAIN) || received == AVERROR_EOF) return nullptr;
    check(received, "a frame cannot be encoded");
    if (packet_->duration == 0) packet_->duration = nominal_ticks_;
    return packet_.get();
}

}  // namespace emotion::media
