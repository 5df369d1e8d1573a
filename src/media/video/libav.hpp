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

#include "base/error.hpp"

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

/// What was opened can be read, but FFmpeg finds no video in it.
class NoVideo : public Error {
  public:
    using Error::Error;
};

/// The description of an FFmpeg error code.
std::string reason(int error);

/// Opens a file, or a URL if `remote`, and finds its streams. Only a URL makes network connections. Waiting
/// for the network, now and later, ends once `stop` is requested, which must outlive the result. Throws Error
/// naming the input, NoVideo for a URL of another content.
Input open_input(const std::string& name, bool remote, const std::stop_token* stop = nullptr);

/// Finds the streams of the bytes that come through a pipe; these and `stop` must outlive the result. What
/// comes through cannot open files or connections. Throws Error calling it `name`.
Input open_pipe(const std::string& name, AVIOContext& bytes, const std::stop_token* stop);

/// Whether the server of an open URL says how much it sends, so that there is an end even if the container
/// does not say when. False where that is the size of a list or description of streams, and for pictures in
/// parts, which a camera sends without end whatever it says.
bool has_known_size(const AVFormatContext& input);

/// Whether the server of an open URL says that it sends a web page. Some say so of pictures, too.
bool is_called_web_page(const AVFormatContext& input);

/// The error about a web page that was given as a source.
Error web_page_error(const std::string& name);

/// Whether reading failed where the server closed the connection without having said how much it sends, which
/// may be the end.
bool is_unannounced_end(int error, AVIOContext& io);

/// Reads all the bytes at a URL. Throws Error naming it, also for more than `most`.
std::string read_remote(const std::string& name, std::size_t most, const std::stop_token& stop);

/// The first bytes that an HTTP server sends for a URL, enough for the brands of a picture; empty if it
/// cannot be read, and for other protocols, whose senders may not begin anew.
std::string start_of_remote(const std::string& name, const std::stop_token& stop);

/// An output file for this muxer, without streams yet. Throws Error that calls it `name`.
Output open_output(const std::filesystem::path& path, const char* muxer, const std::string& name);

/// Copies the title, but no other metadata such as the location.
void copy_title(const AVFormatContext& from, AVFormatContext& to);

/// Copies every stream and the title of file `from` to a new file `to` with an index in front, using this
/// muxer; nothing is encoded again. The last picture of the first stream, a video, lasts `last_picture_s`,
/// which not every demuxer provides. Throws Error that calls it `name`.
void remux(const std::filesystem::path& from, const std::filesystem::path& to, const char* muxer,
           const std::string& name, double last_picture_s);

/// Silences the FFmpeg libraries for the whole program; relevant problems are reported as errors and
/// warnings.
void be_quiet();

}  // namespace emotion::media::libav
