#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

namespace emotion::apps {

/// Shows the progress of long work: on a terminal a bar redrawn in place, elsewhere (a pipe, a log) lines at
/// least ten seconds apart across all stages. Both show the rate and the remaining time. Not thread-safe.
class Progress {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Style { kBar, kLines, kQuiet };

    /// For stderr: kBar on a terminal that can redraw a line, otherwise kLines; kQuiet if `quiet`.
    static Style style_of_stderr(bool quiet);

    /// Writes to stderr.
    explicit Progress(Style style);
    /// Writes to any stream, `columns` wide, with any clock.
    Progress(Style style, std::ostream& out, int columns, std::function<Clock::time_point()> now);
    /// Clears the bar.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Starts a stage with `all` items of a kind ("pictures"); 0: unknown number.
    void start(const std::string& stage, std::int64_t all, std::string kind);
    /// Reports the number of items done; `note` is shown at the end of the line. Cheap enough to be called
    /// for every frame.
    void update(std::int64_t done, const std::string& note = "");
    /// Prints a permanent line above the bar; nothing if quiet.
    void say(const std::string& line);
    /// Ends the stage and clears the bar.
    void finish();

  private:
    struct Stage {
        std::string name, kind;
        std::int64_t all = 0, done = 0;  ///< all 0: unknown
        Clock::time_point started;
        std::string note;
    };

    /// Items per second since the stage began; 0 before any time has passed.
    double rate() const;
    std::string figures() const;
    std::string bar() const;

    const Style style_;
    std::ostream& out_;
    const int columns_;
    const std::function<Clock::time_point()> now_;
    Stage stage_;
    Clock::time_point last_shown_;
    bool drawn_ = false;  ///< the last line of the terminal is a bar
};

/// "8 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace emotion::apps
