#include "media/video/bgr_converter.hpp"

#include <new>
#include <string_view>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace emotion::media {
namespace {

/// libswscale reads four pointers and strides, also where the format has one plane.
constexpr int kPlanes = 4;

/// Rows have a whole number of vectors, because libswscale accesses entire vectors.
cv::Mat padded_bgr(cv::Size size) {
    constexpr int kVector = 64;
    const cv::Mat whole(size.height, (size.width + kVector - 1) / kVector * kVector, CV_8UC3);
    return whole.colRange(0, size.width);
}

}  // namespace

cv::Mat BgrConverter::convert(const AVFrame& frame) {
    const auto format =
        std::tuple(frame.width, frame.height, frame.format, frame.colorspace, frame.color_range);
    if (!scaler_ || format != format_) prepare(frame);
    format_ = format;
    cv::Mat rows = padded_bgr({frame.width, frame.height});
    std::uint8_t* planes[kPlanes] = {rows.data};
    const int strides[kPlanes] = {static_cast<int>(rows.step)};
    sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
    return rows;
}

void BgrConverter::prepare(const AVFrame& frame) {
    scaler_.reset(sws_getContext(frame.width, frame.height, static_cast<AVPixelFormat>(frame.format),
                                 frame.width, frame.height, AV_PIX_FMT_BGR24, SWS_BILINEAR, nullptr, nullptr,
                                 nullptr));
    if (!scaler_) throw std::bad_alloc();
    int *from_table = nullptr, *to_table = nullptr;
    int from_full = 0, to_full = 0, brightness = 0, contrast = 0, saturation = 0;
    sws_getColorspaceDetails(scaler_.get(), &from_table, &from_full, &to_table, &to_full, &brightness,
                             &contrast, &saturation);
    if (frame.color_range != AVCOL_RANGE_UNSPECIFIED) from_full = frame.color_range == AVCOL_RANGE_JPEG;
    // Both libraries use the same values for color spaces.
    sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(frame.colorspace), from_full, to_table,
                             to_full, brightness, contrast, saturation);
}

void BgrToDecoded::convert(const cv::Mat& bgr, const ColorTags& colors, AVFrame& frame) {
    if (!scaler_) {
        // Without SWS_ACCURATE_RND it would take the color of four pixels from the first of them. All
        // versions treat RGB as full range only this way.
        const bool full_range = colors.range == AVCOL_RANGE_JPEG;
        scaler_.reset(sws_getContext(bgr.cols, bgr.rows, AV_PIX_FMT_BGR24, frame.width, frame.height,
                                     full_range ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P,
                                     SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
        if (!scaler_) throw std::bad_alloc();
        constexpr int kAsItIs = 1 << 16;  // contrast and saturation
        sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(SWS_CS_DEFAULT), 0,
                                 sws_getCoefficients(colors.space), full_range, 0, kAsItIs, kAsItIs);
    }
    if (av_frame_get_buffer(&frame, 0) < 0) throw std::bad_alloc();
    cv::Mat rows = padded_bgr(bgr.size());
    bgr.copyTo(rows);
    const std::uint8_t* planes[kPlanes] = {rows.data};
    const int strides[kPlanes] = {static_cast<int>(rows.step)};
    sws_scale(scaler_.get(), planes, strides, 0, rows.rows, frame.data, frame.linesize);
}

const cv::Mat& BgrToYuyv::convert(const cv::Mat& bgr) {
    if (!scaler_) {
        scaler_.reset(sws_getContext(bgr.cols, bgr.rows, AV_PIX_FMT_BGR24, bgr.cols, bgr.rows,
                                     AV_PIX_FMT_YUYV422, SWS_BILINEAR, nullptr, nullptr, nullptr));
        if (!scaler_) throw std::bad_alloc();
        padded_ = padded_bgr(bgr.size());
        // libswscale writes whole vectors: the excess is overwritten by the next row or falls into an extra
        // one.
        yuyv_ = cv::Mat(bgr.rows + 1, bgr.cols, CV_8UC2).rowRange(0, bgr.rows);
    }
    bgr.copyTo(padded_);
    const std::uint8_t* from[kPlanes] = {padded_.data};
    const int from_strides[kPlanes] = {static_cast<int>(padded_.step)};
    std::uint8_t* to[kPlanes] = {yuyv_.data};
    const int to_strides[kPlanes] = {static_cast<int>(yuyv_.step)};
    sws_scale(scaler_.get(), from, from_strides, 0, bgr.rows, to, to_strides);
    return yuyv_;
}

cv::Mat brightness(const AVFrame& frame) {
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    constexpr std::uint64_t kOther =
        AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL;
    if (!format || (format->flags & kOther) || format->nb_components < 3) return {};
    const auto& luma = format->comp[0];
    if (luma.depth != 8 || luma.step != 1 || luma.plane != 0 || frame.linesize[0] < frame.width) return {};
    const cv::Mat stored(frame.height, frame.width, CV_8UC1, frame.data[0],
                         static_cast<std::size_t>(frame.linesize[0]));
    const bool full_range =
        frame.color_range == AVCOL_RANGE_JPEG || std::string_view(format->name).starts_with("yuvj");
    cv::Mat result;
    if (full_range)
        stored.copyTo(result);
    else  // ITU-R BT.601 and 709: black is 16, white is 235
        stored.convertTo(result, CV_8U, 255.0 / 219.0, -16.0 * 255.0 / 219.0);
    return result;
}

}  // namespace emotion::media
