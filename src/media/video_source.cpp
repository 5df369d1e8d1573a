#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <new>
#include <sstream>
#include <string_view>
#include <utility>

#include <opencv2/core.hpp>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/parseutils.h>
}

#include "base/error.hpp"
#include "media/bgr_converter.hpp"
#include "media/sources.hpp"
#include "media/video_decoder.hpp"

namespace emotion::media {
namespace {

/// A video that ends so much earlier than its container says is told of.
constexpr double kMissedSeconds = 1.0;

/// How far the pictures are to be turned clockwise to stand upright: 0, 90, 180 or 270 degrees.
int clockwise_degrees(const AVStream& stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    const auto* data = av_packet_side_data_get(
        stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    const auto* matrix = data ? reinterpret_cast<const std::int32_t*>(data->data) : nullptr;
#else
    const auto* matrix = reinterpret_cast<const std::int32_t*>(
        av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
#endif
    const double counterclockwise = matrix ? av_display_rotation_get(matrix) : 0.0;
    if (std::isnan(counterclockwise)) return 0;
    const int quarters = static_cast<int>(std::lround(-counterclockwise / 90.0));
    return (quarters % 4 + 4) % 4 * 90;
}

/// As Matroska files say of each stream in a tag, while the container's duration is that of the longest,
/// which may be the sound; infinite where they do not.
double tagged_duration_s(const AVStream& stream) {
    const auto* tag = av_dict_get(stream.metadata, "DURATION", nullptr, AV_DICT_IGNORE_SUFFIX);
    std::int64_t microseconds = 0;
    const bool told = tag && av_parse_time(&microseconds, tag->value, 1) >= 0 && microseconds > 0;
    return told ? static_cast<double>(microseconds) / AV_TIME_BASE : std::numeric_limits<double>::infinity();
}

void rotate(const cv::Mat& picture, int degrees, cv::Mat& upright) {
    cv::rotate(picture, upright,
               degrees == 90    ? cv::ROTATE_90_CLOCKWISE
               : degrees == 180 ? cv::ROTATE_180
                                : cv::ROTATE_90_COUNTERCLOCKWISE);
}

cv::Mat turned(const cv::Mat& picture, int degrees) {
    if (degrees == 0 || picture.empty()) return picture;
    cv::Mat upright;
    rotate(picture, degrees, upright);
    return upright;
}

/// A picture of 4:2:0, turned plane by plane; without copying where it stands upright.
DecodedPicture turned(const AVFrame& decoded, int degrees) {
    if (degrees == 0) {
        DecodedPicture picture(av_frame_clone(&decoded), libav::Deleter{});
        if (!picture) throw std::bad_alloc();
        return picture;
    }
    std::shared_ptr<AVFrame> upright(av_frame_alloc(), libav::Deleter{});
    if (!upright) throw std::bad_alloc();
    const bool lying = degrees % 180 == 90;
    upright->format = decoded.format;
    upright->color_range = decoded.color_range;
    upright->width = lying ? decoded.height : decoded.width;
    upright->height = lying ? decoded.width : decoded.height;
    if (av_frame_get_buffer(upright.get(), 0) < 0) throw std::bad_alloc();
    for (int plane = 0; plane < 3; ++plane) {
        const auto stored = [&](const AVFrame& frame) {
            const int half = plane ? 2 : 1;
            return cv::Mat(frame.height / half, frame.width / half, CV_8UC1, frame.data[plane],
                           static_cast<std::size_t>(frame.linesize[plane]));
        };
        cv::Mat place = stored(*upright);
        rotate(stored(decoded), degrees, place);
    }
    return upright;
}

class VideoSource : public FrameSource {
  public:
    VideoSource(const std::string& name, bool remote, double start_s, Notes notes,
                const std::stop_token& stop)
        : stop_(stop), decoder_(name, remote, stop_), pending_(decoder_.next()), notes_(std::move(notes)) {
        info_.name = name;
        if (!pending_)
            throw Error(name +
                        ": not one frame of it can be decoded, expected an undamaged video or picture");
        if (!sws_isSupportedInput(static_cast<AVPixelFormat>(pending_->format)))
            throw Error(name +
                        ": its kind of pixels cannot be shown; convert it, for example to H.264 in .mp4");
        describe_pictures(*pending_);
        describe_times(*pending_, remote);
        if (start_s > 0.0) skip_to(start_s, remote);
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        if (ended_) return std::nullopt;
        const auto* decoded = pending_ ? std::exchange(pending_, nullptr) : decoder_.next();
        if (!decoded) {
            ended_ = true;
            if (!stop_.stop_requested()) tell_of_the_end();
            return std::nullopt;
        }
        last_pts_ = presentation_time(*decoded);
        Frame frame{{}, next_index_++, seconds(), {}};
        if (info_.decoded_colors && can_be_drawn_on(*decoded)) {
            frame.decoded = turned(*decoded, clockwise_degrees_);
            frame.gray = brightness(*frame.decoded);
            return frame;
        }
        if (!info_.live) frame.gray = turned(brightness(*decoded), clockwise_degrees_);
        if (colors_wanted_ || frame.gray.empty())
            frame.bgr = turned(converter_.convert(*decoded), clockwise_degrees_);
        return frame;
    }

    void gray_suffices() override { colors_wanted_ = false; }
    void decoded_suffices() override {
        if (!info_.live) info_.decoded_colors = decoded_colors_;
    }

  private:
    bool can_be_drawn_on(const AVFrame& decoded) const;
    void describe_pictures(const AVFrame& first);
    void describe_times(const AVFrame& first, bool remote);
    void skip_to(double start_s, bool remote);
    Error nothing_from(double start_s) const;
    std::int64_t presentation_time(const AVFrame& decoded) const;
    double seconds() const { return static_cast<double>(last_pts_ - first_pts_) * info_.time_base.value(); }
    void tell_of_the_end() const;

    const std::stop_token stop_;
    VideoDecoder decoder_;
    const AVFrame* pending_;
    Notes notes_;
    SourceInfo info_;
    std::optional<ColorTags> decoded_colors_;  ///< nullopt: frames are only given in BGR
    BgrConverter converter_;
    int clockwise_degrees_ = 0;
    double expected_seconds_ = 0.0;
    std::int64_t next_index_ = 0, first_pts_ = 0, last_pts_ = INT64_MIN, nominal_ticks_ = 1;
    bool ended_ = false, colors_wanted_ = true;
};

void VideoSource::describe_pictures(const AVFrame& first) {
    clockwise_degrees_ = clockwise_degrees(decoder_.stream());
    info_.width = first.width;
    info_.height = first.height;
    const auto aspect =
        av_guess_sample_aspect_ratio(&decoder_.container(), &decoder_.stream(), const_cast<AVFrame*>(&first));
    if (aspect.num > 0 && aspect.den > 0) info_.pixel_aspect = {aspect.num, aspect.den};
    if (clockwise_degrees_ % 180 == 90) {
        std::swap(info_.width, info_.height);
        std::swap(info_.pixel_aspect.num, info_.pixel_aspect.den);
    }
    const int range = first.format == AV_PIX_FMT_YUVJ420P ? AVCOL_RANGE_JPEG : first.color_range;
    info_.colors = {first.colorspace, range, first.color_primaries, first.color_trc};
    if (can_be_drawn_on(first)) decoded_colors_ = info_.colors;
}

bool VideoSource::can_be_drawn_on(const AVFrame& decoded) const {
    const bool of_the_kind = decoded.format == AV_PIX_FMT_YUV420P || decoded.format == AV_PIX_FMT_YUVJ420P;
    const bool lying = clockwise_degrees_ % 180 == 90;
    return of_the_kind && decoded.width == (lying ? info_.height : info_.width) &&
           decoded.height == (lying ? info_.width : info_.height) && decoded.width % 2 == 0 &&
           decoded.height % 2 == 0 && decoded.linesize[0] >= decoded.width;
}

void VideoSource::describe_times(const AVFrame& first, bool remote) {
    auto& container = decoder_.container();
    auto& stream = decoder_.stream();
    info_.time_base = {stream.time_base.num, stream.time_base.den};
    const double fps = av_q2d(av_guess_frame_rate(&container, &stream, const_cast<AVFrame*>(&first)));
    info_.fps = std::isfinite(fps) && fps > 0.0 ? fps : kUsualFps;
    nominal_ticks_ = std::max<std::int64_t>(1, std::llround(1.0 / (info_.fps * info_.time_base.value())));

    first_pts_ = presentation_time(first);
    info_.clock_start_s = static_cast<double>(first_pts_) * info_.time_base.value();

    const bool endless = container.duration <= 0;
    info_.live = remote && endless;
    if (!remote) info_.sound_file = info_.name;
    if (stream.duration > 0)
        expected_seconds_ = static_cast<double>(stream.duration) * info_.time_base.value();
    else if (!endless)
        expected_seconds_ =
            std::min(static_cast<double>(container.duration) / AV_TIME_BASE, tagged_duration_s(stream));
    const bool tells_its_end = std::string_view(container.iformat->name).starts_with("matroska");
    if (tells_its_end && expected_seconds_ > 0.0 && info_.clock_start_s > 0.0)
        expected_seconds_ = std::max(0.0, expected_seconds_ - info_.clock_start_s);
    info_.frames = stream.nb_frames > 0 ? stream.nb_frames : std::llround(expected_seconds_ * info_.fps);
}

/// The first frame had to be decoded for what is known of the video, so decoding begins anew.
void VideoSource::skip_to(double start_s, bool remote) {
    const double start =
        static_cast<double>(first_pts_) + std::ceil(start_s / info_.time_base.value() - 1e-6);
    constexpr double kNoClockGoesSoFar = 9e18;
    if (start > kNoClockGoesSoFar) throw nothing_from(start_s);
    const auto start_pts = static_cast<std::int64_t>(start);
    decoder_ = VideoDecoder(info_.name, remote, stop_);
    const auto before = decoder_.skip_to(start_pts);
    next_index_ = before.value_or(0);
    while ((pending_ = decoder_.next())) {
        const auto shown_at = presentation_time(*pending_);
        if (shown_at >= start_pts) return;
        last_pts_ = shown_at;
        if (!before) ++next_index_;
    }
    throw nothing_from(start_s);
}

Error VideoSource::nothing_from(double start_s) const {
    std::ostringstream line;
    line << info_.name << ": has no frame from second " << start_s << " on";
    return Error(line.str());
}

/// In units of the time base. Where the file does not say or goes back, a nominal step.
std::int64_t VideoSource::presentation_time(const AVFrame& decoded) const {
    const auto told = decoded.best_effort_timestamp;
    if (last_pts_ == INT64_MIN) return told == AV_NOPTS_VALUE ? 0 : told;
    return told == AV_NOPTS_VALUE || told <= last_pts_ ? last_pts_ + nominal_ticks_ : told;
}

void VideoSource::tell_of_the_end() const {
    const int reason = decoder_.end_reason();
    if (info_.live && reason != AVERROR_EOF)
        throw Error(info_.name + ": the stream broke off (" + libav::reason(reason) + ")");
    if (!notes_) return;
    if (reason != AVERROR_EOF || seconds() + kMissedSeconds < expected_seconds_) {
        std::ostringstream line;
        line << info_.name << ": ends after " << std::fixed << std::setprecision(1) << seconds() << " of "
             << expected_seconds_ << " seconds; it may be damaged or cut short";
        notes_(line.str());
    }
    if (decoder_.damaged() > 0)
        notes_(info_.name + ": is damaged, " + std::to_string(decoder_.damaged()) +
               " of its packets could not be decoded");
}

}  // namespace

std::unique_ptr<FrameSource> open_video(const std::string& name, bool remote, double start_s, Notes notes,
                                        const std::stop_token& stop) {
    return std::make_unique<VideoSource>(name, remote, start_s, std::move(notes), stop);
}

}  // namespace emotion::media
