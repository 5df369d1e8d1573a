#include "apps/make_demo/clip.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <opencv2/imgproc.hpp>

#include "base/random.hpp"

namespace emotion::apps {
namespace {

/// A wall in window light, out of focus.
cv::Mat draw_room() {
    cv::Mat room(DemoClip::kHeight, DemoClip::kWidth, CV_32FC3);
    for (int y = 0; y < room.rows; ++y) {
        for (int x = 0; x < room.cols; ++x) {
            const double light = std::exp(-std::pow((x - 150) / 330.0, 2) - std::pow((y - 120) / 300.0, 2));
            room.at<cv::Vec3f>(y, x) =
                cv::Vec3f(118, 128, 132) + static_cast<float>(light) * cv::Vec3f(62, 74, 84);
        }
    }
    const auto blurred_box = [&](const cv::Rect& box, const cv::Scalar& color, double blur_px) {
        cv::Mat opacity = cv::Mat::zeros(room.size(), CV_32FC3);
        cv::rectangle(opacity, box, cv::Scalar::all(1), cv::FILLED);
        cv::GaussianBlur(opacity, opacity, {}, blur_px);
        room += opacity.mul(cv::Mat(room.size(), CV_32FC3, color) - room);
    };
    blurred_box({-60, -40, 190, 330}, {214, 226, 230}, 22);  // a window
    blurred_box({520, 30, 84, 120}, {96, 104, 116}, 7);      // a picture on the wall
    blurred_box({531, 42, 62, 96}, {196, 206, 210}, 7);
    blurred_box({546, 66, 32, 48}, {120, 160, 196}, 8);
    blurred_box({-20, 415, 700, 90}, {98, 112, 128}, 12);  // the back of a sofa
    Random random(1);
    for (int y = 0; y < room.rows; ++y)  // prevents banding
        for (int x = 0; x < room.cols; ++x)
            room.at<cv::Vec3f>(y, x) += cv::Vec3f::all(static_cast<float>(random.uniform(-0.7, 0.7)));
    return room;
}

/// An expression (see DemoPerson) reached at a time, with smooth transitions between.
struct Mood {
    double time_s, value;
};

double mood_at(const std::vector<Mood>& moods, double time_s) {
    const auto next = std::ranges::upper_bound(moods, time_s, {}, &Mood::time_s);
    if (next == moods.begin()) return moods.front().value;
    if (next == moods.end()) return moods.back().value;
    const Mood& last = *(next - 1);
    const double t = (time_s - last.time_s) / (next->time_s - last.time_s);
    return last.value + t * t * (3 - 2 * t) * (next->value - last.value);
}

/// Places the face with its center at (x, y), with slight natural motion.
cv::Matx23f placement(double x, double y, double scale, double time_s, double phase) {
    const auto wave = [&](double period_s, double shift) {
        return std::sin(2 * std::numbers::pi * (time_s / period_s + phase + shift));
    };
    const double angle = 0.05 * wave(4.3, 0.1), size = scale * (1 + 0.03 * wave(6.1, 0.4));
    const double real = size * std::cos(angle), imaginary = size * std::sin(angle);
    const double half = kAverageFaceSide / 2.0;
    return cv::Matx23d(real, -imaginary, x + 13 * wave(5.2, 0) - real * half + imaginary * half,  //
                       imaginary, real, y + 5 * wave(3.1, 0.2) - imaginary * half - real * half);
}

const std::vector<Mood> kAlone{{0.8, 0}, {1.6, 1}, {3.4, 1}, {4.2, 0}, {5.2, 0}, {5.9, -1}};
const std::vector<Mood> kLeft{{9.0, 0}, {9.7, 1}, {11.6, 1}, {12.3, 0}, {12.8, 0}, {13.4, -1}};
const std::vector<Mood> kRight{{9.6, 0}, {10.2, -1}, {12.0, -1}, {12.6, 0}, {13.4, 0}, {14.1, 1}};

}  // namespace

DemoClip::DemoClip(const std::array<PersonFaces, kPeople>& people) : room_(draw_room()) {
    const std::array<DemoLooks, kPeople> looks{{
        {{138, 164, 214}, {28, 36, 52}, {120, 86, 52}, HairStyle::kLong},
        {{150, 178, 226}, {30, 36, 50}, {70, 84, 160}, HairStyle::kBob},
        {{92, 122, 176}, {20, 22, 28}, {88, 120, 72}, HairStyle::kShort},
    }};
    for (std::size_t i = 0; i < kPeople; ++i) people_.emplace_back(people[i], looks[i]);
}

cv::Mat DemoClip::frame(int index) const {
    const double time_s = static_cast<double>(index) / kFps;
    cv::Mat canvas = room_.clone();
    if (index < kFramesWithOneFace) {
        people_[0].paint(canvas, placement(320, 225, 1.05, time_s, 0), mood_at(kAlone, time_s));
    } else {
        people_[1].paint(canvas, placement(180, 235, 0.8, time_s, 0.3), mood_at(kLeft, time_s));
        people_[2].paint(canvas, placement(462, 225, 0.84, time_s, 0.75), mood_at(kRight, time_s));
    }
    canvas.convertTo(canvas, CV_8U);
    return canvas;
}

}  // namespace emotion::apps
