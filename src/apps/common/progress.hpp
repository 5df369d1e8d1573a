#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace emotion::apps {

/// How far long work is: on a terminal a bar that is drawn anew in place, elsewhere (a pipe, a log) whole
/// lines, ten seconds apart through all stages. Both tell the rate and the time left. Not thread-safe.
class Progress {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Style { kBar, kLines, kQuiet };

    /// What suits stderr: kBar on a terminal that can redraw a line, otherwise kLines; kQuiet if so wished.
    static Style style_of_stderr(bool quiet);

    /// On stderr.
    explicit Progress(Style style);
    /// Onto any stream, `columns` wide, by any clock.
    Progress(Style style, std::ostream& out, int columns, std::function<Clock::time_point()> now);
    /// Wipes the bar off.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Work begins on `all` things of a kind ("pictures"); 0: nobody knows how many.
    void start(const std::string& stage, std::int64_t all, std::string kind);
    /// So many of them are done; `note` stands at the end of the line. Cheap enough for every frame.
    void update(std::int64_t done, const std::string& note = "");
    /// A line of its own that stays, above the bar; nothing if quiet.
    void say(const std::string& line);
    /// The stage is over: the bar disappears.
    void finish();

  private:
    /// Things a second since the stage began; 0 before any time has passed.
    double rate() const;
    std::string figures() const;
    std::string bar() const;

    const Style style_;
    std::ostream& out_;
    const int columns_;
    const std::function<Clock::time_point()> now_;
    std::string stage_, kind_, note_;
    std::int64_t all_ = 0, done_ = 0;
    Clock::time_point begun_, told_;
    bool drawn_ = false;  ///< a bar stands in the terminal's last line
};

/// "8 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace emotion::apps
