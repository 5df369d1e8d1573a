#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/formatted.hpp"
#include "media/pictures/picture.hpp"
#include "media/sources.hpp"
#include "media/video/video_clock.hpp"

namespace emotion::media {
namespace {

namespace fs = std::filesystem;

/// A name with a number in printf's notation: "img%04d.jpg".
struct NumberedName {
    std::string before, after;
    std::size_t digits = 1;  ///< minimum number
    bool zeros = false;      ///< pad with zeros

    static std::optional<NumberedName> of(const std::string& name) {
        for (auto at = name.find('%'); at != std::string::npos; at = name.find('%', at + 1)) {
            const auto end = name.find_first_not_of("0123456789", at + 1);
            if (end == std::string::npos || name[end] != 'd') continue;
            const auto width = name.substr(at + 1, end - at - 1);
            NumberedName numbered{name.substr(0, at), name.substr(end + 1), 1, width.starts_with('0')};
            std::from_chars(width.data(), width.data() + width.size(), numbered.digits);
            return numbered;
        }
        return std::nullopt;
    }

    /// nullopt if the name does not match.
    std::optional<std::int64_t> number_in(const std::string& name) const {
        if (name.size() <= before.size() + after.size() || !name.starts_with(before) ||
            !name.ends_with(after))
            return std::nullopt;
        const std::string_view text(name.data() + before.size(), name.size() - before.size() - after.size());
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool fits = zeros ? text.size() == digits || (text.size() > digits && text.front() != '0')
                                : text.size() == 1 || text.front() != '0';
        if (failed != std::errc() || end != text.data() + text.size() || text.front() == '-' || !fits)
            return std::nullopt;
        return number;
    }
};

/// Sorted by number.
std::vector<std::pair<std::int64_t, fs::path>> numbered_files(const std::string& name) {
    std::vector<std::pair<std::int64_t, fs::path>> files;
    const fs::path path(name);
    const auto numbered = NumberedName::of(path.filename().string());
    std::error_code failed;
    if (!numbered || fs::exists(path, failed)) return files;
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        if (const auto number = numbered->number_in(entry->path().filename().string()))
            if (std::error_code unknown; entry->is_regular_file(unknown))
                files.emplace_back(*number,
                                   path.has_parent_path() ? entry->path() : entry->path().filename());
    std::sort(files.begin(), files.end());
    return files;
}

class SequenceSource : public FrameSource {
  public:
    SequenceSource(const std::string& name, std::vector<fs::path> files, double fps,
                   const OpenOptions& options)
        : files_(std::move(files)), warn_(options.warn) {
        info_.name = name;
        info_.kind = SourceKind::kRecording;
        info_.fps = fps;
        info_.frames = static_cast<std::int64_t>(files_.size());
        const auto rate = rational_rate(fps);
        info_.time_base = {rate.den, rate.num};
        info_.start_s = options.start_s;
        next_ = static_cast<std::size_t>(std::clamp(std::ceil(options.start_s * info_.fps - 1e-6), 0.0,
                                                    static_cast<double>(files_.size())));
        pending_ = read_next();
        if (!pending_)
            throw Error(name + (options.start_s > 0.0
                                    ? ": has no frame from second " + formatted("%g", options.start_s) + " on"
                                    : ": none of its pictures can be read"));
        info_.width = pending_->bgr.cols;
        info_.height = pending_->bgr.rows;
        warn_of_gaps();
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        return pending_ ? std::exchange(pending_, std::nullopt) : read_next();
    }

  private:
    /// An unreadable picture extends the display of the previous one.
    std::optional<Frame> read_next() {
        while (next_ < files_.size()) {
            const auto index = next_++;
            try {
                const auto picture = read_picture_file(files_[index].string());
                if (const auto fault = picture.fault(); !fault.empty() && warn_)
                    warn_(files_[index].string() + ": " + fault + "; only the part that exists is used");
                return Frame{picture.bgr, static_cast<std::int64_t>(index),
                             static_cast<double>(index) * info_.time_base.value()};
            } catch (const Error& error) {
                if (warn_) warn_("left out: " + std::string(error.what()));
            }
        }
        return std::nullopt;
    }

    void warn_of_gaps() const {
        const auto numbered = numbered_files(info_.name);
        if (!warn_ || numbered.empty()) return;
        const auto numbers = numbered.back().first - numbered.front().first + 1;
        const auto missing = numbers - static_cast<std::int64_t>(numbered.size());
        if (missing > 0)
            warn_(info_.name + ": " + std::to_string(missing) + " of the numbers " +
                  std::to_string(numbered.front().first) + " to " + std::to_string(numbered.back().first) +
                  (missing == 1 ? " is" : " are") + " missing; the pictures follow each other without a gap");
    }

    const std::vector<fs::path> files_;
    WarningHandler warn_;
    SourceInfo info_;
    std::size_t next_ = 0;
    std::optional<Frame> pending_;
};

}  // namespace

std::vector<fs::path> sequence_files(const std::string& name) {
    std::vector<fs::path> files;
    for (auto& [number, file] : numbered_files(name)) files.push_back(std::move(file));
    return files;
}

std::unique_ptr<FrameSource> open_sequence(const std::string& name, std::vector<fs::path> files, double fps,
                                           const OpenOptions& options) {
    return std::make_unique<SequenceSource>(name, std::move(files), fps, options);
}

}  // namespace emotion::media
