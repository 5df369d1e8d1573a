#include "drawing/overlay.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/formatted.hpp"
#include "drawing/drawing.hpp"
#include "drawing/text.hpp"

namespace emotion::drawing {
namespace {

const Color kWhite(255, 255, 255), kLight(205, 205, 205), kTrack(95, 90, 88);

/// The height of capital letters in pixels, on which all other sizes are based.
double text_height(cv::Size canvas, int face_width) {
    constexpr double kSmallest = 7.0, kLargest = 64.0;
    const double normal_height =
        std::clamp(0.028 * std::min(canvas.width, canvas.height), kSmallest, kLargest);
    const double face_height =
        std::clamp(0.09 * face_width, std::max(kSmallest, 0.6 * normal_height), normal_height);
    return std::round(2.0 * face_height) / 2.0;  // so that the text does not flicker with the size of the box
}

int pixels(double size) {
    return std::max(1, static_cast<int>(std::lround(size)));
}

/// A length in OpenCV's fixed-point coordinates, in sixteenths of a pixel.
constexpr int kShift = 4;
int fixed(double length) {
    return cvRound(length * (1 << kShift));
}

/// Marks a face whose look at rest is known: a circle around a level line, as a mask like those of
/// text_mask().
cv::Mat neutral_mark(double height, int rows) {
    const double line = std::max(1.0, 0.13 * height), radius = 0.5 * std::max(height, 7.0);
    const double middle = radius + 0.5 * line, level = text_base(height) - 0.5 * height - 0.5;
    cv::Mat mask(rows, cvRound(2.0 * middle) + 1, CV_8U, cv::Scalar(0));
    cv::circle(mask, {fixed(middle), fixed(level)}, fixed(radius), cv::Scalar(255), pixels(line), cv::LINE_AA,
               kShift);
    cv::line(mask, {fixed(middle - 0.5 * radius), fixed(level)}, {fixed(middle + 0.5 * radius), fixed(level)},
             cv::Scalar(255), pixels(line), cv::LINE_AA, kShift);
    return mask;
}

struct Bar {
    float share;
    Color color;
};

/// A dark plate with a line of text, and below it bars for the probabilities to show.
struct Plate {
    std::vector<cv::Mat> words;
    std::vector<Bar> bars;
    cv::Rect place;
    int padding, bar_height;
    Color text_color = kWhite;

    Plate(const std::vector<std::string>& texts, double height, std::vector<Bar> shown_bars,
          bool neutral = false)
        : bars(std::move(shown_bars)), padding(pixels(0.55 * height)), bar_height(pixels(0.3 * height)) {
        place = {0, 0, padding, padding};
        int text_rows = 0;
        for (const auto& text : texts) {
            words.push_back(text_mask(text, height));
            text_rows = std::max(text_rows, words.back().rows);
        }
        if (neutral) words.push_back(neutral_mark(height, text_rows));
        for (const auto& word : words) place.width += word.cols + padding;
        place.height += text_rows;
        if (!bars.empty()) place.height += padding + static_cast<int>(bars.size()) * bar_step() - bar_gap();
    }

    void draw(cv::Mat& canvas) const {
        fill_rounded(canvas, place, padding, kPlateColor, kPlateOpacity);
        int left = place.x + padding;
        for (const auto& word : words) {
            blend(canvas, word, {left, place.y + padding / 2}, text_color);
            left += word.cols + padding;
        }
        int top = place.br().y - padding - static_cast<int>(bars.size()) * bar_step() + bar_gap();
        for (const auto& [share, color] : bars) {
            cv::Rect bar(place.x + padding, top, place.width - 2 * padding, bar_height);
            fill_rounded(canvas, bar, bar_height / 2, kTrack);
            bar.width = cvRound(bar.width * std::clamp<double>(share, 0.0, 1.0));
            fill_rounded(canvas, bar, bar_height / 2, color);
            top += bar_step();
        }
    }

  private:
    int bar_gap() const { return std::max(1, bar_height / 2); }
    int bar_step() const { return bar_height + bar_gap(); }
};

/// The place for a plate of this size that covers the least: next to its box rather than on it, and on other
/// plates only if unavoidable. The plate must fit into the canvas.
cv::Rect choose_place(cv::Size plate, const cv::Rect& box, cv::Size canvas,
                      const std::vector<cv::Rect>& plates, const std::vector<cv::Rect>& boxes) {
    const int above = box.y - 1 - plate.height, below = box.br().y + 1;
    const int left_of = box.x - 1 - plate.width, right_of = box.br().x + 1;
    const std::array<cv::Point, 8> corners{{{box.x, above},
                                            {box.x, below},
                                            {box.br().x - plate.width, above},
                                            {box.br().x - plate.width, below},
                                            {right_of, box.y},
                                            {left_of, box.y},
                                            {right_of, box.br().y - plate.height},
                                            {left_of, box.br().y - plate.height}}};
    cv::Rect best;
    double least = -1.0;
    for (const auto& corner : corners) {
        const cv::Rect place({std::clamp(corner.x, 0, canvas.width - plate.width),
                              std::clamp(corner.y, 0, canvas.height - plate.height)},
                             plate);
        constexpr double kPlatesMatter = 100.0;
        double covered = 0.0;
        for (const auto& other : plates) covered += kPlatesMatter * (place & other).area();
        for (const auto& other : boxes) covered += (place & other).area();
        if (least < 0.0 || covered < least) {
            least = covered;
            best = place;
        }
    }
    return best;
}

cv::RotatedRect turned_box(const faces::FaceResult& face) {
    const auto& box = face.box_in_frame;
    return {(box.tl() + box.br()) * 0.5f, box.size(), face.roll_deg};
}

cv::Rect2f bounds_of(const faces::FaceResult& face) {
    return face.roll_deg == 0.0f ? face.box_in_frame : turned_box(face).boundingRect2f();
}

/// The face's box in whole pixels; empty if outside the canvas.
cv::Rect visible_box(const cv::Rect2f& box, cv::Size canvas) {
    if (!std::isfinite(box.x + box.y + box.width + box.height)) return {};
    const cv::Rect2f seen =
        box & cv::Rect2f(0, 0, static_cast<float>(canvas.width), static_cast<float>(canvas.height));
    return {cvRound(seen.x), cvRound(seen.y), cvRound(seen.width), cvRound(seen.height)};
}

class Overlay {
  public:
    Overlay(const OverlayStyle& style, cv::Mat& canvas,
            const std::function<void(const cv::Rect&)>& before_drawing)
        : style_(style), canvas_(canvas), before_drawing_(before_drawing) {}

    void draw(const std::vector<faces::FaceResult>& faces) {
        std::vector<cv::Rect> boxes;
        for (const auto& face : faces) boxes.push_back(visible_box(bounds_of(face), canvas_.size()));
        for (std::size_t i = 0; i < faces.size(); ++i) draw_box(faces[i], boxes[i]);
        if (style_.fps > 0.0) draw_frame_rate();
        for (std::size_t i = 0; i < faces.size(); ++i)
            if (!boxes[i].empty()) draw_plate(faces[i], boxes[i], boxes);
    }

  private:
    /// How far an outline extends beyond its box.
    struct Outline {
        int line, edge;
        int reach() const { return line + edge; }
    };

    double height_for(const cv::Rect& box) const { return text_height(canvas_.size(), box.width); }

    Outline outline_for(const faces::FaceResult& face, const cv::Rect& box) const {
        const double line = height_for(box) / (face.label ? 6.0 : 12.0);
        // Video stores the color of two by two pixels at once: half of the lines of one pixel would lose it.
        constexpr int kThinnestInColor = 2;
        return {face.label ? std::max(kThinnestInColor, pixels(line)) : pixels(line), pixels(0.5 * line)};
    }

    Color color_of(const faces::FaceResult& face) const {
        if (!face.label) return kLight;
        const auto shown = std::ranges::find(style_.shown, *face.label) - style_.shown.begin();
        return label_color(static_cast<std::size_t>(shown));
    }

    /// In the label's color between two dark lines, so that it is visible on any background.
    void draw_box(const faces::FaceResult& face, const cv::Rect& box) {
        if (box.empty()) return;
        const auto [line, edge] = outline_for(face, box);
        if (face.roll_deg != 0.0f) {
            draw_turned_box(face, box, line, edge);
            return;
        }
        const auto inner = grown(box, -edge);
        const int dark = edge + line + edge;
        for (const auto& side : sides_around(inner, dark)) announce(side);
        draw_outline(canvas_, inner, dark, kPlateColor);
        draw_outline(canvas_, box, line, color_of(face));
    }

    void draw_turned_box(const faces::FaceResult& face, const cv::Rect& box, int line, int edge) {
        announce(grown(box, line + edge + 1));
        std::array<cv::Point2f, 4> exact;
        turned_box(face).points(exact.data());
        std::vector<cv::Point> corners;
        for (const auto& corner : exact) corners.emplace_back(fixed(corner.x - 0.5f), fixed(corner.y - 0.5f));
        const auto draw = [&](Color color, int thickness) {
            cv::polylines(canvas_, std::vector{corners}, true, cv::Scalar(color[0], color[1], color[2]),
                          thickness, cv::LINE_AA, kShift);
        };
        draw(kPlateColor, line + 2 * edge);
        draw(color_of(face), line);
    }

    void announce(const cv::Rect& part) const {
        if (before_drawing_) before_drawing_(part);
    }

    void draw_frame_rate() {
        const double height = text_height(canvas_.size(), canvas_.cols);
        Plate plate({formatted(style_.fps < 9.95 ? "%.1f fps" : "%.0f fps", style_.fps)}, 0.8 * height, {});
        plate.text_color = kLight;
        if (3 * plate.place.width > canvas_.cols || 4 * plate.place.height > canvas_.rows) return;
        plate.place += cv::Point(plate.padding, plate.padding);
        announce(plate.place);
        plate.draw(canvas_);
        taken_.push_back(plate.place);
    }

    /// A plate that hides a large part of a small picture does more harm than good: the color of the box
    /// shows the label.
    bool fits(const Plate& plate) const {
        return plate.place.width <= canvas_.cols && 3 * plate.place.height <= canvas_.rows;
    }

    /// A bar for each shown class, paler for those that are not the label.
    std::vector<Bar> bars_of(const faces::FaceResult& face) const {
        constexpr double kPale = 0.6;
        std::vector<Bar> bars;
        for (std::size_t place = 0; place < style_.shown.size(); ++place) {
            const auto index = static_cast<std::size_t>(style_.shown[place]);
            if (index >= face.probabilities.size()) continue;
            const Color color = label_color(place);
            const bool is_label = face.label == style_.shown[place];
            bars.push_back(
                {face.probabilities[index], is_label ? color : color * (1 - kPale) + kTrack * kPale});
        }
        return bars;
    }

    void draw_plate(const faces::FaceResult& face, const cv::Rect& box, const std::vector<cv::Rect>& boxes) {
        const double height = height_for(box);
        const bool sure = face.label.has_value();
        constexpr double kWidestName = 14.0;  // in letter heights, even next to a small face
        const std::string label =
            sure ? shortened_text(style_.classes.at(static_cast<std::size_t>(*face.label)), height,
                                  std::max(box.width, pixels(kWidestName * height)))
                 : "unsure";
        std::vector<std::string> texts{label};
        if (sure)
            texts.push_back(std::to_string(std::lround(100 * std::clamp(face.confidence, 0.0f, 1.0f))) + "%");
        Plate plate(texts, height, bars_of(face), face.neutral);
        if (!fits(plate)) plate = Plate({label}, height, {}, face.neutral);
        if (!fits(plate)) return;
        plate.text_color = sure ? kWhite : kLight;
        const auto outlined = grown(box, outline_for(face, box).reach());
        plate.place = choose_place(plate.place.size(), outlined, canvas_.size(), taken_, boxes);
        announce(plate.place);
        plate.draw(canvas_);
        taken_.push_back(plate.place);
    }

    const OverlayStyle& style_;
    cv::Mat& canvas_;
    const std::function<void(const cv::Rect&)>& before_drawing_;
    std::vector<cv::Rect> taken_;
};

}  // namespace

void draw_overlay(const faces::FrameResult& result, const OverlayStyle& style, cv::Mat& canvas,
                  const std::function<void(const cv::Rect&)>& before_drawing) {
    if (canvas.type() != CV_8UC3 || canvas.empty())
        throw std::invalid_argument("a canvas of type " + std::to_string(canvas.type()) +
                                    ", expected CV_8UC3");
    Overlay(style, canvas, before_drawing).draw(result.faces);
}

}  // namespace emotion::drawing
