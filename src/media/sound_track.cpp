#include "media/sound_track.hpp"

#include <cmath>
#include <new>

namespace emotion::media {
namespace {

bool can_hold(const AVFormatContext& output, AVCodecID codec) {
    return avformat_query_codec(output.oformat, codec, output.strict_std_compliance) != 0;
}

}  // namespace

SoundTrack::SoundTrack(const std::string& file, AVFormatContext& output, const Notes& notes)
    : input_(libav::open_input(file, false)), output_(output) {
    for (unsigned i = 0; i < input_->nb_streams; ++i) {
        auto& stream = *input_->streams[i];
        stream.discard = AVDISCARD_ALL;
        if (stream.codecpar->codec_type != AVMEDIA_TYPE_AUDIO) continue;
        if (!can_hold(output, stream.codecpar->codec_id)) {
            if (notes)
                notes(file + ": its sound (" + avcodec_get_name(stream.codecpar->codec_id) +
                      ") is left out, " + output.oformat->name + " files cannot hold it; an .mkv can");
            continue;
        }
        auto* added = avformat_new_stream(&output, nullptr);
        if (!added || avcodec_parameters_copy(added->codecpar, stream.codecpar) < 0) throw std::bad_alloc();
        added->codecpar->codec_tag = 0;  // of the container it comes from
        added->time_base = stream.time_base;
        added->disposition = stream.disposition;
        av_dict_copy(&added->metadata, stream.metadata, 0);  // the language
        stream.discard = AVDISCARD_DEFAULT;
        streams_.push_back({static_cast<int>(i), added, nullptr});
        unwrap(streams_.back());
    }
}

/// Transport streams repeat before each packet of AAC what other containers say once.
void SoundTrack::unwrap(Stream& stream) const {
    const auto* codec = input_->streams[stream.input]->codecpar;
    const bool wrapped = codec->codec_id == AV_CODEC_ID_AAC && codec->extradata_size == 0;
    const auto* unwrapping = av_bsf_get_by_name("aac_adtstoasc");  // null where FFmpeg was built without it
    if (!wrapped || !unwrapping || !(output_.oformat->flags & AVFMT_GLOBALHEADER)) return;
    AVBSFContext* filter = nullptr;
    if (av_bsf_alloc(unwrapping, &filter) < 0) throw std::bad_alloc();
    stream.unwrapped.reset(filter);
    if (avcodec_parameters_copy(filter->par_in, codec) < 0) throw std::bad_alloc();
    filter->time_base_in = input_->streams[stream.input]->time_base;
    if (av_bsf_init(filter) < 0) stream.unwrapped.reset();
}

void SoundTrack::start_at(double clock_s, bool skip) {
    start_s_ = clock_s;
    skip_ = skip;
}

void SoundTrack::leave_out(double gap_s) {
    start_s_ += gap_s;
}

int SoundTrack::copy_until(double clock_s) {
    while (!ended_ && (pending_ || read())) {
        auto* stream = stream_of(*packet_);
        if (stream) {
            if (begin_s(*packet_) >= clock_s) return 0;
            if (const int failed = write(*stream); failed < 0) return failed;
        }
        av_packet_unref(packet_.get());
        pending_ = false;
    }
    return 0;
}

/// A damaged end of the sound is its end.
bool SoundTrack::read() {
    ended_ = streams_.empty() || av_read_frame(input_.get(), packet_.get()) < 0;
    pending_ = !ended_;
    return pending_;
}

SoundTrack::Stream* SoundTrack::stream_of(const AVPacket& packet) {
    for (auto& stream : streams_)
        if (stream.input == packet.stream_index) return &stream;
    return nullptr;
}

double SoundTrack::begin_s(const AVPacket& packet) const {
    const auto time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
    if (time == AV_NOPTS_VALUE) return start_s_;
    return static_cast<double>(time) * av_q2d(input_->streams[packet.stream_index]->time_base);
}

int SoundTrack::write(Stream& stream) {
    const auto time_base = input_->streams[stream.input]->time_base;
    const double end_s = begin_s(*packet_) + static_cast<double>(packet_->duration) * av_q2d(time_base);
    if (skip_ && end_s <= start_s_) return 0;
    const bool damaged =
        stream.unwrapped && (av_bsf_send_packet(stream.unwrapped.get(), packet_.get()) < 0 ||
                             av_bsf_receive_packet(stream.unwrapped.get(), packet_.get()) < 0);
    if (damaged) return 0;
    // In units of the output, as a file may count its sound in whole packets.
    av_packet_rescale_ts(packet_.get(), time_base, stream.output->time_base);
    const auto start = std::llround(start_s_ / av_q2d(stream.output->time_base));
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
