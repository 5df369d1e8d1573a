#include "media/video/last_group.hpp"

#include <cstdint>
#include <new>
#include <utility>

#include "media/frame.hpp"

namespace emotion::media {
namespace {

/// More would take memory and seconds for a single line.
constexpr std::size_t kMaxGroupPackets = 300, kMaxGroupBytes = std::size_t{32} << 20;

bool is_made_up_in_part(const AVFrame& frame) {
    return frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT);
}

}  // namespace

bool LastGroup::can_tell(AVCodecID codec) {
    return codec == AV_CODEC_ID_MPEG1VIDEO || codec == AV_CODEC_ID_MPEG2VIDEO || codec == AV_CODEC_ID_H264;
}

void LastGroup::add(const AVPacket& packet) {
    if (packet.flags & AV_PKT_FLAG_KEY) {
        packets_.clear();
        bytes_ = 0;
        started_ = true;
    }
    if (!started_) return;
    bytes_ += static_cast<std::size_t>(packet.size);
    if (packets_.size() >= kMaxGroupPackets || bytes_ > kMaxGroupBytes) {
        packets_.clear();
        started_ = false;
        return;
    }
    libav::Packet kept(av_packet_clone(&packet));
    if (!kept) throw std::bad_alloc();
    kept->pts = kept->dts = static_cast<std::int64_t>(packets_.size());
    packets_.push_back(std::move(kept));
}

bool LastGroup::ends_inside_picture(const AVCodec& codec, const AVStream& stream) const {
    if (packets_.empty()) return false;
    const libav::Codec decoder(avcodec_alloc_context3(&codec));
    const libav::Frame frame(av_frame_alloc());
    if (!decoder || !frame) throw std::bad_alloc();
    if (avcodec_parameters_to_context(decoder.get(), stream.codecpar) < 0) return false;
    decoder->max_pixels = kMaxPixels;
    decoder->thread_count = 1;
    if (avcodec_open2(decoder.get(), &codec, nullptr) < 0) return false;
    const auto last = packets_.back()->pts;
    bool incomplete = false;
    const auto receive = [&] {
        while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0)
            if (frame->pts == last && is_made_up_in_part(*frame)) incomplete = true;
    };
    for (const auto& packet : packets_) {
        avcodec_send_packet(decoder.get(), packet.get());
        receive();
    }
    avcodec_send_packet(decoder.get(), nullptr);
    receive();
    return incomplete;
}

}  // namespace emotion::media
