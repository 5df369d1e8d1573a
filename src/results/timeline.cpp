#include "results/timeline.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/formatted.hpp"
#include "drawing/drawing.hpp"
#include "drawing/text.hpp"
#include "media/pictures/picture.hpp"

namespace emotion::results {
namespace {

using drawing::Chart;
using drawing::Color;

constexpr double kFirstStepSeconds = 0.02;
constexpr int kMaxSteps = 4096;
constexpr std::size_t kMaxFaces = 12;

// In pixels of the picture.
constexpr int kWidth = 1200, kMargin = 24, kTop = 76, kBottom = 56, kLane = 100, kPortrait = 84,
              kPlotHeight = 84;
constexpr double kPlotLeft = 280.0, kPlotWidth = kWidth - kMargin - kPlotLeft;
const Color kInk(40, 36, 34), kFaint(120, 115, 110), kGround(244, 243, 242), kRule(222, 220, 218),
    kUnsure(190, 186, 182);

/// 7, 1:05 or 1:00:00; below ten seconds with tenths if the steps require them.
std::string clock(double seconds, double step_s) {
    if (step_s < 1.0) return formatted("%.1f", seconds);
    const auto whole = std::llround(seconds);
    if (whole < 3600) return formatted("%lld:%02lld", whole / 60, whole % 60);
    return formatted("%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}

/// A round distance of marks on the time axis that gives at most a dozen.
double mark_distance(double seconds) {
    for (const double distance : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0,
                                  900.0, 1800.0, 3600.0, 7200.0})
        if (seconds / distance <= 12.0) return distance;
    return 3600.0 * std::ceil(seconds / 3600.0 / 12.0);
}

double text_width(const std::string& text, double height) {
    return drawing::text_mask(text, height).cols;
}

}  // namespace

void Timeline::Step::add(const Step& other) {
    seconds.resize(other.seconds.size());
    for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] += other.seconds[i];
    confidence_seconds += other.confidence_seconds;
}

double Timeline::Face::seconds() const {
    double sum = 0.0;
    for (const auto& [number, step] : steps)
        for (const double seconds : step.seconds) sum += seconds;
    return sum;
}

void Timeline::check_name(const std::string& target) {
    if (!target.ends_with(".svg") && !target.ends_with(".png"))
        throw ConfigError(target + ": unknown kind of picture, expected a name ending in .png or .svg");
}

Timeline::Timeline(const std::string& target, const OutputContext& context)
    : file_(target),
      svg_(target.ends_with(".svg")),
      classes_(context.card.classes),
      step_s_(kFirstStepSeconds) {
    check_name(target);
    for (const auto& shown : context.card.shown) shown_.push_back(shown.class_index);
}

void Timeline::write(const faces::FrameResult& result, drawing::Canvas& canvas) {
    if (last_)
        account_for(result.time_s - last_->time_s);
    else
        first_s_ = result.time_s;
    last_ = result;
    const cv::Mat& bgr = canvas.pixels({false, canvas.written_view().blur});
    for (const auto& seen : result.faces) take_portrait(faces_[seen.track], seen, bgr);
}

void Timeline::end(const SourceEnd& how) {
    if (last_) account_for(how.last_frame_s);
}

void Timeline::finish() {
    const auto drawn = chart();
    file_.stream() << (svg_ ? drawing::chart_svg(drawn)
                            : media::picture_bytes(drawing::chart_pixels(drawn), ".png"));
    file_.commit();
}

/// Adds `seconds`, the duration of the last frame.
void Timeline::account_for(double seconds) {
    const double begin_s = last_->time_s - first_s_;
    while (begin_s >= step_s_ * kMaxSteps) widen_steps();
    constexpr double kRoundings = 1e-6;
    const int number = static_cast<int>(begin_s / step_s_ + kRoundings);
    for (const auto& seen : last_->faces) {
        auto& step = faces_[seen.track].steps[number];
        step.seconds.resize(classes_.size() + 1);
        step.seconds[seen.label ? static_cast<std::size_t>(*seen.label) : classes_.size()] += seconds;
        step.confidence_seconds += seen.confidence * seconds;
    }
    end_s_ = begin_s + seconds;
}

void Timeline::widen_steps() {
    step_s_ *= 2.0;
    for (auto& [track, face] : faces_) {
        std::map<int, Step> wider;
        for (const auto& [number, step] : face.steps) wider[number / 2].add(step);
        face.steps = std::move(wider);
    }
}

/// Prefers large portraits that show a label clearly.
void Timeline::take_portrait(Face& face, const faces::FaceResult& seen, const cv::Mat& bgr) {
    constexpr double kMinImprovement = 1.1, kPortraitMargin = 0.15;
    const auto& box = seen.box_in_frame;
    const double score = (seen.label ? 1.0 + seen.confidence : 1.0) * std::sqrt(std::max(0.0f, box.width));
    if (score <= kMinImprovement * face.portrait_score) return;
    const int margin = cvRound(kPortraitMargin * box.width);
    const cv::Rect seen_at(cvRound(box.x), cvRound(box.y), cvRound(box.width), cvRound(box.height));
    const cv::Rect region = drawing::grown(seen_at, margin) & cv::Rect({}, bgr.size());
    if (region.empty()) return;
    const int side = std::min(region.width, region.height);
    const cv::Rect square(region.x + (region.width - side) / 2, region.y + (region.height - side) / 2, side,
                          side);
    cv::resize(bgr(square), face.portrait, {kPortrait, kPortrait}, 0, 0, cv::INTER_AREA);
    face.portrait_score = score;
}

Color Timeline::color_of(std::size_t shown) const {
    const auto at = std::find(shown_.begin(), shown_.end(), static_cast<int>(shown));
    return at == shown_.end() ? kUnsure : drawing::label_color(static_cast<std::size_t>(at - shown_.begin()));
}

drawing::Chart Timeline::chart() const {
    std::vector<std::pair<int, const Face*>> faces;
    for (const auto& [track, face] : faces_)
        if (!face.steps.empty()) faces.emplace_back(track, &face);
    const auto all = faces.size();
    if (all > kMaxFaces) {
        std::partial_sort(
            faces.begin(), faces.begin() + kMaxFaces, faces.end(),
            [](const auto& a, const auto& b) { return a.second->seconds() > b.second->seconds(); });
        faces.resize(kMaxFaces);
        std::sort(faces.begin(), faces.end());
    }

    drawing::Chart chart;
    const int lanes = std::max(1, static_cast<int>(faces.size()));
    chart.size = {kWidth, kTop + lanes * kLane + kBottom};
    draw_legend(chart);
    double top = kTop;
    for (const auto& [track, face] : faces) {
        draw_face(chart, track, *face, top);
        top += kLane;
    }
    if (faces.empty()) {
        chart.parts.push_back(Chart::Text{{kMargin, top + 40.0}, 13.0, "No face was seen.", kFaint});
        top += kLane;
    }
    if (all > kMaxFaces)
        chart.parts.push_back(
            Chart::Text{{kMargin, top + 38.0},
                        9.0,
                        "and " + std::to_string(all - kMaxFaces) + " faces seen for a shorter time",
                        kFaint});
    draw_time_axis(chart, top);
    return chart;
}

void Timeline::draw_legend(Chart& chart) const {
    constexpr double kTitle = 14.0, kText = 10.0, kSwatch = 14.0, kGap = 8.0;
    constexpr int kWidestName = 200;
    const auto slash = source_.find_last_of('/');
    const auto name = slash == std::string::npos ? source_ : source_.substr(slash + 1);
    double right = kWidth - kMargin;
    const auto entry = [&](const std::string& text, const Color& color) {
        chart.parts.push_back(Chart::Text{{right, 34.0}, kText, text, kInk, true});
        right -= text_width(text, kText) + kGap + kSwatch;
        chart.parts.push_back(Chart::Bar{{right, 22.0, kSwatch, kSwatch}, color});
        right -= 3.0 * kGap;
    };
    entry("unsure", kUnsure);
    for (auto shown = shown_.rbegin(); shown != shown_.rend(); ++shown)
        entry(drawing::shortened_text(classes_.at(static_cast<std::size_t>(*shown)), kText, kWidestName),
              color_of(static_cast<std::size_t>(*shown)));
    const auto room = std::max(0, static_cast<int>(right - kMargin));
    chart.parts.push_back(
        Chart::Text{{kMargin, 36.0}, kTitle, drawing::shortened_text(name, kTitle, room), kInk});
    chart.parts.push_back(
        Chart::Text{{kPlotLeft, 64.0}, 8.0, "height: confidence; empty: face not in sight", kFaint});
}

void Timeline::draw_face(Chart& chart, int number, const Face& face, double top) const {
    constexpr double kText = 10.0;
    if (!face.portrait.empty())
        chart.parts.push_back(Chart::Picture{{kMargin, static_cast<int>(top)}, face.portrait});
    const double left = kMargin + kPortrait + 14.0;
    double line = top + 16.0;
    chart.parts.push_back(Chart::Text{{left, line}, kText, "face " + std::to_string(number), kInk});
    const auto write = [&](const std::string& label, double label_s) {
        const auto length = formatted(" %.1f s", label_s);
        const int room = static_cast<int>(kPlotLeft - left - kMargin / 2.0 - text_width(length, kText));
        line += 20.0;
        chart.parts.push_back(
            Chart::Text{{left, line}, kText, drawing::shortened_text(label, kText, room) + length, kFaint});
    };
    Step total;
    for (const auto& [at, step] : face.steps) total.add(step);
    for (const int shown : shown_)
        if (const double seconds = total.seconds.at(static_cast<std::size_t>(shown)); seconds > 0.0)
            write(classes_.at(static_cast<std::size_t>(shown)), seconds);
    if (total.seconds.back() > 0.0) write("unsure", total.seconds.back());
    draw_plot(chart, face, top);
}

void Timeline::draw_plot(Chart& chart, const Face& face, double top) const {
    constexpr double kUnsureHeight = 0.15;
    chart.parts.push_back(Chart::Bar{{kPlotLeft, top, kPlotWidth, kPlotHeight}, kGround});
    const double scale = kPlotWidth / std::max(end_s_, 1e-3);
    const int columns = static_cast<int>(kPlotWidth);
    auto step = face.steps.begin();
    for (int column = 0; column < columns; ++column) {
        Step seen;
        for (; step != face.steps.end() && step->first * step_s_ * scale < column + 1; ++step)
            seen.add(step->second);
        if (seen.seconds.empty()) continue;
        const auto most = std::max_element(seen.seconds.begin(), seen.seconds.end());
        const auto shown = static_cast<std::size_t>(most - seen.seconds.begin());
        double sum = 0.0;
        for (const double seconds : seen.seconds) sum += seconds;
        const double share =
            shown == classes_.size() || sum <= 0.0 ? kUnsureHeight : seen.confidence_seconds / sum;
        // In a short recording a frame is wider than a column and, rounded to a step, may end before the
        // next.
        double width = std::min(std::ceil(std::max(1.0, *most * scale)), 1.0 * (columns - column));
        if (step != face.steps.end()) {
            const double next = std::floor(step->first * step_s_ * scale) - column;
            if (next - width <= step_s_ * scale) width = std::max(width, next);
        }
        const double height = kPlotHeight * std::min(1.0, share);
        chart.parts.push_back(
            Chart::Bar{{kPlotLeft + column, top + kPlotHeight - height, width, height}, color_of(shown)});
    }
}

void Timeline::draw_time_axis(Chart& chart, double top) const {
    constexpr double kText = 9.0;
    const double distance = mark_distance(end_s_);
    for (int mark = 0; mark * distance <= end_s_ * 1.0001; ++mark) {
        const double x = kPlotLeft + kPlotWidth * mark * distance / std::max(end_s_, 1e-3);
        chart.parts.push_back(Chart::Bar{{x, kTop - 4.0, 1.0, top - kTop}, kRule});
        chart.parts.push_back(
            Chart::Bar{{std::min(x, kWidth - kMargin - 1.0), top - 12.0, 1.0, 6.0}, kFaint});
        const auto text = clock(first_s_ + mark * distance, distance);
        chart.parts.push_back(
            Chart::Text{{x + text_width(text, kText) / 2, top + 10.0}, kText, text, kFaint, true});
    }
    chart.parts.push_back(
        Chart::Text{{kPlotLeft, top + 32.0}, kText, distance < 1.0 ? "seconds" : "minutes:seconds", kFaint});
}

}  // namespace emotion::results
