#include "apps/make_demo/portrait.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <opencv2/video/tracking.hpp>

#include "apps/make_demo/faces.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "media/pictures/picture.hpp"

namespace emotion::apps {
namespace {

constexpr int kSide = kAverageFaceSide;

/// The similarity transform that maps one pair of points to another.
cv::Matx23f similarity(cv::Point2f from_a, cv::Point2f from_b, cv::Point2f to_a, cv::Point2f to_b) {
    const cv::Point2f from = from_b - from_a, to = to_b - to_a;
    const float norm = from.dot(from);
    const float real = to.dot(from) / norm, imaginary = (from.x * to.y - from.y * to.x) / norm;
    return {real,      -imaginary, to_a.x - real * from_a.x + imaginary * from_a.y,
            imaginary, real,       to_a.y - imaginary * from_a.x - real * from_a.y};
}

/// The most level and central pair of eyes, if there is a plausible one.
std::optional<Portrait> find_eyes(const cv::Mat& gray, cv::CascadeClassifier& eye_cascade) {
    constexpr int side = 192;  // the cascade needs eyes of at least 20 pixels
    const float scale = static_cast<float>(side) / static_cast<float>(gray.cols);
    cv::Mat large;
    cv::resize(gray, large, {side, side}, 0, 0, cv::INTER_CUBIC);
    const cv::Rect upper_half(0, 20, side, 105);
    std::vector<cv::Rect> eyes;
    eye_cascade.detectMultiScale(large(upper_half), eyes, 1.05, 4, 0, {24, 24}, {90, 90});

    std::optional<Portrait> best;
    float least_off = 25;
    for (const cv::Rect& left : eyes) {
        for (const cv::Rect& right : eyes) {
            const cv::Point2f a = (left.tl() + left.br()) / 2 + upper_half.tl();
            const cv::Point2f b = (right.tl() + right.br()) / 2 + upper_half.tl();
            const float apart = b.x - a.x, tilt = std::abs(b.y - a.y);
            const float ratio = static_cast<float>(left.width) / static_cast<float>(right.width);
            const float off = std::abs((a.x + b.x - side) / 2) + tilt;
            if (apart < 55 || apart > 110 || tilt > apart / 4 || ratio < 0.6 || ratio > 1.67) continue;
            if (off >= least_off) continue;
            least_off = off;
            const cv::Point2f half_pixel(0.5f - 0.5f / scale, 0.5f - 0.5f / scale);
            best = Portrait{gray,
                            similarity(a / scale - half_pixel, b / scale - half_pixel, kLeftEye, kRightEye)};
        }
    }
    return best;
}

/// A mask of where the canvas shows the picture rather than its repeated border: 1, otherwise nearly 0.
cv::Mat coverage(const Portrait& portrait) {
    cv::Mat covered;
    cv::warpAffine(cv::Mat::ones(portrait.gray.size(), CV_32F), covered, portrait.to_canvas, {kSide, kSide});
    return cv::max(covered, 0.01);
}

/// The optical flow from `target` to `picture`, of which only what is smooth and small remains: where two
/// mouths differ it would otherwise tear the skin around them.
cv::Mat gentle_flow(const cv::Mat& target, const cv::Mat& picture) {
    constexpr float kLongest = 8;
    cv::Mat flow;
    cv::calcOpticalFlowFarneback(target, picture, flow, 0.5, 4, 35, 3, 7, 1.5, 0);
    cv::GaussianBlur(flow, flow, {}, 6);
    for (cv::Point2f& step : cv::Mat_<cv::Point2f>(flow))
        step *= std::min(1.0f, kLongest / std::max(std::hypot(step.x, step.y), 1e-6f));
    return flow;
}

struct WarpedFaces {
    std::vector<cv::Mat> faces;    ///< CV_32FC1
    std::vector<cv::Mat> weights;  ///< 1 where a picture shows the face, otherwise nearly 0

    cv::Mat mean() const {
        cv::Mat sum = cv::Mat::zeros(kSide, kSide, CV_32F);
        for (std::size_t i = 0; i < faces.size(); ++i) sum += faces[i].mul(weights[i]);
        return sum / total_weight();
    }
    cv::Mat total_weight() const {
        cv::Mat total = cv::Mat::zeros(kSide, kSide, CV_32F);
        for (const cv::Mat& weight : weights) total += weight;
        return total;
    }
};

/// Faces warped onto their average, iterated as it gets sharper.
WarpedFaces warp_onto_average(const std::vector<Portrait>& portraits) {
    const auto to_8bit = [](const cv::Mat& face) {
        cv::Mat picture;
        face.convertTo(picture, CV_8U, 50, 125);
        return picture;
    };
    cv::Mat grid(kSide, kSide, CV_32FC2);
    for (int y = 0; y < grid.rows; ++y)
        for (int x = 0; x < grid.cols; ++x)
            grid.at<cv::Point2f>(y, x) = {static_cast<float>(x), static_cast<float>(y)};

    WarpedFaces unwarped;
    for (const Portrait& portrait : portraits) {
        unwarped.faces.push_back(on_canvas(portrait));
        unwarped.weights.push_back(coverage(portrait));
    }
    WarpedFaces warped = unwarped;
    for (int pass = 0; pass < 3; ++pass) {
        const cv::Mat target = to_8bit(warped.mean());
        for (std::size_t i = 0; i < portraits.size(); ++i) {
            cv::Mat smooth, face, weight;
            cv::GaussianBlur(unwarped.faces[i], smooth, {}, 1.5);
            const cv::Mat flow = gentle_flow(target, to_8bit(smooth));
            cv::remap(unwarped.faces[i], face, grid + flow, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
            cv::remap(unwarped.weights[i], weight, grid + flow, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
            warped.faces[i] = face;
            warped.weights[i] = weight;
        }
    }
    return warped;
}

cv::Mat blurred(const cv::Mat& picture, double sigma) {
    cv::Mat result;
    cv::GaussianBlur(picture, result, {}, sigma);
    return result;
}

/// The mean of faces with the details on which they agree: where mouths, hands or beards differ, the details
/// of a mean of few pictures are those of single ones, and sharpening makes blotches of them. In each band of
/// frequencies a detail is reduced to the share of its power that is more than chance (Wiener's filter), with
/// the variance among the faces as the measure of chance.
cv::Mat mean_of_common_details(const WarpedFaces& warped) {
    constexpr double kChance = 1;  // times the expected power of chance, which varies itself
    const cv::Mat total = warped.total_weight();
    WarpedFaces rest = warped;  // what the bands so far have left
    cv::Mat result = cv::Mat::zeros(kSide, kSide, CV_32F);
    for (const double sigma : {1.5, 3.0, 6.0, 12.0}) {
        WarpedFaces band = rest;
        for (std::size_t i = 0; i < rest.faces.size(); ++i) {
            const cv::Mat low = blurred(rest.faces[i], sigma);
            band.faces[i] = rest.faces[i] - low;
            rest.faces[i] = low;
        }
        const cv::Mat detail = band.mean();
        cv::Mat variance = cv::Mat::zeros(kSide, kSide, CV_32F);
        for (std::size_t i = 0; i < band.faces.size(); ++i) {
            const cv::Mat off = band.faces[i] - detail;
            variance += off.mul(off).mul(band.weights[i]);
        }
        const cv::Mat chance = blurred(variance / total.mul(total), 2 * sigma);
        const cv::Mat power = blurred(detail.mul(detail), 2 * sigma);
        const cv::Mat gain = cv::max(1 - kChance * chance / cv::max(power, 1e-9), 0);
        result += gain.mul(detail);
    }
    return result + rest.mean();
}

/// Sharpens, adjusts tones and applies a soft oval.
cv::Mat finish(const cv::Mat& average) {
    cv::Mat sharp = average + 0.9 * (average - blurred(average, 2.2));
    sharp +=
        0.5 * (sharp - blurred(sharp, 10));  // restores creases of an expression, which averaging softens
    std::vector<float> tones;
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x)
            if (face_oval().at<uchar>(y, x)) tones.push_back(sharp.at<float>(y, x));
    std::sort(tones.begin(), tones.end());
    const float dark = tones[tones.size() / 100], light = tones[tones.size() * 99 / 100];
    cv::Mat face(kSide, kSide, CV_8UC1);
    for (int y = 0; y < kSide; ++y) {
        for (int x = 0; x < kSide; ++x) {
            const double radius = std::hypot((x - 119.5) / 98, (y - 122.0) / 114);
            const double ramp = std::clamp((1 - radius) / 0.16, 0.0, 1.0);
            const double opacity = ramp * ramp * (3 - 2 * ramp);
            const double tone = 45 + 190 * (sharp.at<float>(y, x) - dark) / (light - dark);
            face.at<uchar>(y, x) = cv::saturate_cast<uchar>(opacity * tone + (1 - opacity) * 110);
        }
    }
    return face;
}

}  // namespace

const cv::Mat& face_oval() {
    static const cv::Mat oval = [] {
        cv::Mat mask = cv::Mat::zeros(kSide, kSide, CV_8UC1);
        cv::ellipse(mask, {kSide / 2, 125}, {80, 95}, 0, 0, 360, 255, cv::FILLED);
        return mask;
    }();
    return oval;
}

std::vector<Portrait> find_portraits(std::vector<std::filesystem::path> pictures,
                                     const std::string& eye_cascade) {
    std::sort(pictures.begin(), pictures.end());
    ThreadPool pool;
    std::vector<cv::CascadeClassifier> cascades(static_cast<std::size_t>(pool.size()));
    for (auto& cascade : cascades)
        if (!cascade.load(eye_cascade)) throw Error(eye_cascade + ": is not a cascade that OpenCV reads");
    std::vector<std::optional<Portrait>> found(pictures.size());
    pool.run(static_cast<std::int64_t>(pictures.size()), [&](std::int64_t task, int thread) {
        const auto i = static_cast<std::size_t>(task);
        const cv::Mat gray = media::to_gray(media::read_picture(pictures[i].string()));
        found[i] = find_eyes(gray, cascades[static_cast<std::size_t>(thread)]);
    });
    std::vector<Portrait> portraits;
    for (auto& portrait : found)
        if (portrait) portraits.push_back(std::move(*portrait));
    return portraits;
}

std::vector<Portrait> with_mirror_images(std::vector<Portrait> portraits) {
    const std::size_t count = portraits.size();
    portraits.reserve(2 * count);
    for (std::size_t i = 0; i < count; ++i) {
        Portrait mirrored = portraits[i];
        mirrored.gray = cv::Mat();  // the copy shares its pixels
        cv::flip(portraits[i].gray, mirrored.gray, 1);
        const cv::Matx23f& original = portraits[i].to_canvas;
        const float last = static_cast<float>(mirrored.gray.cols - 1);
        // x becomes last - x in the picture, and kLeftEye and kRightEye change places on the canvas.
        mirrored.to_canvas = {original(0, 0),
                              -original(0, 1),
                              kLeftEye.x + kRightEye.x - original(0, 2) - original(0, 0) * last,
                              -original(1, 0),
                              original(1, 1),
                              original(1, 2) + original(1, 0) * last};
        portraits.push_back(std::move(mirrored));
    }
    return portraits;
}

cv::Mat on_canvas(const Portrait& portrait) {
    cv::Mat canvas;
    cv::warpAffine(portrait.gray, canvas, portrait.to_canvas, {kSide, kSide}, cv::INTER_CUBIC,
                   cv::BORDER_REPLICATE);
    canvas.convertTo(canvas, CV_32F);
    cv::Scalar mean, deviation;
    cv::meanStdDev(canvas, mean, deviation, face_oval());
    return (canvas - mean[0]) / std::max(deviation[0], 1.0);
}

cv::Mat average_picture(const std::vector<Portrait>& portraits) {
    return finish(mean_of_common_details(warp_onto_average(portraits)));
}

}  // namespace emotion::apps
