#include "apps/make_demo/person.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

namespace emotion::apps {
namespace {

constexpr int kFigureWidth = 560, kFigureHeight = 640, kMiddle = kFigureWidth / 2;
constexpr int kFaceX = 160, kFaceY = 100;  // the corner of the face in the figure

cv::Mat ellipse(const cv::Point& center, const cv::Size& axes, double from_deg = 0, double to_deg = 360) {
    cv::Mat mask = cv::Mat::zeros(kFigureHeight, kFigureWidth, CV_8UC1);
    cv::ellipse(mask, center, axes, 0, from_deg, to_deg, 255, cv::FILLED, cv::LINE_AA);
    return mask;
}

/// A symmetric trapezium, `top` pixels wide at `top_y` and `bottom` pixels at `bottom_y`.
cv::Mat trapezium(int top, int top_y, int bottom, int bottom_y) {
    cv::Mat mask = cv::Mat::zeros(kFigureHeight, kFigureWidth, CV_8UC1);
    const std::vector<cv::Point> corners{{kMiddle - top / 2, top_y},
                                         {kMiddle + top / 2, top_y},
                                         {kMiddle + bottom / 2, bottom_y},
                                         {kMiddle - bottom / 2, bottom_y}};
    cv::fillConvexPoly(mask, corners, 255, cv::LINE_AA);
    return mask;
}

/// Blends `color` into the figure by the mask with softened edges, darkening from top to bottom by `shade`.
void lay_over(cv::Mat& figure, cv::Mat mask, double edge_px, const cv::Scalar& color, double shade = 0) {
    cv::GaussianBlur(mask, mask, {}, edge_px);
    const cv::Rect box = cv::boundingRect(mask);
    for (int y = box.y; y < box.br().y; ++y) {
        cv::Scalar opaque = color * (1 - shade * (y - box.y) / box.height);
        opaque[3] = 1;
        for (int x = box.x; x < box.br().x; ++x) {
            const float opacity = static_cast<float>(mask.at<uchar>(y, x)) / 255;
            auto& pixel = figure.at<cv::Vec4f>(y, x);
            pixel += opacity * (cv::Vec4f(opaque) - pixel);
        }
    }
}

/// Hair, neck and shoulders as simple shapes.
cv::Mat draw_figure(const DemoLooks& looks) {
    cv::Mat figure = cv::Mat::zeros(kFigureHeight, kFigureWidth, CV_32FC4);
    if (looks.hair_style == HairStyle::kLong)
        lay_over(figure, ellipse({kMiddle, 205}, {104, 122}, 180, 360) | trapezium(208, 203, 250, 430), 4,
                 looks.hair, 0.3);
    if (looks.hair_style == HairStyle::kBob)
        lay_over(figure, ellipse({kMiddle, 204}, {106, 126}), 4, looks.hair, 0.3);
    lay_over(figure, trapezium(88, 270, 88, 400), 3, looks.skin * 0.6);
    lay_over(figure, ellipse({kMiddle, 560}, {205, 185}, 180, 360) | trapezium(410, 558, 410, kFigureHeight),
             2.5, looks.shirt, 0.35);
    lay_over(figure, ellipse({kMiddle, 378}, {56, 22}), 3, looks.skin * 0.66);
    if (looks.hair_style == HairStyle::kShort) {
        const cv::Mat ears = ellipse({kMiddle - 84, 222}, {13, 25}) | ellipse({kMiddle + 84, 222}, {13, 25});
        lay_over(figure, ears, 2, looks.skin * 0.7);
        lay_over(figure,
                 ellipse({kMiddle, 190}, {90, 108}, 180, 360) | ellipse({kMiddle, 190}, {88, 50}, 0, 180), 3,
                 looks.hair, 0.3);
        lay_over(figure, ellipse({kMiddle, 232}, {80, 98}), 4, looks.skin * 0.5);
    }
    return figure;
}

/// The color for each gray level: 0 is deep shadow, 153 plain skin, 255 a highlight.
cv::Mat skin_tones(const cv::Scalar& skin) {
    const cv::Scalar dark = skin * 0.1 + cv::Scalar::all(8), light = skin * 0.45 + cv::Scalar::all(140);
    cv::Mat tones(1, 256, CV_32FC3);
    for (int gray = 0; gray < 256; ++gray) {
        const double t = gray / 255.0;
        const cv::Scalar tone =
            t < 0.6 ? dark + (skin - dark) * (t / 0.6) : skin + (light - skin) * ((t - 0.6) / 0.4);
        tones.at<cv::Vec3f>(gray) = {static_cast<float>(tone[0]), static_cast<float>(tone[1]),
                                     static_cast<float>(tone[2])};
    }
    return tones;
}

/// A soft oval, well within that of the saved face.
float face_opacity(int x, int y) {
    const double ramp = std::clamp((1 - std::hypot((x - 119.5) / 84, (y - 122.0) / 104)) / 0.22, 0.0, 1.0);
    return static_cast<float>(ramp * ramp * (3 - 2 * ramp));
}

/// The picture warped by the fraction `amount` of the flow.
cv::Mat moved(const cv::Mat& picture, const cv::Mat& flow, double amount) {
    cv::Mat map(flow.size(), CV_32FC2), result;
    for (int y = 0; y < flow.rows; ++y)
        for (int x = 0; x < flow.cols; ++x)
            map.at<cv::Point2f>(y, x) = cv::Point2f(static_cast<float>(x), static_cast<float>(y)) -
                                        flow.at<cv::Point2f>(y, x) * amount;
    cv::remap(picture, result, map, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return result;
}

}  // namespace

DemoPerson::DemoPerson(const PersonFaces& faces, const DemoLooks& looks)
    : faces_(faces), figure_(draw_figure(looks)), skin_(skin_tones(looks.skin)) {
    for (std::size_t i = 0; i < flows_.size(); ++i)
        cv::calcOpticalFlowFarneback(faces_[0], faces_[i + 1], flows_[i], 0.5, 4, 35, 5, 7, 1.5, 0);
}

cv::Mat DemoPerson::face(double mood) const {
    const std::size_t other = mood > 0 ? 0 : 1;
    const double amount = std::abs(mood);
    cv::Mat mixed;
    cv::addWeighted(moved(faces_[0], flows_[other], amount), 1 - amount,
                    moved(faces_[other + 1], flows_[other], amount - 1), amount, 0, mixed);
    return mixed;
}

void DemoPerson::paint(cv::Mat& canvas, const cv::Matx23f& to_canvas, double mood) const {
    cv::Mat figure = figure_.clone();
    const cv::Mat face = this->face(mood);
    for (int y = 0; y < face.rows; ++y) {
        for (int x = 0; x < face.cols; ++x) {
            const auto& tone = skin_.at<cv::Vec3f>(face.at<uchar>(y, x));
            auto& pixel = figure.at<cv::Vec4f>(y + kFaceY, x + kFaceX);
            pixel += face_opacity(x, y) * (cv::Vec4f(tone[0], tone[1], tone[2], 1) - pixel);
        }
    }
    cv::Matx23f figure_to_canvas = to_canvas;
    for (int row = 0; row < 2; ++row)
        figure_to_canvas(row, 2) -= to_canvas(row, 0) * kFaceX + to_canvas(row, 1) * kFaceY;
    cv::Mat layer;
    cv::warpAffine(figure, layer, figure_to_canvas, canvas.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
    for (int y = 0; y < canvas.rows; ++y) {
        for (int x = 0; x < canvas.cols; ++x) {
            const auto& over = layer.at<cv::Vec4f>(y, x);
            auto& pixel = canvas.at<cv::Vec3f>(y, x);
            pixel = pixel * (1 - over[3]) + cv::Vec3f(over[0], over[1], over[2]);
        }
    }
}

}  // namespace emotion::apps
