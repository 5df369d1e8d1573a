#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace emotion::media::libav {

struct Deleter {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVBSFContext* filter) const { av_bsf_free(&filter); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(SwsContext* context) const { sws_freeContext(context); }
};

struct OutputDeleter {
    void operator()(AVFormatContext* context) const {
        avio_closep(&context->pb);
        avformat_free_context(context);
    }
};

using Input = std::unique_ptr<AVFormatContext, Deleter>;
using Output = std::unique_ptr<AVFormatContext, OutputDeleter>;
using PacketFilter = std::unique_ptr<AVBSFContext, Deleter>;
using Codec = std::unique_ptr<AVCodecContext, Deleter>;
using Frame = std::unique_ptr<AVFrame, Deleter>;
using Packet = std::unique_ptr<AVPacket, Deleter>;
using Scaler = std::unique_ptr<SwsContext, Deleter>;

/// What an error code of the FFmpeg libraries means, in words.
std::string reason(int error);

/// Opens a file, or a URL if `remote`, and looks for its streams. Nothing but a URL makes network
/// connections. Waiting for the network, now and later, ends once a stop is asked for by `stop`, which must
/// outlive what is opened. Throws Error naming it.
Input open_input(const std::string& name, bool remote, const std::stop_token* stop = nullptr);

/// All the bytes behind an address. Throws Error naming it, also for more than `most`.
std::string read_remote(const std::string& name, std::size_t most, const std::stop_token& stop);

/// A file to be written by the muxer of this name, without a stream yet. Throws Error that calls it `name`.
Output open_output(const std::filesystem::path& path, const char* muxer, const std::string& name);

/// Gives a file to be written the title of another; nothing else that is told of it, such as its place.
void copy_title(const AVFormatContext& from, AVFormatContext& to);

/// Copies every stream, and the title, of the file `from` into a new file `to` with an index in front of it,
/// as the muxer of this name writes it; nothing is encoded again. The last picture of the first stream, a
/// video, is shown for `last_picture_s`, which not every demuxer tells. Throws Error that calls it `name`.
void remux(const std::filesystem::path& from, const std::filesystem::path& to, const char* muxer,
           const std::string& name, double last_picture_s);

/// Stops the FFmpeg libraries from printing, for the whole program; what matters is said by errors and notes.
void be_quiet();

}  // namespace emotion::media::libav
