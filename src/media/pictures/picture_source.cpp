#include <algorithm>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/pictures/picture.hpp"
#include "media/pictures/picture_codecs.hpp"
#include "media/pictures/picture_header.hpp"
#include "media/pictures/unsupported_format.hpp"
#include "media/quiet_stderr.hpp"
#include "media/sources.hpp"
#include "media/video/libav.hpp"
#include "media/video/servers.hpp"

namespace emotion::media {
namespace {

void warn_of(const PictureFile& picture, const std::string& name, const WarningHandler& warn) {
    if (!warn) return;
    if (const auto fault = picture.fault(); !fault.empty())
        warn(name + ": " + fault + "; only the part that exists is used");
    if (picture.pictures > 1)
        warn(name + ": holds " + std::to_string(picture.pictures) +
             " pictures, of which only the first is used; " +
             (picture.pages ? "save the other pages as files of their own"
                            : "FFmpeg can convert an animation to a video"));
}

/// The first and the last bytes of a file.
struct FileEnds {
    std::string start, tail;
};

FileEnds ends_of(const std::filesystem::path& path) {
    constexpr std::size_t kStart = 192, kTail = 32;
    std::ifstream file(path, std::ios::binary);
    const auto read = [&](std::size_t most) {
        std::string bytes(most, '\0');
        file.read(bytes.data(), static_cast<std::streamsize>(most));
        bytes.resize(static_cast<std::size_t>(file.gcount()));
        return bytes;
    };
    FileEnds ends;
    ends.start = read(kStart);
    if (ends.start.size() < kStart) return {ends.start, ends.start};
    file.seekg(-static_cast<std::streamoff>(kTail), std::ios::end);
    ends.tail = read(kTail);
    return ends;
}

/// Whether a file starts as one in a common video container does, for which the picture formats need not be
/// loaded.
bool starts_as_video(std::string_view start) {
    using namespace std::string_view_literals;
    const auto holds = [&](std::size_t offset, std::string_view mark) {
        return start.size() > offset && start.substr(offset).starts_with(mark);
    };
    return holds(4, "ftyp") || holds(4, "moov") || holds(4, "mdat") ||  // MP4, QuickTime
           holds(0, "\x1a\x45\xdf\xa3") ||                              // Matroska, WebM
           (holds(0, "RIFF") && holds(8, "AVI ")) ||                    //
           (holds(0, "G") && holds(188, "G")) ||
           holds(0, "\0\0\1\xba"sv) ||  // MPEG transport and program streams
           holds(0, "FLV") || holds(0, "OggS") || holds(0, "\x30\x26\xb2\x75");  // the last is ASF, as in WMV
}

class PictureSource : public FrameSource {
  public:
    PictureSource(const std::string& name, std::vector<std::filesystem::path> files, WarningHandler warn)
        : files_(std::move(files)), warn_(std::move(warn)) {
        pending_ = read_next();
        if (pending_.empty()) throw Error(name + ": holds no picture, expected pictures or videos");
        describe(name);
    }

    /// For a single picture that has already been read.
    PictureSource(const std::string& name, const PictureFile& picture, const WarningHandler& warn)
        : pending_(picture.bgr) {
        warn_of(picture, name, warn);
        describe(name);
    }

    const SourceInfo& info() const override { return info_; }

    std::optional<Frame> next() override {
        cv::Mat picture = pending_.empty() ? read_next() : std::exchange(pending_, {});
        if (picture.empty()) return std::nullopt;
        const auto index = next_index_++;
        return Frame{std::move(picture), index, static_cast<double>(index)};
    }

  private:
    void describe(const std::string& name) {
        info_.name = name;
        info_.kind = SourceKind::kPicture;
        info_.width = pending_.cols;
        info_.height = pending_.rows;
        info_.frames = std::max<std::int64_t>(1, static_cast<std::int64_t>(files_.size()));
        info_.time_base = {1, 1};
    }

    /// The next readable picture; empty at the end.
    cv::Mat read_next() {
        while (next_file_ < files_.size()) {
            const auto& file = files_[next_file_++];
            try {
                if (!is_picture_file(file)) throw Error(file.string() + ": is not a picture");
                return read(file.string());
            } catch (const Error& error) {
                if (files_.size() == 1) throw;
                if (warn_) warn_("left out: " + std::string(error.what()));
            }
        }
        return {};
    }

    cv::Mat read(const std::string& file) const {
        const auto picture = read_picture_file(file);
        warn_of(picture, file, warn_);
        return picture.bgr;
    }

    const std::vector<std::filesystem::path> files_;
    WarningHandler warn_;
    SourceInfo info_;
    std::size_t next_file_ = 0;
    std::int64_t next_index_ = 0;
    cv::Mat pending_;
};

}  // namespace

bool is_picture_file(const std::filesystem::path& path) {
    const auto ending = lower_ending(path);
    // Some versions of OpenCV read their first frame as a picture, but they are animated.
    if (ending == ".gif" || ending == ".mjpg" || ending == ".mjpeg") return false;
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed)) return false;  // reading would consume a pipe
    const auto [start, tail] = ends_of(path);
    if (is_avif(start) || is_heic(start) || !unsupported_format(start, tail, path.string()).empty())
        return true;  // if it cannot be read, the reader says why
    if (starts_as_video(start)) return false;
    const QuietStderr quiet;
    return picture_codecs().has_reader(path.string());
}

std::unique_ptr<FrameSource> open_remote_picture(const std::string& name, const OpenOptions& options) {
    constexpr std::size_t kMaxBytes = 1 << 30;
    const auto shown = shown_name(name);
    const auto picture = decode_picture(libav::read_remote(name, kMaxBytes, options.stop), shown);
    return std::make_unique<PictureSource>(shown, picture, options.warn);
}

std::unique_ptr<FrameSource> open_pictures(const std::string& name, std::vector<std::filesystem::path> files,
                                           WarningHandler warn) {
    return std::make_unique<PictureSource>(name, std::move(files), std::move(warn));
}

}  // namespace emotion::media
