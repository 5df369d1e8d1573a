#include "media/pictures/still_decoder.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "media/frame.hpp"
#include "media/stored_numbers.hpp"
#include "media/video/bgr_converter.hpp"
#include "media/video/libav.hpp"

extern "C" {
#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
}

namespace emotion::media {
namespace {

/// A file in memory, for AVIOContext.
struct Memory {
    std::string_view bytes;
    std::size_t at = 0;

    static int read(void* opaque, std::uint8_t* out, int size) {
        auto& memory = *static_cast<Memory*>(opaque);
        const auto count = std::min(static_cast<std::size_t>(size), memory.bytes.size() - memory.at);
        if (count == 0) return AVERROR_EOF;
        std::memcpy(out, memory.bytes.data() + memory.at, count);
        memory.at += count;
        return static_cast<int>(count);
    }

    static std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
        auto& memory = *static_cast<Memory*>(opaque);
        const auto size = static_cast<std::int64_t>(memory.bytes.size());
        if (whence == AVSEEK_SIZE) return size;
        const auto from = whence == SEEK_CUR   ? static_cast<std::int64_t>(memory.at)
                          : whence == SEEK_END ? size
                                               : std::int64_t{0};
        if (offset < -from || offset > size - from) return AVERROR(EINVAL);
        memory.at = static_cast<std::size_t>(from + offset);
        return from + offset;
    }
};

struct IoDeleter {
    void operator()(AVIOContext* io) const {
        av_freep(&io->buffer);
        avio_context_free(&io);
    }
};

/// Initializes buffers to mid-gray for areas that are not decoded.
int gray_buffer(AVCodecContext* context, AVFrame* frame, int flags) {
    const int failed = avcodec_default_get_buffer2(context, frame, flags);
    constexpr int kGray = 128;
    for (const auto* buffer : frame->buf)
        if (failed >= 0 && buffer) std::memset(buffer->data, kGray, static_cast<std::size_t>(buffer->size));
    return failed;
}

libav::Frame first_frame(AVFormatContext& container) {
    const AVCodec* codec = nullptr;
    const int index = av_find_best_stream(&container, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (index < 0) return {};
    const libav::Codec decoder(avcodec_alloc_context3(codec));
    avcodec_parameters_to_context(decoder.get(), container.streams[index]->codecpar);
    decoder->max_pixels = kMaxPixels;
    decoder->thread_count = 1;
    decoder->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
    if (codec->capabilities & AV_CODEC_CAP_DR1) decoder->get_buffer2 = gray_buffer;
    if (avcodec_open2(decoder.get(), codec, nullptr) < 0) return {};
    const libav::Packet packet(av_packet_alloc());
    libav::Frame frame(av_frame_alloc());
    while (av_read_frame(&container, packet.get()) >= 0) {
        const bool ours = packet->stream_index == index;
        if (ours) avcodec_send_packet(decoder.get(), packet.get());
        av_packet_unref(packet.get());
        if (ours && avcodec_receive_frame(decoder.get(), frame.get()) >= 0) return frame;
    }
    avcodec_send_packet(decoder.get(), nullptr);
    if (avcodec_receive_frame(decoder.get(), frame.get()) >= 0) return frame;
    return {};
}

bool has_alpha(const AVFrame& frame) {
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    return format && (format->flags & AV_PIX_FMT_FLAG_ALPHA);
}

cv::Mat to_bgra(const AVFrame& frame) {
    const libav::Scaler scaler(
        sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), frame.width,
                       frame.height, AV_PIX_FMT_BGRA, SWS_BILINEAR, nullptr, nullptr, nullptr));
    if (!scaler) return {};
    constexpr int kSpare = 16;  // libswscale writes whole vectors
    const cv::Mat whole(frame.height, frame.width + kSpare, CV_8UC4);
    cv::Mat picture = whole.colRange(0, frame.width);
    std::uint8_t* planes[] = {picture.data};
    const int strides[] = {static_cast<int>(picture.step)};
    sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
    return picture;
}

void put_number(std::string& bytes, std::size_t at, std::size_t number, bool little) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(number >> 8 * (little ? i : 3 - i));
}

std::size_t number_at(const std::string& bytes, std::size_t at, bool little) {
    return static_cast<std::size_t>(little ? little_endian(bytes, at, 4) : big_endian(bytes, at, 4));
}

std::string mended_png(std::string bytes) {
    constexpr std::size_t kNameAndLength = 8, kSum = 4;
    std::size_t at = 8;
    while (at + kNameAndLength <= bytes.size()) {
        const auto length = number_at(bytes, at, false);
        if (length > bytes.size() - at - kNameAndLength ||
            bytes.size() - at - kNameAndLength - length < kSum) {
            put_number(bytes, at, bytes.size() - at - kNameAndLength, false);
            bytes.append(kSum, '\0');  // not verified
            at = bytes.size();
            break;
        }
        at += kNameAndLength + length + kSum;
    }
    bytes.resize(std::min(at, bytes.size()));
    using namespace std::string_literals;
    return bytes + "\0\0\0\0IEND\xae\x42\x60\x82"s;
}

std::string mended_webp(std::string bytes) {
    constexpr std::size_t kNameAndLength = 8;
    if (bytes.size() % 2) bytes += '\0';
    put_number(bytes, 4, bytes.size() - kNameAndLength, true);
    for (std::size_t at = 12; at + kNameAndLength <= bytes.size();) {
        auto length = number_at(bytes, at + 4, true);
        const auto most = bytes.size() - at - kNameAndLength;
        if (length > most) put_number(bytes, at + 4, length = most, true);
        at += kNameAndLength + length + length % 2;
    }
    return bytes;
}

}  // namespace

cv::Mat decode_still(const std::string& bytes) {
    libav::be_quiet();
    Memory memory{bytes};
    constexpr int kBuffer = 1 << 15;
    auto* buffer = static_cast<unsigned char*>(av_malloc(kBuffer));
    const std::unique_ptr<AVIOContext, IoDeleter> io(
        avio_alloc_context(buffer, kBuffer, 0, &memory, Memory::read, nullptr, Memory::seek));
    // Explicit, because some formats would open other files or URLs found in the data.
    const auto* format = av_find_input_format(bytes.starts_with("\x89PNG") ? "png_pipe"
                                              : bytes.starts_with("RIFF")  ? "webp_pipe"
                                                                           : "mov");
    AVFormatContext* opened = avformat_alloc_context();
    if (!io || !format || !opened) return {};
    opened->pb = io.get();
    if (avformat_open_input(&opened, nullptr, format, nullptr) < 0) return {};
    const libav::Input container(opened);
    avformat_find_stream_info(opened, nullptr);
    const auto frame = first_frame(*container);
    if (!frame || !sws_isSupportedInput(static_cast<AVPixelFormat>(frame->format))) return {};
    return has_alpha(*frame) ? to_bgra(*frame) : BgrConverter().convert(*frame);
}

std::string first_of_webp(const std::string& bytes) {
    constexpr std::size_t kNameAndLength = 8, kPlace = 16;  // of a picture on the canvas, and its time
    using namespace std::string_literals;
    for (std::size_t at = 12; at + kNameAndLength <= bytes.size();) {
        const auto length = number_at(bytes, at + 4, true);
        if (length > bytes.size() - at - kNameAndLength) break;
        if (bytes.compare(at, 4, "ANMF") == 0 && length > kPlace) {
            const auto picture = bytes.substr(at + kNameAndLength + kPlace, length - kPlace);
            const auto size = bytes.substr(at + kNameAndLength + 6, 6);  // as VP8X has it too
            const auto alpha = picture.starts_with("ALPH") ? "\x10"s : "\0"s;
            auto file = "RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0"s + alpha + "\0\0\0"s + size + picture;
            put_number(file, 4, file.size() - kNameAndLength, true);
            return file;
        }
        at += kNameAndLength + length + length % 2;
    }
    return {};
}

std::string mended_lengths(const std::string& bytes) {
    return bytes.starts_with("RIFF") ? mended_webp(bytes) : mended_png(bytes);
}

}  // namespace emotion::media
