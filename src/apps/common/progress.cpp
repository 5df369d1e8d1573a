#include "apps/common/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/display_width.hpp"
#include "base/formatted.hpp"
#include "base/one_line.hpp"
#include "base/seconds.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenDrawings = 100ms;
constexpr auto kBetweenLines = 10s;
constexpr auto kFirstRate = 500ms;  // earlier rates are too inaccurate
constexpr int kDefaultColumns = 80;
constexpr int kMaxBarCells = 24, kMinBarCells = 5;
constexpr int kShortestStage = 8;

int length(const std::string& text) {
    return static_cast<int>(display_width(text));
}

std::string shortened(const std::string& text, int most) {
    if (length(text) <= most) return text;
    return std::string(display_prefix(text, static_cast<std::size_t>(std::max(0, most - 3)))) + "...";
}

int columns_of_stderr() {
    winsize size{};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : kDefaultColumns;
}

/// "7.3" below ten, whole numbers above.
std::string rate_text(double rate) {
    return formatted(rate < 10.0 ? "%.1f" : "%.0f", rate);
}

}  // namespace

std::string duration_text(double seconds) {
    const auto whole = std::llround(std::max(seconds, 0.0));
    if (whole < 60) return std::to_string(whole) + " s";
    if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

Progress::Style Progress::style_of_stderr(bool quiet) {
    if (quiet) return Style::kQuiet;
    const char* terminal = std::getenv("TERM");
    const bool redraws = ::isatty(STDERR_FILENO) && terminal && std::string_view(terminal) != "dumb";
    return redraws ? Style::kBar : Style::kLines;
}

Progress::Progress(Style style)
    : Progress(style, std::cerr, columns_of_stderr(), [] { return Clock::now(); }) {}

Progress::Progress(Style style, std::ostream& out, int columns, std::function<Clock::time_point()> now)
    : style_(style), out_(out), columns_(columns), now_(std::move(now)), last_shown_(now_()) {
    stage_.started = last_shown_;
}

Progress::~Progress() {
    finish();
}

void Progress::start(const std::string& stage, std::int64_t all, std::string kind) {
    finish();
    stage_ = {one_line(stage, std::string::npos), std::move(kind), all, 0, now_(), {}};
}

void Progress::update(std::int64_t done, const std::string& note) {
    stage_.done = done;
    if (style_ == Style::kQuiet) return;
    const auto now = now_();
    if (style_ == Style::kBar ? now - last_shown_ < kBetweenDrawings : now - last_shown_ < kBetweenLines)
        return;
    last_shown_ = now;
    stage_.note = note;
    if (style_ == Style::kLines) {
        out_ << stage_.name << ": " << figures() << std::endl;
        return;
    }
    const auto status = bar() + figures();
    const auto line =
        shortened(stage_.name, std::max(kShortestStage, columns_ - 2 - length(status))) + " " + status;
    out_ << '\r' << display_prefix(line, static_cast<std::size_t>(std::max(columns_ - 1, 0))) << "\033[K"
         << std::flush;
    drawn_ = true;
}

void Progress::say(const std::string& line) {
    if (style_ == Style::kQuiet) return;
    finish();
    out_ << one_line(line, std::string::npos) << std::endl;
}

void Progress::finish() {
    if (drawn_) out_ << "\r\033[K" << std::flush;
    drawn_ = false;
}

double Progress::rate() const {
    const double seconds = seconds_between(stage_.started, now_());
    return seconds > 0.0 ? static_cast<double>(stage_.done) / seconds : 0.0;
}

std::string Progress::figures() const {
    const auto& [name, kind, all, done, started, note] = stage_;
    std::string text = std::to_string(done);
    if (all > 0) text += " of " + std::to_string(all);
    text += " " + kind;
    if (const double per_second = rate(); per_second > 0.0 && now_() - started >= kFirstRate) {
        text += ", " + rate_text(per_second) + " a second";
        if (all > done) text += ", " + duration_text(static_cast<double>(all - done) / per_second) + " left";
    }
    return note.empty() ? text : text + ", " + note;
}

/// Fills the rest of the line; empty if there is too little room.
std::string Progress::bar() const {
    const int room = columns_ - 1 - length(stage_.name + " [] " + figures());
    const int cells = std::min(kMaxBarCells, room);
    if (stage_.all <= 0 || cells < kMinBarCells) return "";
    const auto full = std::clamp<std::int64_t>(cells * stage_.done / stage_.all, 0, cells);
    return "[" + std::string(static_cast<std::size_t>(full), '#') +
           std::string(static_cast<std::size_t>(cells - full), '-') + "] ";
}

}  // namespace emotion::apps
