#include "media/video/libav.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <new>
#include <string_view>
#include <system_error>
#include <vector>

extern "C" {
#include <libavutil/opt.h>
}

#include "media/address.hpp"
#include "media/left_out.hpp"
#include "media/video/continuous_clock.hpp"
#include "media/video/servers.hpp"
#include "media/video/tail_packets.hpp"

namespace emotion::media::libav {
namespace {

/// Prevents a colon in a name from being taken for a protocol.
std::string file_url(const std::string& name) {
    return "file:" + name;
}

/// Whether FFmpeg takes a stream of JPEG pictures for files, because the URL ends in .jpg. It then reads
/// nothing whose size the server does not say.
bool is_taken_for_file(const AVFormatContext& input) {
    return std::string_view(input.iformat->name) == "image2" && input.nb_streams == 1 &&
           input.streams[0]->codecpar->codec_id == AV_CODEC_ID_MJPEG;
}

/// For a live stream without times, whose frames are timed by their arrival: otherwise FFmpeg would keep
/// those of the first seconds back to guess a rate from them, which would then all seem to arrive at once.
void look_at_first_frames_only(AVFormatContext& input) {
    input.fps_probe_size = 0;
    input.max_ts_probe = 0;
    // FFmpeg expects pictures in sequence to become more streams; a limit of 0 would be that of its choice.
    if (std::string_view(input.iformat->name).ends_with("_pipe")) input.max_analyze_duration = 1;
}

Input with_streams_found(AVFormatContext* opened, bool live) {
    Input input(opened);
    if (live && has_no_times(*opened) && !has_known_size(*opened)) look_at_first_frames_only(*opened);
    avformat_find_stream_info(opened, nullptr);  // the decoder reports what is missing
    return input;
}

std::mutex missing_mutex;
std::map<const void*, int> missing_of;  // by the playlist's AVFormatContext

/// In place of FFmpeg's log: only there it says that it skips a part of a playlist.
void count_missing_part(void* context, int, const char* format, va_list) {
    if (!context || !std::string_view(format).starts_with("Failed to open segment")) return;
    const std::lock_guard lock(missing_mutex);
    ++missing_of[context];
}

/// Adds a stream like `read`. Returns an FFmpeg error code, or 0.
int add_copy(const AVStream& read, AVFormatContext& output) {
    auto* written = avformat_new_stream(&output, nullptr);
    if (!written) throw std::bad_alloc();
    const int result = avcodec_parameters_copy(written->codecpar, read.codecpar);
    written->time_base = read.time_base;
    written->avg_frame_rate = read.avg_frame_rate;
    written->sample_aspect_ratio = read.sample_aspect_ratio;
    written->disposition = read.disposition;
    av_dict_copy(&written->metadata, read.metadata, 0);  // the language of a sound
    return result;
}

}  // namespace

int is_stopped(void* stop) {
    return static_cast<const std::stop_token*>(stop)->stop_requested();
}

std::string reason(int error) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(error, text, sizeof text);
    return text;
}

void be_quiet() {
    av_log_set_callback(count_missing_part);
}

int missing_parts(const AVFormatContext& input) {
    const std::lock_guard lock(missing_mutex);
    const auto found = missing_of.find(&input);
    return found == missing_of.end() ? 0 : found->second;
}

void Deleter::operator()(AVFormatContext* context) const {
    {
        const std::lock_guard lock(missing_mutex);
        missing_of.erase(context);
    }
    avformat_close_input(&context);
}

Input open_input(const std::string& name, bool remote, const std::stop_token* stop) {
    be_quiet();
    Dictionary options;
    if (remote) {
        set_network_options(options);
    } else {
        options.set("protocol_whitelist",
                    "file,crypto,data");  // a playlist must not access the network
    }
    // What FFmpeg takes for parts of a playlist in files, and their keys.
    options.set("allowed_extensions",
                "3gp,aac,avi,ac3,eac3,flac,mkv,m3u8,m4a,m4s,m4v,mpg,mov,mp2,mp3,mp4,mpeg,mpegts,ogg,ogv,oga,"
                "ts,vob,wav,key");
    const auto url = remote ? remote_url(name) : file_url(name);
    const auto shown = shown_name(name);
    AVFormatContext* opened = nullptr;
    const auto open_as = [&](const AVInputFormat* format) {
        opened = avformat_alloc_context();
        if (!opened) throw std::bad_alloc();
        if (stop) opened->interrupt_callback = {is_stopped, const_cast<std::stop_token*>(stop)};
        return avformat_open_input(&opened, url.c_str(), format, options.get());
    };
    int failed = open_as(nullptr);
    if (failed >= 0 && remote && is_taken_for_file(*opened)) {
        avformat_close_input(&opened);  // some servers accept one connection at a time
        set_network_options(options);   // used up
        failed = open_as(av_find_input_format("jpeg_pipe"));
    }
    if (failed < 0) {
        if (remote && failed == AVERROR_INVALIDDATA) throw NoVideo(remote_error(name, failed, stop).what());
        if (remote) throw remote_error(name, failed, stop);
        if (failed == AVERROR(EACCES)) throw Error(shown + ": cannot be read: " + reason(failed));
        if (is_movie_without_index(name))
            throw Error(shown +
                        ": its index (moov) is missing, as the recording or copy broke off before its end; "
                        "copy it anew, or let a repair tool such as untrunc look at it");
        throw Error(shown + ": is neither a picture nor a video that can be read (" + reason(failed) +
                    "); it may be damaged or cut short");
    }
    return with_streams_found(opened, remote);
}

Input open_pipe(const std::string& name, AVIOContext& bytes, const std::stop_token* stop) {
    be_quiet();
    constexpr std::array<unsigned char, 3> kJpeg{0xFF, 0xD8, 0xFF};
    std::array<unsigned char, 3> start{};
    const int read = avio_read(&bytes, start.data(), static_cast<int>(start.size()));
    if (read == 0 || read == AVERROR_EOF)
        throw Error(name + ": nothing came through it; did the program before it fail?");
    avio_seek(&bytes, 0, SEEK_SET);  // still in the buffer
    // FFmpeg takes a megabyte to recognize pictures in sequence, which would then all seem to arrive at once.
    const auto* format = start == kJpeg ? av_find_input_format("mjpeg") : nullptr;
    Dictionary options;
    options.set("protocol_whitelist", "data");  // a playlist that comes through must not open files
    AVFormatContext* opened = avformat_alloc_context();
    if (!opened) throw std::bad_alloc();
    opened->pb = &bytes;
    if (stop) opened->interrupt_callback = {is_stopped, const_cast<std::stop_token*>(stop)};
    const int failed = avformat_open_input(&opened, "", format, options.get());
    if (failed < 0)
        throw Error(name + ": what comes through it is not a video that can be read (" + reason(failed) +
                    "); MPEG-TS and Matroska can be piped, an .mp4 only if it is written in fragments, and a "
                    "playlist or a picture only as a file");
    return with_streams_found(opened, true);
}

Output open_output(const std::filesystem::path& path, const char* muxer, const std::string& name) {
    be_quiet();
    const auto url = file_url(path.string());
    AVFormatContext* opened = nullptr;
    int failed = avformat_alloc_output_context2(&opened, nullptr, muxer, url.c_str());
    Output output(opened);
    if (failed >= 0) opened->strict_std_compliance = kCompliance;
    if (failed >= 0) failed = avio_open(&opened->pb, url.c_str(), AVIO_FLAG_WRITE);
    if (failed < 0) throw Error(name + ": cannot be written: " + reason(failed));
    return output;
}

void copy_title(const AVFormatContext& from, AVFormatContext& to) {
    if (const auto* title = av_dict_get(from.metadata, "title", nullptr, 0))
        av_dict_set(&to.metadata, "title", title->value, 0);
}

void remux(const std::filesystem::path& from, const std::filesystem::path& to, const char* muxer,
           const std::string& name, double last_picture_s) {
    const auto check = [&](int result) {
        if (result < 0) throw Error(name + ": cannot be finished: " + reason(result));
    };
    std::error_code unknown;
    if (!std::filesystem::exists(from, unknown))
        throw Error(name + ": cannot be finished: what was written is gone from its folder");
    const auto input = open_input(from.string(), false);
    const auto output = open_output(to, muxer, name);
    copy_title(*input, *output);
    for (unsigned i = 0; i < input->nb_streams; ++i) check(add_copy(*input->streams[i], *output));
    av_opt_set(output->priv_data, "movflags", "+faststart", 0);
    check(avformat_write_header(output.get(), nullptr));
    const auto write = [&](AVPacket& whole) {
        const int stream = whole.stream_index;
        av_packet_rescale_ts(&whole, input->streams[stream]->time_base, output->streams[stream]->time_base);
        whole.pos = -1;
        check(av_interleaved_write_frame(output.get(), &whole));
    };
    TailPackets pictures(write);
    std::vector<std::int64_t> last_dts(input->nb_streams, AV_NOPTS_VALUE);
    const Packet packet(av_packet_alloc());
    int read = 0;
    while ((read = av_read_frame(input.get(), packet.get())) >= 0) {
        const int stream = packet->stream_index;
        if (stream == 0) {
            packet->duration = 1;  // it is the time to the next decoded frame, not the next displayed one
            pictures.add(*packet);
            continue;
        }
        auto& before = last_dts.at(static_cast<std::size_t>(stream));
        if (packet->duration == 0 &&
            before != AV_NOPTS_VALUE)  // without a duration the last frame would not be shown
            packet->duration = packet->dts - before;
        before = packet->dts;
        write(*packet);
    }
    if (read != AVERROR_EOF) check(read);
    pictures.finish(std::llround(last_picture_s / av_q2d(input->streams[0]->time_base)), true);
    check(av_write_trailer(output.get()));
    check(avio_closep(&output->pb));
}

}  // namespace emotion::media::libav
