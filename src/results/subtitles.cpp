#include "results/subtitles.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "base/error.hpp"
#include "base/formatted.hpp"

namespace emotion::results {
namespace {

/// 00:01:02,345 or, in WebVTT, 00:01:02.345
std::string clock(double time_s, char point) {
    const auto ms = std::max(0LL, std::llround(time_s * 1000.0));
    return formatted("%02lld:%02lld:%02lld%c%03lld", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, point,
                     ms % 1000);
}

/// The position of one of `count` faces, from the left.
std::string place(std::size_t index, std::size_t count) {
    if (count == 1) return {};
    if (index == 0) return "left";
    if (index + 1 == count) return "right";
    if (count == 3) return "middle";
    return std::to_string(index + 1) + " of " + std::to_string(count) + " from the left";
}

/// Escapes characters of WebVTT tags.
std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text)
        result += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return result;
}

double center_x(const faces::FaceResult& face) {
    return face.box_in_frame.x + face.box_in_frame.width / 2;
}

}  // namespace

void Subtitles::check_name(const std::string& target) {
    if (!target.ends_with(".srt") && !target.ends_with(".vtt"))
        throw ConfigError(target + ": unknown kind of subtitles, expected a name ending in .srt or .vtt");
}

Subtitles::Subtitles(const std::string& target, const OutputContext& context)
    : classes_(context.card.classes),
      web_vtt_(target.ends_with(".vtt")),
      file_(target, TextOutput::Growth::kBeside) {
    check_name(target);
    if (web_vtt_) file_.write("WEBVTT\n\n");
}

void Subtitles::write(const faces::FrameResult& result, drawing::Canvas&) {
    auto lines = lines_of(result);
    if (!std::ranges::equal(lines, shown_, &Line::same_as)) {
        end_cue(result.time_s);
        shown_ = std::move(lines);
        shown_since_s_ = result.time_s;
        shown_frames_ = 1;
    } else {
        for (std::size_t i = 0; i < lines.size(); ++i) shown_[i].confidence_sum += lines[i].confidence_sum;
        ++shown_frames_;
    }
    last_s_ = result.time_s;
}

void Subtitles::end(const SourceEnd& how) {
    end_cue(last_s_ + how.last_frame_s);
}

std::vector<Subtitles::Line> Subtitles::lines_of(const faces::FrameResult& result) const {
    std::vector<const faces::FaceResult*> faces;
    for (const auto& face : result.faces) faces.push_back(&face);
    std::ranges::sort(faces, {}, [](const auto* face) { return center_x(*face); });
    std::vector<Line> lines;
    for (std::size_t i = 0; i < faces.size(); ++i)
        if (faces[i]->label)
            lines.push_back({place(i, faces.size()), classes_.at(static_cast<std::size_t>(*faces[i]->label)),
                             faces[i]->confidence});
    return lines;
}

void Subtitles::end_cue(double time_s) {
    if (shown_.empty()) return;
    const char point = web_vtt_ ? '.' : ',';
    std::string text =
        std::to_string(++cues_) + '\n' + clock(shown_since_s_, point) + " --> " + clock(time_s, point) + '\n';
    for (const auto& line : shown_) {
        const auto percent = std::lround(100.0 * line.confidence_sum / shown_frames_);
        text += (line.who.empty() ? "" : line.who + ": ") + (web_vtt_ ? escaped(line.label) : line.label) +
                " (" + std::to_string(percent) + "%)\n";
    }
    file_.write(text + '\n');
}

}  // namespace emotion::results
