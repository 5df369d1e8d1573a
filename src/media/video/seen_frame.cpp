#include "media/video/seen_frame.hpp"

#include <new>
#include <utility>

#include <opencv2/core.hpp>

#include "media/pixel_aspect.hpp"

namespace emotion::media {
namespace {

/// Prefers the frame's own matrix, because some streams change in the middle; nullptr: none.
const std::int32_t* display_matrix(const AVStream& stream, const AVFrame& decoded) {
    if (const auto* data = av_frame_get_side_data(&decoded, AV_FRAME_DATA_DISPLAYMATRIX))
        return reinterpret_cast<const std::int32_t*>(data->data);
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 100)
    const auto* data = av_packet_side_data_get(
        stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data ? reinterpret_cast<const std::int32_t*>(data->data) : nullptr;
#else
    return reinterpret_cast<const std::int32_t*>(
        av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr));
#endif
}

/// A 4:2:0 picture, rotated plane by plane; not copied if already upright.
DecodedPicture upright(const AVFrame& decoded, const Showing& showing) {
    if (showing.orientation == Orientation::kAsStored) {
        DecodedPicture picture(av_frame_clone(&decoded), libav::Deleter{});
        if (!picture) throw std::bad_alloc();
        return picture;
    }
    std::shared_ptr<AVFrame> shown(av_frame_alloc(), libav::Deleter{});
    if (!shown) throw std::bad_alloc();
    shown->format = decoded.format;
    shown->color_range = decoded.color_range;
    shown->width = showing.stored.width;
    shown->height = showing.stored.height;
    if (av_frame_get_buffer(shown.get(), 0) < 0) throw std::bad_alloc();
    for (int plane = 0; plane < 3; ++plane) {
        const auto pixels = [&](const AVFrame& frame) {
            const int half = plane ? 2 : 1;
            return cv::Mat(frame.height / half, frame.width / half, CV_8UC1, frame.data[plane],
                           static_cast<std::size_t>(frame.linesize[plane]));
        };
        cv::Mat place = pixels(*shown);
        orient(pixels(decoded), showing.orientation, place);
    }
    return shown;
}

}  // namespace

Showing showing_of(AVFormatContext& container, AVStream& stream, const AVFrame& decoded) {
    Showing showing;
    if (const auto* matrix = display_matrix(stream, decoded)) {
        const auto requested = orientation_of_matrix(matrix);
        showing.orientation = requested.orientation;
        showing.orientation_exact = requested.exact;
    }
    const auto aspect = av_guess_sample_aspect_ratio(&container, &stream, const_cast<AVFrame*>(&decoded));
    if (aspect.num > 0 && aspect.den > 0) showing.pixel_aspect = {aspect.num, aspect.den};
    showing.stored = {decoded.width, decoded.height};
    if (swaps_sides(showing.orientation)) {
        std::swap(showing.stored.width, showing.stored.height);
        std::swap(showing.pixel_aspect.num, showing.pixel_aspect.den);
    }
    showing.seen = seen_size(showing.stored, visible_aspect(showing.pixel_aspect));
    return showing;
}

bool can_stay_decoded(const AVFrame& decoded, const Showing& showing) {
    const bool of_the_kind = decoded.format == AV_PIX_FMT_YUV420P || decoded.format == AV_PIX_FMT_YUVJ420P;
    return of_the_kind && showing.seen == showing.stored && decoded.width % 2 == 0 &&
           decoded.height % 2 == 0 && decoded.linesize[0] >= decoded.width;
}

Frame SeenFrame::make(const AVFrame& decoded, const Showing& showing, Pixels pixels, bool bgr_only) {
    const auto seen = [&](const cv::Mat& stored) {
        return stretched(oriented(stored, showing.orientation), showing.seen);
    };
    Frame frame;
    frame.stored = showing.stored;
    if (pixels == Pixels::kDecoded) {
        frame.decoded = upright(decoded, showing);
        frame.gray = brightness(*frame.decoded);
        return frame;
    }
    if (!bgr_only) frame.gray = seen(brightness(decoded));
    if (pixels == Pixels::kBgr || frame.gray.empty()) frame.bgr = seen(converter_.convert(decoded));
    return frame;
}

}  // namespace emotion::media
