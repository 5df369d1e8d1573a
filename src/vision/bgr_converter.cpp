#include "vision/bgr_converter.hpp"

#include <new>

namespace emotion {

cv::Mat BgrConverter::convert(const AVFrame& frame) {
    const auto format =
        std::tuple(frame.width, frame.height, frame.format, frame.colorspace, frame.color_range);
    if (!scaler_ || format != format_) prepare(frame);
    format_ = format;
    // Rows of a whole number of vectors: the converter writes up to their ends.
    constexpr int kVector = 64;
    cv::Mat rows(frame.height, (frame.width + kVector - 1) / kVector * kVector, CV_8UC3);
    std::uint8_t* planes[] = {rows.data};
    const int strides[] = {static_cast<int>(rows.step)};
    sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
    return rows.colRange(0, frame.width);
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
    // The numbers that name a colour space are the same in both libraries.
    sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(frame.colorspace), from_full, to_table,
                             to_full, brightness, contrast, saturation);
}

}  // namespace emotion
