#include "drawing/heat.hpp"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "drawing/drawing.hpp"

namespace emotion::drawing {
namespace {

/// Turns a picture of the region's size about its center; returns where the larger result has its corner.
cv::Point turn(const cv::RotatedRect& region, cv::Mat& picture) {
    const cv::Rect bounds = region.boundingRect();
    const cv::Point2d middle(0.5 * (picture.cols - 1), 0.5 * (picture.rows - 1));
    cv::Mat turned, to_bounds = cv::getRotationMatrix2D(middle, -region.angle, 1.0);
    const cv::Point2f center = region.center - cv::Point2f(bounds.tl());
    to_bounds.at<double>(0, 2) += center.x - 0.5 * picture.cols;
    to_bounds.at<double>(1, 2) += center.y - 0.5 * picture.rows;
    cv::warpAffine(picture, turned, to_bounds, bounds.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
    picture = turned;
    return bounds.tl();
}

}  // namespace

void draw_heat(const cv::RotatedRect& region, const cv::Mat& heat, cv::Mat& canvas) {
    constexpr double kStrongest = 0.7;
    const Color positive = label_color(0), negative(178, 114, 0);  // the blue is too dark for a label
    const cv::Size size(cvRound(region.size.width), cvRound(region.size.height));
    double least = 0.0, most = 0.0;
    cv::minMaxLoc(heat, &least, &most);
    const double largest = std::max(most, -least);
    if (size.empty() || !(largest > 0.0)) return;
    cv::Mat scaled, mask;
    cv::resize(heat, scaled, size, 0, 0, cv::INTER_LINEAR);
    cv::Point corner(cvRound(region.center.x - region.size.width / 2),
                     cvRound(region.center.y - region.size.height / 2));
    if (region.angle != 0.0f) corner = turn(region, scaled);
    scaled.convertTo(mask, CV_8U, 255.0 / largest);
    blend(canvas, mask, corner, positive, kStrongest);
    scaled.convertTo(mask, CV_8U, -255.0 / largest);
    blend(canvas, mask, corner, negative, kStrongest);
}

}  // namespace emotion::drawing
