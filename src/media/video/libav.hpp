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
    void operator()(AVFormatContext* context) const;
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

/// Options for opening; FFmpeg removes those that it used.
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

/// For AVIOInterruptCB, with the address of a std::stop_token; called several times a second while waiting.
int is_stopped(void* stop);

/// The description of an FFmpeg error code.
std::string reason(int error);

/// Opens a file, or a URL if `remote`, and finds its streams. Only a URL makes network connections. Waiting
/// for the network, now and later, ends once `stop` is requested, which must outlive the result. Throws Error
/// naming the input, NoVideo for a URL of another content.
Input open_input(const std::string& name, bool remote, const std::stop_token* stop = nullptr);

/// Finds the streams of the bytes that come through a pipe; these and `stop` must outlive the result. What
/// comes through cannot open files or connections. Throws Error calling it `name`.
Input open_pipe(const std::string& name, AVIOContext& bytes, const std::stop_token* stop);

/// Of outputs, so that FLAC may be in MP4, which players support.
inline constexpr int kCompliance = FF_COMPLIANCE_EXPERIMENTAL;

/// An output file for this muxer, without streams yet. Throws Error that calls it `name`.
Output open_output(const std::filesystem::path& path, const char* muxer, const std::string& name);

/// Copies the title, but no other metadata such as the location.
void copy_title(const AVFormatContext& from, AVFormatContext& to);

/// Copies every stream and the title of file `from` to a new file `to` with an index in front, using this
/// muxer; nothing is encoded again. The last picture of the first stream, a video, lasts `last_picture_s`,
/// which not every demuxer provides. Throws Error that calls it `name`.
void remux(const std::filesystem::path& from, const std::filesystem::path& to, const char* muxer,
           const std::string& name, double last_picture_s);

/// How many parts of an open playlist could not be read so far; FFmpeg skips them. Thread-safe.
int missing_parts(const AVFormatContext& input);

/// Silences the FFmpeg libraries for the whole program; relevant problems are reported as errors and
/// warnings.
void be_quiet();

}  // namespace emotion::media::libav
