#include "faces/sweep.hpp"

#include <algorithm>
#include <cstdlib>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace emotion::faces {
namespace {

/// The grid of parts whose means are compared between frames.
const cv::Size kParts(32, 24);
constexpr double kCutLevels = 15.0;
/// A part has changed if its mean differs by this much: more than camera noise and codec keyframes cause.
constexpr int kChangedLevels = 3;
/// After this many turns in the changed part only, everything is searched again, because a still face may not
/// be detected at once.
constexpr int kTurnsInPart = 3;

/// Proportional to the number of windows tried.
double work(double side) {
    return 1.0 / (side * side);
}

}  // namespace

void Sweep::start(double time_s) {
    time_s_ = time_s;
    next_ = 0;
    work_due_ = 0.0;
    searched_.clear();
}

std::vector<Sweep::Turn> Sweep::due(cv::Size picture, double smallest, double time_s, bool all) {
    std::vector<Turn> turns;
    double whole_sweep = 0.0;
    const double largest = std::min(picture.width, picture.height);
    for (int way = 0; way < ways_; ++way)
        for (double side = smallest; side <= largest; side *= scale_factor_) {
            turns.push_back({side, way});
            whole_sweep += work(side);
        }
    if (turns.empty()) return {};
    searched_.resize(turns.size(), {time_s_, kTurnsInPart});
    work_due_ =
        all ? whole_sweep : std::min(whole_sweep, work_due_ + whole_sweep * (time_s - time_s_) / seconds_);
    time_s_ = time_s;

    std::vector<Turn> due;
    for (; work_due_ > 0.0 && due.size() < turns.size(); next_ = (next_ + 1) % turns.size()) {
        auto turn = turns[next_];
        work_due_ -= work(turn.side);
        auto& [searched_s, in_part] = searched_[next_];
        const bool whole = all || in_part == kTurnsInPart;
        if (!whole) turn.since_s = searched_s;
        in_part = whole ? 0 : in_part + 1;
        searched_s = time_s;
        due.push_back(turn);
    }
    return due;
}

void Changes::start(const cv::Mat& gray, double time_s) {
    cv::resize(gray, before_, kParts, 0, 0, cv::INTER_AREA);
    settled_ = before_.clone();
    changed_s_ = cv::Mat(kParts, CV_64F, cv::Scalar(time_s));
}

bool Changes::update(const cv::Mat& gray, double time_s) {
    cv::Mat parts, difference;
    cv::resize(gray, parts, kParts, 0, 0, cv::INTER_AREA);
    cv::absdiff(parts, before_, difference);
    before_ = parts;
    for (int y = 0; y < kParts.height; ++y)
        for (int x = 0; x < kParts.width; ++x) {
            auto& settled = settled_.at<uchar>(y, x);
            if (std::abs(parts.at<uchar>(y, x) - settled) < kChangedLevels) continue;
            settled = parts.at<uchar>(y, x);
            changed_s_.at<double>(y, x) = time_s;
        }
    return cv::countNonZero(difference > kCutLevels) >= cut_share_ * kParts.area();
}

cv::Rect Changes::since(double since_s, cv::Size picture, const std::vector<cv::Rect2f>& known) const {
    const double width = 1.0 * picture.width / kParts.width, height = 1.0 * picture.height / kParts.height;
    cv::Rect changed;
    for (int y = 0; y < kParts.height; ++y)
        for (int x = 0; x < kParts.width; ++x) {
            if (changed_s_.at<double>(y, x) <= since_s) continue;
            const cv::Point2f middle(cv::Point2d((x + 0.5) * width, (y + 0.5) * height));
            if (std::ranges::any_of(known, [&](const auto& box) { return box.contains(middle); })) continue;
            const cv::Point from(cvFloor(x * width), cvFloor(y * height)),
                to(cvCeil((x + 1) * width), cvCeil((y + 1) * height));
            changed |= cv::Rect(from, to);
        }
    return changed;
}

}  // namespace emotion::faces
