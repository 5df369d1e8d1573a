#include "vision/video_decoder.hpp"

#include <algorithm>

#include <opencv2/core/utility.hpp>

#include "base/error.hpp"

namespace emotion {
namespace {

/// Larger pictures are more likely damage than video; the decoder is told, so that it allocates nothing for
/// them.
constexpr std::int64_t kMaxPixels = 1 << 28;
constexpr const char* kPatienceMicroseconds = "10000000";

class Dictionary {
  public:
    Dictionary() = default;
    ~Dictionary() { av_dict_free(&entries_); }
    Dictionary(const Dictionary&) = delete;
    Dictionary& operator=(const Dictionary&) = delete;

    void set(const char* key, const char* value) { av_dict_set(&entries_, key, value, 0); }
    AVDictionary** get() { return &entries_; }

  private:
    AVDictionary* entries_ = nullptr;
};

}  // namespace

VideoDecoder::VideoDecoder(const std::string& name, bool remote) {
    libav::be_quiet();
    open_container(name, remote);
    choose_stream(name);
    open_codec(name, remote);
}

void VideoDecoder::open_container(const std::string& name, bool remote) {
    Dictionary options;
    // "file:" keeps a colon in a name from being taken for a protocol, the whitelist keeps a playlist from
    // reaching out to the network.
    if (remote) {
        avformat_network_init();
        options.set("rw_timeout", kPatienceMicroseconds);
        options.set("rtsp_transport", "tcp");
        options.set(LIBAVFORMAT_VERSION_MAJOR >= 59 ? "timeout" : "stimeout", kPatienceMicroseconds);
    } else {
        options.set("protocol_whitelist", "file,crypto,data");
    }
    AVFormatContext* container = nullptr;
    const auto url = remote ? name : "file:" + name;
    if (const int failed = avformat_open_input(&container, url.c_str(), nullptr, options.get()); failed < 0)
        throw Error(name + (remote ? ": cannot be opened (" + libav::reason(failed) + ")"
                                   : ": is neither a picture nor a video that can be read (" +
                                         libav::reason(failed) + "); it may be damaged or cut short"));
    container_.reset(container);
    avformat_find_stream_info(container, nullptr);  // what it cannot find out the decoder will say
}

void VideoDecoder::choose_stream(const std::string& name) {
    const int index = av_find_best_stream(container_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &codec_, 0);
    if (index == AVERROR_DECODER_NOT_FOUND)
        throw Error(name + ": there is no decoder here for its kind of video");
    const bool found = index >= 0 &&
                       !(container_->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) &&
                       codec_->id != AV_CODEC_ID_ANSI;  // what any text can be taken for
    if (!found) throw Error(name + ": holds no video");
    for (unsigned i = 0; i < container_->nb_streams; ++i)
        if (static_cast<int>(i) != index) container_->streams[i]->discard = AVDISCARD_ALL;
    stream_ = container_->streams[index];
}

void VideoDecoder::open_codec(const std::string& name, bool remote) {
    decoder_.reset(avcodec_alloc_context3(codec_));
    int failed = avcodec_parameters_to_context(decoder_.get(), stream_->codecpar);
    decoder_->pkt_timebase = stream_->time_base;
    decoder_->max_pixels = kMaxPixels;
    decoder_->thread_count = std::max(1, cv::getNumThreads());
    if (remote) decoder_->thread_type = FF_THREAD_SLICE;  // decoding frames side by side would delay them
    if (failed >= 0) failed = avcodec_open2(decoder_.get(), codec_, nullptr);
    if (failed < 0) throw Error(name + ": its video cannot be decoded (" + libav::reason(failed) + ")");
}

const AVFrame* VideoDecoder::next() {
    constexpr int kMaxFailuresAtEnd = 1000;
    for (int failures_at_end = 0; failures_at_end < kMaxFailuresAtEnd;) {
        const int received = avcodec_receive_frame(decoder_.get(), frame_.get());
        if (received >= 0) return frame_.get();
        if (received == AVERROR_EOF) return nullptr;
        if (received != AVERROR(EAGAIN)) ++damaged_;
        if (draining_)
            ++failures_at_end;
        else
            feed();
    }
    return nullptr;
}

/// Gives the decoder the next packet, or tells it that there are no more.
void VideoDecoder::feed() {
    const int read = av_read_frame(container_.get(), packet_.get());
    if (read == AVERROR(EAGAIN)) return;
    if (read < 0) {
        end_reason_ = read;
        draining_ = true;
        avcodec_send_packet(decoder_.get(), nullptr);
        return;
    }
    if (packet_->stream_index == stream_->index && avcodec_send_packet(decoder_.get(), packet_.get()) < 0)
        ++damaged_;
    av_packet_unref(packet_.get());
}

}  // namespace emotion
