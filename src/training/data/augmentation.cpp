#include "training/data/augmentation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <opencv2/imgcodecs.hpp>  // its constants
#include <opencv2/imgproc.hpp>

#include "media/pictures/picture_codecs.hpp"

namespace emotion::training {
namespace {

/// Flip, shift, rotation and scaling in one interpolation, replicating the border.
cv::Mat move(const cv::Mat& crop, const AugmentationOptions& options, Random& random) {
    const double angle = random.uniform(-1, 1) * options.rotation_deg * std::numbers::pi / 180;
    const double factor = options.zoom * std::exp(random.uniform(-1, 1) * std::log1p(options.scale));
    const double mirror = random.uniform() < options.flip ? -1 : 1;
    const double right = random.uniform(-1, 1) * options.shift * crop.cols;
    const double down = random.uniform(-1, 1) * options.shift * crop.rows;

    const double cosine = std::cos(angle) * factor, sine = std::sin(angle) * factor;
    const double x = (crop.cols - 1) / 2.0, y = (crop.rows - 1) / 2.0;
    const cv::Matx23d forward(mirror * cosine, -sine, x + right - mirror * cosine * x + sine * y,  //
                              mirror * sine, cosine, y + down - mirror * sine * x - cosine * y);
    cv::Mat moved;
    cv::warpAffine(crop, moved, forward, crop.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return moved;
}

/// Blends with the histogram-equalized picture.
void equalize(cv::Mat& crop, Random& random) {
    const double share = random.uniform();
    std::vector<cv::Mat> channels;
    cv::split(crop, channels);
    for (auto& channel : channels) {
        cv::Mat equal;
        cv::equalizeHist(channel, equal);
        cv::addWeighted(equal, share, channel, 1 - share, 0, channel);
    }
    cv::merge(channels, crop);
}

/// Scales contrast around mid-gray, which may itself be shifted, and clips.
void stretch_contrast(cv::Mat& crop, Random& random) {
    const double factor = random.uniform(1.0, 2.2);
    const double mean = cv::mean(crop)[0], middle = 127.5 + random.uniform(-40, 40);
    crop.convertTo(crop, -1, factor, middle - factor * mean);
}

void change_gamma(cv::Mat& crop, Random& random) {
    const double gamma = std::exp(random.uniform(-0.6, 0.6));
    cv::Mat table(1, 256, CV_8UC1);
    for (int value = 0; value < 256; ++value)
        table.at<uchar>(value) = cv::saturate_cast<uchar>(255 * std::pow(value / 255.0, gamma));
    cv::LUT(crop, table, crop);
}

/// Casts a shadow with a hard or soft edge at a random angle.
void cast_shadow(cv::Mat& crop, Random& random) {
    const double angle = random.uniform(0, 2 * std::numbers::pi), offset = random.uniform(-0.5, 0.5);
    const double softness = random.uniform(0.03, 0.6), darkness = 1 - random.uniform(0.3, 0.85);
    const double across = std::cos(angle) * 2 / crop.cols, along = std::sin(angle) * 2 / crop.rows;
    for (int row = 0; row < crop.rows; ++row) {
        uchar* pixel = crop.ptr<uchar>(row);
        for (int column = 0; column < crop.cols; ++column) {
            const double depth =
                (column - crop.cols / 2.0) * across + (row - crop.rows / 2.0) * along - offset;
            const double light = 1 - darkness / (1 + std::exp(-3 * depth / softness));
            for (int channel = 0; channel < crop.channels(); ++channel, ++pixel)
                *pixel = cv::saturate_cast<uchar>(*pixel * light);
        }
    }
}

void make_coarse(cv::Mat& crop, Random& random) {
    const double share = random.uniform(0.4, 0.9);
    const cv::Size small(std::max(2, static_cast<int>(std::lround(crop.cols * share))),
                         std::max(2, static_cast<int>(std::lround(crop.rows * share))));
    cv::Mat coarse;
    cv::resize(crop, coarse, small, 0, 0, cv::INTER_AREA);
    cv::resize(coarse, crop, crop.size(), 0, 0, cv::INTER_LINEAR);
}

void sharpen(cv::Mat& crop, Random& random) {
    const double strength = random.uniform(0.2, 1.5), sigma = random.uniform(0.6, 1.2);
    cv::Mat smooth;
    cv::GaussianBlur(crop, smooth, cv::Size(), sigma, sigma, cv::BORDER_REPLICATE);
    cv::addWeighted(crop, 1 + strength, smooth, -strength, 0, crop);
}

void compress(cv::Mat& crop, Random& random) {
    const int quality = 20 + static_cast<int>(random.below(61));
    std::vector<uchar> bytes;
    media::picture_codecs().encode(".jpg", crop, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    crop =
        media::picture_codecs().decode(bytes, crop.channels() == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
}

void add_noise(cv::Mat& crop, Random& random) {
    const double sigma = random.uniform(0, 10);
    for (int row = 0; row < crop.rows; ++row) {
        uchar* value = crop.ptr<uchar>(row);
        for (int i = 0; i < crop.cols * crop.channels(); ++i)
            value[i] = cv::saturate_cast<uchar>(value[i] + sigma * random.normal());
    }
}

void erase_rectangle(cv::Mat& crop, Random& random) {
    const double area = random.uniform(0.02, 0.2) * crop.cols * crop.rows;
    const double aspect = std::exp(random.uniform(-1, 1) * std::log(3.0));
    const int width = std::clamp(static_cast<int>(std::sqrt(area * aspect)), 1, crop.cols);
    const int height = std::clamp(static_cast<int>(std::sqrt(area / aspect)), 1, crop.rows);
    const auto place = [&](int room) {
        return static_cast<int>(random.below(static_cast<std::uint64_t>(room) + 1));
    };
    const int left = place(crop.cols - width), top = place(crop.rows - height);
    crop(cv::Rect(left, top, width, height)).setTo(cv::Scalar::all(random.uniform(0, 255)));
}

/// Draws no random number for a probability of 0, so that adding an augmentation does not change the views of
/// recipes without it.
bool happens(double probability, Random& random) {
    return probability > 0 && random.uniform() < probability;
}

}  // namespace

cv::Mat augment(const cv::Mat& crop, const AugmentationOptions& options, Random& random) {
    cv::Mat view = move(crop, options, random);
    if (happens(options.equalize, random)) equalize(view, random);
    if (happens(options.contrast, random)) stretch_contrast(view, random);
    if (random.uniform() < options.gamma) change_gamma(view, random);
    if (random.uniform() < options.shadow) cast_shadow(view, random);
    if (random.uniform() < options.blur) {
        const double sigma = random.uniform(0.5, 1.6);
        cv::GaussianBlur(view, view, cv::Size(), sigma, sigma, cv::BORDER_REPLICATE);
    }
    if (happens(options.coarse, random)) make_coarse(view, random);
    if (happens(options.sharpen, random)) sharpen(view, random);
    if (happens(options.compress, random)) compress(view, random);
    if (random.uniform() < options.noise) add_noise(view, random);
    if (random.uniform() < options.erase) erase_rectangle(view, random);
    return view;
}

}  // namespace emotion::training
