#include "faces/sweep.hpp"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace emotion::faces {
namespace {

/// How changes from frame to frame are seen: as means of this many parts, if they differ by so much.
const cv::Size kParts(32, 24);
constexpr double kChangedBy = 15.0;

/// In proportion to the windows tried.
double work(double side) {
    return 1.0 / (side * side);
}

}  // namespace

Sweep::Sweep(const SearchOptions& options) : options_(options) {
    options_.validate();
}

void Sweep::start(const cv::Mat& gray, double time_s) {
    cv::resize(gray, parts_, kParts, 0, 0, cv::INTER_AREA);
    time_s_ = time_s;
    next_size_ = 0;
    work_due_ = 0.0;
}

std::vector<double> Sweep::sizes_due(const cv::Mat& gray, double smallest, double time_s) {
    std::vector<double> sizes;
    const double largest = std::min(gray.cols, gray.rows);
    double whole_sweep = 0.0, side = smallest;
    while (side <= largest) {
        sizes.push_back(side);
        whole_sweep += work(side);
        side *= options_.sweep_scale_factor;
    }
    if (sizes.empty()) return {};
    const double passed_s = time_s - time_s_;
    time_s_ = time_s;
    work_due_ = std::min(whole_sweep, work_due_ + whole_sweep * passed_s / options_.sweep_s);
    if (changed_suddenly(gray) || passed_s >= options_.rare_s) work_due_ = whole_sweep;

    std::vector<double> due;
    for (; work_due_ > 0.0; next_size_ = (next_size_ + 1) % sizes.size()) {
        due.push_back(sizes[next_size_]);
        work_due_ -= work(sizes[next_size_]);
    }
    return due;
}

/// Since the frame before, as at a cut.
bool Sweep::changed_suddenly(const cv::Mat& gray) {
    cv::Mat parts, difference;
    cv::resize(gray, parts, kParts, 0, 0, cv::INTER_AREA);
    cv::absdiff(parts, parts_, difference);
    parts_ = parts;
    return cv::countNonZero(difference > kChangedBy) >= options_.sudden_change * kParts.area();
}

}  // namespace emotion::faces
