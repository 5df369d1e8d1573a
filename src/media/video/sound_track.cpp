#include "media/video/sound_track.hpp"

#include <cmath>
#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace emotion::media {
namespace {

/// Adds a stream like that of `sound`.
AVStream& add_sound(const AVStream& sound, AVFormatContext& output) {
    auto* added = avformat_new_stream(&output, nullptr);
    if (!added || avcodec_parameters_copy(added->codecpar, sound.codecpar) < 0) throw std::bad_alloc();
    added->codecpar->codec_tag = 0;  // container-specific
    added->time_base = sound.time_base;
    return *added;
}

/// Whether a container can hold the sound: only writing its header shows it for every kind.
bool can_hold(const AVOutputFormat& container, const AVStream& sound) {
    if (std::string_view(container.name) == "avi" && sound.codecpar->codec_id == AV_CODEC_ID_FLAC)
        return false;  // FFmpeg writes it, but nothing can read it there
    AVFormatContext* opened = nullptr;
    if (avformat_alloc_output_context2(&opened, &container, nullptr, nullptr) < 0) throw std::bad_alloc();
    const std::unique_ptr<AVFormatContext, decltype(&avformat_free_context)> output(opened,
                                                                                    avformat_free_context);
    opened->strict_std_compliance = libav::kCompliance;
    add_sound(sound, *opened);
    if (avio_open_dyn_buf(&opened->pb) < 0) throw std::bad_alloc();
    const int written = avformat_write_header(opened, nullptr);
    std::uint8_t* bytes = nullptr;
    avio_close_dyn_buf(opened->pb, &bytes);
    opened->pb = nullptr;
    av_free(bytes);
    return written >= 0;
}

/// Whether the container can mark the beginning of a stream as not to be played.
bool hides_starts(const AVFormatContext& output) {
    const std::string_view name = output.oformat->name;
    return name == "mp4" || name == "mov";
}

/// The end of a sentence about sound that a container cannot hold: what would.
std::string sound_left_out(const AVStream& sound, const AVOutputFormat& container) {
    const std::string_view name = container.name;
    std::string text = std::string("its sound (") + avcodec_get_name(sound.codecpar->codec_id) +
                       ") is left out, " + (name == "matroska" ? "an .mkv" : "." + std::string(name)) +
                       " cannot hold it; ";
    for (const auto& [muxer, ending] : {std::pair("matroska", "an .mkv"), std::pair("mov", "a .mov")})
        if (const auto* other = av_guess_format(muxer, nullptr, nullptr); other && can_hold(*other, sound))
            return text + ending + " can";
    return text + "ffmpeg -i FILE -c:v copy -c:a aac CONVERTED.mkv converts it";
}

/// Warns of streams that are not copied, and how to add them.
void warn_of_omissions(const AVFormatContext& input, const std::string& file, const WarningHandler& warn) {
    std::string subtitles, chapters, codec_option = "-c copy";
    for (unsigned i = 0; i < input.nb_streams; ++i)
        if (const auto* codec = input.streams[i]->codecpar; codec->codec_type == AVMEDIA_TYPE_SUBTITLE) {
            subtitles +=
                (subtitles.empty() ? "subtitles (" : ", ") + std::string(avcodec_get_name(codec->codec_id));
            if (codec->codec_id == AV_CODEC_ID_MOV_TEXT)
                codec_option = "-c copy -c:s srt";  // unknown to Matroska
        }
    if (!subtitles.empty()) subtitles += ")";
    if (input.nb_chapters > 0)
        chapters = std::to_string(input.nb_chapters) + (input.nb_chapters == 1 ? " chapter" : " chapters");
    if (!warn || (subtitles.empty() && chapters.empty())) return;
    const bool one_chapter = subtitles.empty() && input.nb_chapters == 1;
    warn(file + ": its " + subtitles + (subtitles.empty() || chapters.empty() ? "" : " and ") + chapters +
         (one_chapter ? " is" : " are") +
         " left out; ffmpeg -i LABELLED -i FILE -map 0 -map '1:s?' -map_chapters 1 " + codec_option +
         " ALL.mkv puts " + (one_chapter ? "it" : "them") + " back");
}

}  // namespace

SoundTrack::SoundTrack(const std::string& file, double clock_zero_s, AVFormatContext& output,
                       const WarningHandler& warn)
    : input_(libav::open_input(file, false)),
      clock_(*input_),
      clock_zero_s_(clock_zero_s),
      output_(output),
      hides_starts_(hides_starts(output)) {
    libav::copy_title(*input_, output);
    warn_of_omissions(*input_, file, warn);
    choose_streams(*input_, clock_may_jump(*input_)
                                ? av_find_best_stream(input_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0)
                                : -1);
    for (unsigned i = 0; i < input_->nb_streams; ++i) {
        auto& stream = *input_->streams[i];
        if (stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
        if (!clock_may_jump(*input_)) stream.discard = AVDISCARD_ALL;
        if (!can_hold(*output.oformat, stream)) {
            if (warn) warn(file + ": " + sound_left_out(stream, *output.oformat));
            continue;
        }
        auto& added = add_sound(stream, output);
        added.disposition = stream.disposition;
        av_dict_copy(&added.metadata, stream.metadata, 0);  // the language
        stream.discard = AVDISCARD_DEFAULT;
        streams_.push_back({.input = static_cast<int>(i), .output = &added});
        unwrap(streams_.back());
    }
}

/// Removes the ADTS headers that transport streams put before each AAC packet.
void SoundTrack::unwrap(Stream& stream) const {
    const auto* codec = input_->streams[stream.input]->codecpar;
    const bool wrapped = codec->codec_id == AV_CODEC_ID_AAC && codec->extradata_size == 0;
    const auto* unwrapping = av_bsf_get_by_name("aac_adtstoasc");  // null if FFmpeg was built without it
    if (!wrapped || !unwrapping || !(output_.oformat->flags & AVFMT_GLOBALHEADER)) return;
    AVBSFContext* filter = nullptr;
    if (av_bsf_alloc(unwrapping, &filter) < 0) throw std::bad_alloc();
    stream.unwrapped.reset(filter);
    if (avcodec_parameters_copy(filter->par_in, codec) < 0) throw std::bad_alloc();
    filter->time_base_in = input_->streams[stream.input]->time_base;
    if (av_bsf_init(filter) < 0) stream.unwrapped.reset();
}

void SoundTrack::start_at(double time_s, bool skip) {
    start_s_ = time_s;
    skip_ = skip;
}

void SoundTrack::skip_gap(double gap_s) {
    start_s_ += gap_s;
}

std::optional<double> SoundTrack::first_s() {
    while (!ended_ && (pending_ || read())) {
        if (stream_of(*packet_)) return begin_s(*packet_);
        drop();
    }
    return std::nullopt;
}

int SoundTrack::copy_until(double time_s) {
    while (!ended_ && (pending_ || read())) {
        if (auto* stream = stream_of(*packet_)) {
            if (begin_s(*packet_) >= time_s) return 0;
            if (const int failed = write_primed(*stream); failed < 0) return failed;
        }
        drop();
    }
    return 0;
}

/// A decoder needs one packet to reach full output, so one that is not to be played precedes the first if the
/// container supports that.
int SoundTrack::write_primed(Stream& stream) {
    if (const auto primer = std::exchange(stream.primer, nullptr); primer && hides_starts_ && !skip_) {
        std::swap(*primer, *packet_);
        const int failed = write(stream);
        std::swap(*primer, *packet_);
        if (failed < 0) return failed;
    }
    return write(stream);
}

void SoundTrack::drop() {
    av_packet_unref(packet_.get());
    pending_ = false;
}

/// Treats damage as the end of the sound.
bool SoundTrack::read() {
    ended_ = streams_.empty() || av_read_frame(input_.get(), packet_.get()) < 0;
    if (!ended_) clock_.correct(*packet_);
    pending_ = !ended_;
    return pending_;
}

/// The stream for a packet; null for video packets and those removed by the file's edit list.
SoundTrack::Stream* SoundTrack::stream_of(const AVPacket& packet) {
    for (auto& stream : streams_) {
        if (stream.input != packet.stream_index) continue;
        if (!(packet.flags & AV_PKT_FLAG_DISCARD)) return &stream;
        if (stream.last_dts == INT64_MIN) stream.primer.reset(av_packet_clone(&packet));
    }
    return nullptr;
}

double SoundTrack::begin_s(const AVPacket& packet) const {
    const auto time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (time == AV_NOPTS_VALUE) return start_s_;
    return static_cast<double>(time) * av_q2d(input_->streams[packet.stream_index]->time_base) -
           clock_zero_s_;
}

int SoundTrack::write(Stream& stream) {
    const auto time_base = input_->streams[stream.input]->time_base;
    const double begin_s = this->begin_s(*packet_);
    const double half_s = static_cast<double>(packet_->duration) * av_q2d(time_base) / 2.0;
    if (skip_ && begin_s + 2.0 * half_s <= start_s_) return 0;
    if (!hides_starts_ && begin_s + half_s < start_s_) return 0;
    const bool damaged =
        stream.unwrapped && (av_bsf_send_packet(stream.unwrapped.get(), packet_.get()) < 0 ||
                             av_bsf_receive_packet(stream.unwrapped.get(), packet_.get()) < 0);
    if (damaged) return 0;
    // In units of the output, because a file may count sound in whole packets.
    av_packet_rescale_ts(packet_.get(), time_base, stream.output->time_base);
    const auto start = std::llround((start_s_ + clock_zero_s_) / av_q2d(stream.output->time_base));
    if (packet_->pts != AV_NOPTS_VALUE) packet_->pts -= start;
    if (packet_->dts != AV_NOPTS_VALUE) packet_->dts -= start;
    if (packet_->dts != AV_NOPTS_VALUE && packet_->dts <= stream.last_dts)
        return 0;  // a damaged clock would stop the muxer
    stream.last_dts = packet_->dts;
    packet_->stream_index = stream.output->index;
    packet_->pos = -1;
    return av_interleaved_write_frame(&output_, packet_.get());
}

}  // namespace emotion::media
