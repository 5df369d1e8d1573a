#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/formatted.hpp"
#include "media/sinks.hpp"
#include "media/video/libav.hpp"
#include "media/video/sound_track.hpp"
#include "media/video/tail_packets.hpp"
#include "media/video/video_encoder.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace emotion::media {
namespace {

constexpr const char* kPieceMicroseconds = "1000000";

const SourceInfo& with_a_size(const SourceInfo& info) {
    if (info.width < 1 || info.height < 1)
        throw std::invalid_argument("a video without a size, expected pixels");
    libav::be_quiet();
    return info;
}

/// The times of the pictures written, from the source's clock to the video's.
class PictureTimes {
  public:
    bool empty() const { return last_pts_ < 0; }
    double last_s() const { return last_s_; }  ///< of the last picture, on the source's clock
    /// Sets time 0 of the video, on the source's clock.
    void begin(double zero_s) { zero_s_ = zero_s; }
    double zero_s() const { return zero_s_; }
    void skip(double gap_s) { zero_s_ += gap_s; }

    /// The time of the next picture in ticks of `tick_s`; it always increases. A container of constant rate
    /// shows a picture again for each tick without one.
    std::int64_t add(double time_s, double tick_s) {
        last_pts_ = std::max<std::int64_t>(std::llround((time_s - zero_s_) / tick_s), last_pts_ + 1);
        last_s_ = time_s;
        return last_pts_;
    }

  private:
    std::int64_t last_pts_ = -1;
    double zero_s_ = 0.0, last_s_ = 0.0;
};

/// How the video ends.
struct Ending {
    bool cut_short = false;     ///< the source goes on, and so does its sound
    double last_frame_s = 0.0;  ///< duration of the last picture; 0: nominal
};

/// Writes the container with video and sound.
class VideoSink : public FrameSink {
  public:
    VideoSink(const std::filesystem::path& target, const VideoFormat& format, const SourceInfo& info,
              WarningHandler warn);

    void write(double time_s, const cv::Mat& canvas) override { write_picture(time_s, canvas); }
    void write(double time_s, const DecodedPicture& picture) override { write_picture(time_s, picture); }
    void cut_short() override { ending_.cut_short = true; }
    void last_frame_lasts(double seconds) override { ending_.last_frame_s = seconds; }
    void finish() override;

  private:
    void check(int result, const std::string& what) const {
        if (result < 0) throw Error(target_.string() + ": " + what + ": " + libav::reason(result));
    }
    void open_container(const SourceInfo& info);
    void add_pictures();
    double frame_s() const { return static_cast<double>(encoder_.nominal_ticks()) * encoder_.tick_s(); }
    double last_frame_s() const { return ending_.last_frame_s > 0.0 ? ending_.last_frame_s : frame_s(); }
    AVStream& stream() const { return *output_->streams[0]; }  // the sound follows the pictures
    template <typename Picture>
    void write_picture(double time_s, const Picture& picture);
    double longest_step_s() const;
    void skip_gap(double gap_s);
    void begin(double time_s);
    void warn_of_lost_start(bool sound_first, double sound_delay_s) const;
    std::int64_t next_pts(double time_s);
    void take_packets();
    void write_packet(AVPacket& packet);
    void put_together();

    std::filesystem::path target_;
    VideoFormat format_;
    WarningHandler warn_;
    PartFile part_;
    VideoEncoder encoder_;
    libav::Output output_;
    std::optional<SoundTrack> sound_;
    TailPackets packets_{[this](AVPacket& packet) { write_packet(packet); }};
    PictureTimes times_;
    Ending ending_;
    const double start_s_;
    bool warned_of_gap_ = false;
};

VideoSink::VideoSink(const std::filesystem::path& target, const VideoFormat& format, const SourceInfo& info,
                     WarningHandler warn)
    : target_(target),
      format_(format),
      warn_(std::move(warn)),
      part_(target),
      encoder_(target.string(), format, with_a_size(info), warn_),
      start_s_(info.start_s) {
    open_container(info);
}

void VideoSink::open_container(const SourceInfo& info) {
    output_ = libav::open_output(part_.path(), format_.muxer, target_.string());
    output_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
    add_pictures();
    if (info.loses_sound && warn_)
        warn_(target_.string() + ": is written without the sound of " + info.name +
              ", as only that of a file is copied; save it as a file first to keep it");
    if (!info.sound_file.empty()) sound_.emplace(info.sound_file, info.clock_zero_s, *output_, warn_);
    if (format_.in_pieces) {
        av_opt_set(output_->priv_data, "movflags", "+delay_moov+default_base_moof", 0);
        av_opt_set(output_->priv_data, "frag_duration", kPieceMicroseconds, 0);
    }
    check(avformat_write_header(output_.get(), nullptr), "cannot be written");
}

void VideoSink::add_pictures() {
    auto* pictures = avformat_new_stream(output_.get(), nullptr);
    if (!pictures) throw std::bad_alloc();
    check(avcodec_parameters_from_context(pictures->codecpar, &encoder_.context()), "cannot be written");
    pictures->time_base = encoder_.context().time_base;
    pictures->avg_frame_rate = encoder_.context().framerate;
    pictures->sample_aspect_ratio = encoder_.context().sample_aspect_ratio;
}

/// MP4 and related formats store durations in 31 bits, and FFmpeg drops an entire table with more than 28
/// when reading.
double VideoSink::longest_step_s() const {
    constexpr double kMaxTicks = 1 << 28;
    double longest = std::numeric_limits<double>::infinity();
    if (!format_.in_pieces) return longest;
    for (unsigned i = 0; i < output_->nb_streams; ++i)
        longest = std::min(longest, kMaxTicks * av_q2d(output_->streams[i]->time_base));
    return longest;
}

/// Skips the time after the last frame, for pictures and sound.
void VideoSink::skip_gap(double gap_s) {
    if (sound_) {
        check(sound_->copy_until(times_.last_s() + frame_s()), "the sound cannot be written");
        sound_->skip_gap(gap_s);
    }
    times_.skip(gap_s);
    if (warn_ && !std::exchange(warned_of_gap_, true))
        warn_(target_.string() + ": the source's clock jumps by " + std::to_string(std::llround(gap_s)) +
              " seconds, more than it can hold, and the gap is left out; an .mkv keeps it");
}

/// Time 0 of the output is the first sound or picture of the recording from the requested start on.
void VideoSink::begin(double time_s) {
    times_.begin(time_s);
    if (!sound_) return;
    const double sound_s = std::max(start_s_, sound_->first_s().value_or(time_s));
    // A requested start rarely falls on a picture; the output then begins with the next one.
    const double usual_wait_s = start_s_ > 0.0 ? frame_s() : 0.0;
    const bool sound_first = sound_s + usual_wait_s < time_s;
    times_.begin(sound_first && !format_.constant_rate ? sound_s : time_s);
    if (format_.constant_rate) warn_of_lost_start(sound_first, sound_s - time_s);
    sound_->start_at(times_.zero_s(), start_s_ > 0.0 || (sound_first && format_.constant_rate));
}

/// A container of constant rate stores no times at which its streams begin.
void VideoSink::warn_of_lost_start(bool sound_first, double sound_delay_s) const {
    constexpr double kAudible_s = 0.1;
    if (!warn_ || std::abs(sound_delay_s) <= kAudible_s) return;
    if (sound_first)
        warn_(target_.string() +
              ": begins with its first picture, the sound before that is left out; an .mkv keeps it");
    else if (sound_delay_s > 0.0)
        warn_(target_.string() + ": its sound begins with its first picture, " +
              formatted("%.1f", sound_delay_s) + " seconds too early; an .mkv keeps both in step");
}

/// The presentation time of a picture in the encoder's ticks.
std::int64_t VideoSink::next_pts(double time_s) {
    const double step_s = time_s - times_.last_s();
    if (!times_.empty() && step_s > longest_step_s()) skip_gap(step_s - frame_s());
    if (times_.empty()) begin(time_s);
    return times_.add(time_s, encoder_.tick_s());
}

template <typename Picture>
void VideoSink::write_picture(double time_s, const Picture& picture) {
    encoder_.encode(picture, next_pts(time_s));
    take_packets();
    if (sound_) check(sound_->copy_until(times_.last_s()), "the sound cannot be written");
}

void VideoSink::take_packets() {
    while (auto* packet = encoder_.receive()) packets_.add(*packet);
}

void VideoSink::write_packet(AVPacket& packet) {
    av_packet_rescale_ts(&packet, encoder_.context().time_base, stream().time_base);
    packet.stream_index = stream().index;
    check(av_interleaved_write_frame(output_.get(), &packet), "can no longer be written");
}

void VideoSink::finish() {
    if (times_.empty()) return;
    encoder_.end();
    take_packets();
    packets_.finish(std::llround(last_frame_s() / encoder_.tick_s()), format_.in_pieces);
    if (sound_)
        check(sound_->copy_until(ending_.cut_short ? times_.last_s() + last_frame_s()
                                                   : std::numeric_limits<double>::infinity()),
              "the sound cannot be written");
    check(av_write_trailer(output_.get()), "cannot be finished");
    check(avio_closep(&output_->pb), "cannot be finished");
    if (format_.in_pieces) put_together();
    part_.commit();
}

/// Needs the size of the video again; without that space the fragments are kept.
void VideoSink::put_together() try {
    PartFile whole(part_.path());
    libav::remux(part_.path(), whole.path(), format_.muxer, target_.string(), last_frame_s());
    whole.commit();
} catch (const Error& error) {
    std::error_code unknown;
    if (!std::filesystem::exists(part_.path(), unknown)) throw;
    if (warn_)
        warn_(std::string(error.what()) +
              "; it is complete but fragmented, and some players seek in it slowly");
}

}  // namespace

std::unique_ptr<FrameSink> make_video_sink(const std::filesystem::path& target, const VideoFormat& format,
                                           const SourceInfo& info, WarningHandler warn) {
    return std::make_unique<VideoSink>(target, format, info, std::move(warn));
}

}  // namespace emotion::media
