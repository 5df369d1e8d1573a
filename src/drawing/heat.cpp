#include "drawing/heat.hpp"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "drawing/drawing.hpp"

namespace emotion::drawing {

void draw_heat(const cv::Rect2f& region, const cv::Mat& heat, cv::Mat& canvas) {
    constexpr double kStrongest = 0.7;
    const Color positive = label_color(0), negative(178, 114, 0);  // the blue is too dark for a label
    const cv::Size size(cvRound(region.width), cvRound(region.height));
    double least = 0.0, most = 0.0;
    cv::minMaxLoc(heat, &least, &most);
    const double largest = std::max(most, -least);
    if (size.empty() || !(largest > 0.0)) return;
    cv::Mat scaled, mask;
    cv::resize(heat, scaled, size, 0, 0, cv::INTER_LINEAR);
    const cv::Point corner(cvRound(region.x), cvRound(region.y));
    scaled.convertTo(mask, CV_8U, 255.0 / largest);
    blend(canvas, mask, corner, positive, kStrongest);
    scaled.convertTo(mask, CV_8U, -255.0 / largest);
    blend(canvas, mask, corner, negative, kStrongest);
}

}  // namespace emotion::drawing
