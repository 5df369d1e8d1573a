#include <algorithm>
#include <cmath>
#include <iomanip>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/address.hpp"
#include "media/left_out.hpp"
#include "media/pictures/picture_header.hpp"
#include "media/sources.hpp"
#include "media/video/seen_frame.hpp"
#include "media/video/servers.hpp"
#include "media/video/video_clock.hpp"
#include "media/video/video_decoder.hpp"

namespace emotion::media {
namespace {

/// A video that ends this much earlier than its container's duration causes a warning.
constexpr double kMissedSeconds = 1.0;

/// Where a video is read from, and how to open it again.
struct Origin {
    std::string name;
    bool remote = false;  ///< not a file
    bool pipe = false;    ///< cannot be opened again
    std::stop_token stop;

    std::unique_ptr<VideoDecoder> open() const { return std::make_unique<VideoDecoder>(name, remote, stop); }
    SourceKind kind(const AVFormatContext& container) const {
        const bool endless = container.duration <= 0 && !libav::has_known_size(container);
        return pipe || (remote && endless) ? SourceKind::kLive : SourceKind::kRecording;
    }
};

/// Throws Error if nothing can be decoded or converted.
const AVFrame* first_frame(VideoDecoder& decoder, const std::string& name) {
    const auto* first = decoder.next();
    if (!first && is_pipe(name))
        throw Error(name +
                    ": none of the frames that come through it can be decoded; an .mp4 whose index is at its "
                    "end cannot be piped: redirect the file (< FILE), or write MPEG-TS or Matroska");
    if (!first && libav::is_called_web_page(decoder.container())) throw libav::web_page_error(name);
    if (!first)
        throw Error(name + ": none of its frames can be decoded, expected an undamaged video or picture");
    if (!sws_isSupportedInput(static_cast<AVPixelFormat>(first->format)))
        throw Error(name + ": its pixel format is not supported; convert it, for example to H.264 in .mp4");
    return first;
}

/// The rate at which frames without times are counted, once the first one is decoded; nullopt: they have
/// times, those that FFmpeg makes from the rate in the stream or, if live, those of their arrival.
std::optional<double> fps_to_count_at(const VideoDecoder& decoder, const Origin& origin,
                                      const OpenOptions& options) {
    if (!has_no_times(decoder.container())) return std::nullopt;
    if (origin.kind(decoder.container()) == SourceKind::kLive)
        return origin.pipe ? options.fps : std::nullopt;
    if (options.fps || decoder.has_rate()) return options.fps;
    return kDefaultFps;
}

/// As FFmpeg's AVFieldOrder.
int field_order_of(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    const bool interlaced = frame.flags & AV_FRAME_FLAG_INTERLACED;
    const bool top_first = frame.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
    const bool interlaced = frame.interlaced_frame, top_first = frame.top_field_first;
#endif
    if (!interlaced) return AV_FIELD_PROGRESSIVE;
    return top_first ? AV_FIELD_TT : AV_FIELD_BB;
}

class VideoSource : public FrameSource {
  public:
    VideoSource(Origin origin, std::unique_ptr<VideoDecoder> decoder, const OpenOptions& options)
        : origin_(std::move(origin)),
          decoder_(std::move(decoder)),
          pending_(first_frame(*decoder_, shown_name(origin_.name))),
          counted_fps_(fps_to_count_at(*decoder_, origin_, options)),
          clock_(decoder_->container(), decoder_->stream(), *pending_, origin_.kind(decoder_->container()),
                 counted_fps_),
          assumes_fps_(counted_fps_ && !options.fps),
          warn_(options.warn),
          pixels_(options.pixels) {
        info_.name = shown_name(origin_.name);
        describe_times();
        describe_pictures(*pending_);
        const auto file = origin_.remote ? "" : origin_.name;
        if (warn_)
            for (const auto& line : left_out(decoder_->container(), decoder_->stream(), file))
                warn_(info_.name + ": " + line);
        if (options.start_s > 0.0 && info_.kind == SourceKind::kRecording) skip_to(options.start_s);
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        if (ended_) return std::nullopt;
        const auto* decoded = pending_ ? std::exchange(pending_, nullptr) : decoder_->next();
        if (!decoded) {
            ended_ = true;
            if (!origin_.stop.stop_requested()) warn_of_early_end();
            return std::nullopt;
        }
        if (assumes_fps_ && next_index_ > 0) warn_of_assumed_fps();  // a single picture needs no rate
        clock_.show(*decoded);
        const auto showing = showing_of(decoder_->container(), decoder_->stream(), *decoded);
        const bool decoded_suffices =
            info_.decoded_colors && can_stay_decoded(*decoded, showing) && showing.stored == info_.stored;
        const auto pixels = pixels_ == Pixels::kDecoded && !decoded_suffices ? Pixels::kBgr : pixels_;
        auto frame = seen_.make(*decoded, showing, pixels, info_.kind == SourceKind::kLive);
        frame.index = next_index_++;
        frame.time_s = arrivals_ ? arrivals_->now_s() : clock_.shown_s();
        frame.duration_s = clock_.shown_for_s();
        return frame;
    }

  private:
    void describe_times();
    void describe_pictures(const AVFrame& first);
    void skip_to(double start_s);
    void open_anew();
    bool skip_packets(std::int64_t start_pts);
    void skip_frames(std::int64_t start_pts);
    Error nothing_from(double start_s) const;
    void warn_of_assumed_fps();
    void warn_of_early_end() const;

    const Origin origin_;
    std::unique_ptr<VideoDecoder> decoder_;
    const AVFrame* pending_;  ///< decoded but not yet returned
    const std::optional<double> counted_fps_;
    VideoClock clock_;
    bool assumes_fps_;                      ///< until it is reported
    std::optional<ArrivalClock> arrivals_;  ///< for a live stream without times
    WarningHandler warn_;
    Pixels pixels_;
    SourceInfo info_;
    SeenFrame seen_;
    std::int64_t next_index_ = 0;
    bool ended_ = false;
};

void VideoSource::describe_times() {
    const auto& container = decoder_->container();
    const auto& stream = decoder_->stream();
    info_.kind = origin_.kind(container);
    if (info_.kind == SourceKind::kLive && has_no_times(container) && !counted_fps_) arrivals_.emplace();
    if (arrivals_ && origin_.pipe && warn_)
        warn_(info_.name + ": stores no times; its frames are timed by their arrival, --fps N sets a rate");
    info_.time_base = arrivals_ ? ArrivalClock::kTick : clock_.tick();
    info_.fps = arrivals_ ? 0.0 : clock_.fps();
    info_.clock_zero_s = clock_.zero_s();
    if (!origin_.remote) info_.sound_file = origin_.name;
    info_.loses_sound = origin_.remote && av_find_best_stream(&decoder_->container(), AVMEDIA_TYPE_AUDIO, -1,
                                                              -1, nullptr, 0) >= 0;
    const double expected_s = std::max(0.0, clock_.end_s() - clock_.first_s());
    info_.frames = stream.nb_frames > 0 ? stream.nb_frames : std::llround(expected_s * info_.fps);
}

void VideoSource::describe_pictures(const AVFrame& first) {
    const auto showing = showing_of(decoder_->container(), decoder_->stream(), first);
    if (!showing.orientation_exact && warn_)
        warn_(info_.name + ": its rotation is not a multiple of 90 degrees; the nearest one is used");
    info_.width = showing.seen.width;
    info_.height = showing.seen.height;
    info_.stored = showing.stored;
    info_.pixel_aspect = showing.pixel_aspect;
    const int range = first.format == AV_PIX_FMT_YUVJ420P ? AVCOL_RANGE_JPEG : first.color_range;
    info_.field_order = field_order_of(first);
    info_.colors = {first.colorspace, range, first.color_primaries, first.color_trc};
    if (info_.kind == SourceKind::kLive) pixels_ = Pixels::kBgr;
    if (pixels_ == Pixels::kDecoded && can_stay_decoded(first, showing)) info_.decoded_colors = info_.colors;
}

/// Decoding restarts, because the first frame has been decoded to get the video's properties.
void VideoSource::skip_to(double start_s) {
    const auto start_pts = clock_.pts_at(start_s);
    if (!start_pts) throw nothing_from(start_s);
    info_.start_s = start_s;
    if (counted_fps_ || !skip_packets(*start_pts)) skip_frames(*start_pts);
    if (!pending_) throw nothing_from(start_s);
}

void VideoSource::open_anew() {
    decoder_.reset();  // some servers accept one connection at a time
    decoder_ = origin_.open();
    clock_.restart();
}

/// Decodes from the last possible position before the start. False if the numbers of packets and frames
/// differ there, so that skipped frames cannot be counted by packets: some hold half a frame, or one that is
/// never displayed.
bool VideoSource::skip_packets(std::int64_t start_pts) {
    open_anew();
    const auto skipped = decoder_->skip_to(clock_.first_pts(), start_pts);
    if (!skipped) return false;
    std::int64_t decoded = 0;
    while ((pending_ = decoder_->next())) {
        const auto shown_at = clock_.pts_of(*pending_);
        if (shown_at >= start_pts) break;
        clock_.show(*pending_);
        if (shown_at >= skipped->begin_pts) ++decoded;
    }
    next_index_ = skipped->frames;
    return decoded == skipped->decoded;
}

/// Decodes and drops everything before the start.
void VideoSource::skip_frames(std::int64_t start_pts) {
    open_anew();
    next_index_ = 0;
    while ((pending_ = decoder_->next())) {
        if (clock_.pts_of(*pending_) >= start_pts) return;
        clock_.show(*pending_);
        ++next_index_;
    }
}

Error VideoSource::nothing_from(double start_s) const {
    std::ostringstream line;
    line << info_.name << ": has no frame from second " << start_s << " on";
    return Error(line.str());
}

void VideoSource::warn_of_assumed_fps() {
    assumes_fps_ = false;
    if (!warn_) return;
    std::ostringstream line;
    line << info_.name << ": stores no times; " << info_.fps << " frames per second are assumed, "
         << (origin_.remote ? "save it as a file to set another rate by --fps N"
                            : "--fps N sets another rate");
    warn_(line.str());
}

void VideoSource::warn_of_early_end() const {
    const int reason = decoder_->end_reason();
    if (info_.kind == SourceKind::kLive && reason != AVERROR_EOF && !origin_.pipe)
        throw Error(info_.name + ": the stream was interrupted (" + libav::reason(reason) + ")");
    if (!warn_) return;
    const double shown_for_s = clock_.shown_for_s() > 0.0 ? clock_.shown_for_s() : 1.0 / clock_.fps();
    const double end_s = clock_.shown_s() + shown_for_s;
    // A program that writes to a pipe may not know the duration yet.
    const double expected_s = origin_.pipe ? 0.0 : clock_.end_s();
    if (const int missing = libav::missing_parts(decoder_->container()); missing > 0) {
        warn_(info_.name + ": " +
              (missing == 1 ? "a part that it names" : std::to_string(missing) + " parts that it names") +
              " cannot be read and " + (missing == 1 ? "is" : "are") + " left out");
    } else if ((reason != AVERROR_EOF && !arrivals_) || end_s + kMissedSeconds < expected_s) {
        std::ostringstream line;
        line << info_.name << ": ends after " << std::fixed << std::setprecision(1) << end_s;
        if (expected_s > 0.0) line << " of " << expected_s;
        line << " seconds; it may be damaged or cut short";
        warn_(line.str());
    } else if (decoder_->is_cut_short()) {  // where the duration is an estimate from the file's size
        warn_(info_.name + ": ends in the middle of a picture or sound; it is cut short");
    }
    if (const int jumps = decoder_->clock_jumps(); jumps > 0)
        warn_(info_.name + ": its clock restarts " +
              (jumps == 1 ? "once" : std::to_string(jumps) + " times") +
              "; what follows is taken to come directly after what was before");
    if (decoder_->damaged() > 0)
        warn_(info_.name + ": is damaged, " + std::to_string(decoder_->damaged()) +
              " of its packets could not be decoded");
}

/// Whether bytes are the start of a picture that FFmpeg takes for a video, or for nothing that it knows.
bool starts_as_boxed_picture(std::string_view start) {
    return is_avif(start) || is_heic(start);
}

/// Whether the container has the brands of such a picture, which FFmpeg keeps in its metadata.
bool has_picture_brand(const AVFormatContext& container) {
    const auto kept = [&](const char* key) -> std::string {
        const auto* entry = av_dict_get(container.metadata, key, nullptr, 0);
        return entry ? entry->value : "";
    };
    const std::string number(4, '\0');
    return starts_as_boxed_picture(number + "ftyp" + kept("major_brand") + number +
                                   kept("compatible_brands"));
}

/// Whether a URL has the ending of Motion JPEG, whose bytes are those of pictures one after the other.
bool is_called_motion_jpeg(const std::string& url) {
    const auto ending = lower_ending(url.substr(0, url.find_first_of("?#")));
    return ending == ".mjpg" || ending == ".mjpeg";
}

/// Whether this is a single picture, as on a website, rather than a stream. If the server does not say its
/// size, only the end shows it.
bool is_picture(VideoDecoder& decoder, const std::string& name) {
    const auto& container = decoder.container();
    const std::string_view format = container.iformat->name;
    if (format == "image2" || has_picture_brand(container)) return true;
    if (!format.ends_with("_pipe") || is_called_motion_jpeg(name)) return false;
    if (avio_size(container.pb) > 0) return true;
    if (const auto* first = decoder.next()) {
        libav::Frame kept(av_frame_clone(first));
        const auto* second = decoder.next();
        decoder.return_later(std::move(kept));
        if (second) {
            decoder.return_later(libav::Frame(av_frame_clone(second)));
            return false;
        }
    }
    const int reason = decoder.end_reason();
    if (reason == AVERROR_EOF || libav::is_unannounced_end(reason, *container.pb)) return true;
    throw Error(name + ": the stream was interrupted (" + libav::reason(reason) + ")");
}

/// Null if FFmpeg finds no video where the server sends a picture.
std::unique_ptr<VideoDecoder> open_unless_picture(const Origin& origin) try {
    return origin.open();
} catch (const libav::NoVideo&) {
    if (!starts_as_boxed_picture(libav::start_of_remote(origin.name, origin.stop))) throw;
    return nullptr;
}

/// Reads a picture anew, by content.
std::unique_ptr<FrameSource> open_picture_of(std::unique_ptr<VideoDecoder> decoder, const std::string& name,
                                             const OpenOptions& options) {
    const bool called_page = libav::is_called_web_page(decoder->container());
    decoder.reset();  // some servers accept one connection at a time
    try {
        return open_remote_picture(name, options);
    } catch (const Error&) {
        if (called_page) throw libav::web_page_error(shown_name(name));
        throw;
    }
}

}  // namespace

bool is_video_without_times(const std::filesystem::path& file) try {
    const std::stop_token never;
    const VideoDecoder decoder(file.string(), false, never);
    return has_no_times(decoder.container());
} catch (const Error&) {
    return false;
}

std::unique_ptr<FrameSource> open_video(const std::string& name, bool remote, const OpenOptions& options) {
    const Origin origin{name, remote, is_pipe(name), options.stop};
    if (!remote || origin.pipe) return std::make_unique<VideoSource>(origin, origin.open(), options);
    auto decoder = open_unless_picture(origin);
    if (!decoder) return open_remote_picture(name, options);
    if (is_picture(*decoder, shown_name(name))) return open_picture_of(std::move(decoder), name, options);
    return std::make_unique<VideoSource>(origin, std::move(decoder), options);
}

}  // namespace emotion::media
