#include "media/video/decoded_canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#include <opencv2/core.hpp>

#include "media/video/libav.hpp"

namespace emotion::media {
namespace {

constexpr int kTile = 8;
constexpr int kChromaZero = 128;

}  // namespace

DecodedCanvas::DecodedCanvas(const ColorTags& colors) {
    if (colors.space == AVCOL_SPC_BT709)
        matrix_ = {.red = 0.2126f, .blue = 0.0722f};
    else if (colors.space == AVCOL_SPC_BT2020_NCL)
        matrix_ = {.red = 0.2627f, .blue = 0.0593f};
    matrix_.green = 1.0f - matrix_.red - matrix_.blue;
    if (colors.range != AVCOL_RANGE_JPEG) {
        matrix_.luma_offset = 16.0f;
        matrix_.luma = 219.0f / 255.0f;
        matrix_.chroma = 224.0f / 255.0f;
    }
}

void DecodedCanvas::start(DecodedPicture picture) {
    picture_ = std::move(picture);
    const cv::Size size(picture_->width, picture_->height);
    canvas_.create(size, CV_8UC3);
    before_.create(size, CV_8UC3);
    uncovered_.create((size.height + kTile - 1) / kTile, (size.width + kTile - 1) / kTile, CV_8UC1);
    uncovered_.setTo(0);
    tiles_.clear();
}

void DecodedCanvas::uncover(const cv::Rect& part) {
    const auto seen = part & cv::Rect({}, canvas_.size());
    if (seen.empty()) return;
    for (int row = seen.y / kTile; row <= (seen.br().y - 1) / kTile; ++row)
        for (int column = seen.x / kTile; column <= (seen.br().x - 1) / kTile; ++column) {
            auto& uncovered = uncovered_.at<std::uint8_t>(row, column);
            if (std::exchange(uncovered, 1)) continue;
            tiles_.push_back(cv::Rect(column * kTile, row * kTile, kTile, kTile) &
                             cv::Rect({}, canvas_.size()));
            to_bgr(tiles_.back());
        }
}

/// Integer arithmetic, with chroma computed once per 2x2 pixels: this dominates the cost of drawing on a
/// picture.
void DecodedCanvas::to_bgr(const cv::Rect& tile) {
    const auto& m = matrix_;
    constexpr int kBits = 14, kHalf = 1 << (kBits - 1);
    const auto whole = [](float factor) { return static_cast<int>(std::lround(factor * (1 << kBits))); };
    const float red_per_v = 2 * (1 - m.red) / m.chroma, blue_per_u = 2 * (1 - m.blue) / m.chroma;
    const int per_luma = whole(1 / m.luma), luma_offset = static_cast<int>(m.luma_offset);
    const int red_v = whole(red_per_v), green_v = whole(red_per_v * m.red / m.green);
    const int blue_u = whole(blue_per_u), green_u = whole(blue_per_u * m.blue / m.green);
    const auto row = [&](int plane, int number) {
        return picture_->data[plane] + std::ptrdiff_t{number} * picture_->linesize[plane];
    };
    const int pairs = tile.width / 2;
    for (int y = tile.y; y < tile.br().y; y += 2) {
        // Of a whole tile's width at a time, for the sake of vectors: what a pair of pixels adds to each
        // color.
        std::array<int, kTile> blue{}, green{}, red{};
        const auto *us = row(1, y / 2) + tile.x / 2, *vs = row(2, y / 2) + tile.x / 2;
        for (int pair = 0; pair < pairs; ++pair) {
            const int u = us[pair] - kChromaZero, v = vs[pair] - kChromaZero;
            const auto left = static_cast<std::size_t>(2 * pair);
            blue[left] = blue[left + 1] = blue_u * u + kHalf;
            green[left] = green[left + 1] = kHalf - green_u * u - green_v * v;
            red[left] = red[left + 1] = red_v * v + kHalf;
        }
        for (int py = y; py < y + 2; ++py) {
            std::array<std::uint8_t, kTile> lumas{};
            std::memcpy(lumas.data(), row(0, py) + tile.x, static_cast<std::size_t>(tile.width));
            std::array<std::uint8_t, kTile> blues, greens, reds;
            for (std::size_t i = 0; i < kTile; ++i) {
                const int luma = per_luma * (lumas[i] - luma_offset);
                const auto level = [&](int added) {
                    return static_cast<std::uint8_t>(std::clamp((luma + added) >> kBits, 0, 255));
                };
                blues[i] = level(blue[i]);
                greens[i] = level(green[i]);
                reds[i] = level(red[i]);
            }
            auto* pixels = canvas_.ptr<cv::Vec3b>(py) + tile.x;
            for (std::size_t i = 0; i < static_cast<std::size_t>(tile.width); ++i)
                pixels[i] = {blues[i], greens[i], reds[i]};
        }
    }
    canvas_(tile).copyTo(before_(tile));
}

DecodedPicture DecodedCanvas::finish() {
    const bool reusable = drawn_ && drawn_.use_count() == 1 && av_frame_is_writable(drawn_.get()) &&
                          drawn_->width == picture_->width && drawn_->height == picture_->height;
    if (!reusable) {
        drawn_ = {av_frame_alloc(), libav::Deleter{}};
        if (!drawn_) throw std::bad_alloc();
        drawn_->format = AV_PIX_FMT_YUV420P;
        drawn_->width = picture_->width;
        drawn_->height = picture_->height;
        if (av_frame_get_buffer(drawn_.get(), 0) < 0) throw std::bad_alloc();
    }
    for (int plane = 0; plane < 3; ++plane) {
        const int half = plane ? 2 : 1, rows = picture_->height / half, columns = picture_->width / half;
        const auto stored = [&](const AVFrame& frame) {
            return cv::Mat(rows, columns, CV_8UC1, frame.data[plane],
                           static_cast<std::size_t>(frame.linesize[plane]));
        };
        stored(*picture_).copyTo(stored(*drawn_));
    }
    for (const auto& tile : tiles_) put_back(tile, *drawn_);
    picture_.reset();
    return drawn_;
}

/// A 2x2 block, which shares chroma, is written if any of its pixels was drawn on.
void DecodedCanvas::put_back(const cv::Rect& tile, AVFrame& drawn) const {
    const auto& m = matrix_;
    const float u_per_blue = m.chroma / (2 * (1 - m.blue)) / 4, v_per_red = m.chroma / (2 * (1 - m.red)) / 4;
    for (int y = tile.y; y < tile.br().y; y += 2) {
        const cv::Vec3b* rows[] = {canvas_.ptr<cv::Vec3b>(y), canvas_.ptr<cv::Vec3b>(y + 1)};
        const cv::Vec3b* rows_before[] = {before_.ptr<cv::Vec3b>(y), before_.ptr<cv::Vec3b>(y + 1)};
        const auto row = [&](int plane, int number) {
            return drawn.data[plane] + std::ptrdiff_t{number} * drawn.linesize[plane];
        };
        std::uint8_t* luma_rows[] = {row(0, y), row(0, y + 1)};
        auto *u_row = row(1, y / 2), *v_row = row(2, y / 2);
        for (int x = tile.x; x < tile.br().x; x += 2) {
            constexpr std::size_t kTwoPixels = 2 * sizeof(cv::Vec3b);
            if (std::memcmp(rows[0] + x, rows_before[0] + x, kTwoPixels) == 0 &&
                std::memcmp(rows[1] + x, rows_before[1] + x, kTwoPixels) == 0)
                continue;
            float u = kChromaZero, v = kChromaZero;
            for (int below = 0; below < 2; ++below)
                for (int px = x; px < x + 2; ++px) {
                    const auto& pixel = rows[below][px];
                    const float luma = m.blue * pixel[0] + m.green * pixel[1] + m.red * pixel[2];
                    u += u_per_blue * (pixel[0] - luma);
                    v += v_per_red * (pixel[2] - luma);
                    if (pixel != rows_before[below][px])
                        luma_rows[below][px] = cv::saturate_cast<std::uint8_t>(m.luma_offset + m.luma * luma);
                }
            u_row[x / 2] = cv::saturate_cast<std::uint8_t>(u);
            v_row[x / 2] = cv::saturate_cast<std::uint8_t>(v);
        }
    }
}

}  // namespace emotion::media
